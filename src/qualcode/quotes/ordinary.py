"""Words that are no names, and words that are names of people as well as ordinary words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.quotes.words import plain_words, words

if TYPE_CHECKING:
    from collections.abc import Iterable

_FUNCTION = """
    a about above across after again against all almost alone along already also although always
    am an and another any anybody anyone anything are aren't around as ask asked at away back be
    because been before behind being below between both but by call called can can't cannot could
    couldn't did didn't do does doesn't doing don't done down during each either else email enough
    etc even ever every everybody everyone everything few first for from further get getting give
    go going got had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers
    herself him himself his how however i i'd i'll i'm i've if in into is isn't it it's its itself
    just keep know last least less let let's like likely look lot lots made make many maybe me
    mine more most much must my myself need needs neither never new next no nobody none nor not
    nothing now of off often ok okay old on once one only or other others our ours ourselves out
    over own per perhaps please put really right said same say says see seem send sent she she'd
    she'll she's should shouldn't since so some somebody someone something sometimes soon still
    such take tell than thank thanks that that's the their theirs them themselves then there
    there's these they they'd they'll they're they've thing things this those though three through
    to together told too took toward two under unless until up upon us use used using very via
    want was wasn't way we we'd we'll we're we've well were weren't what what's when where whether
    which while who whom whose why with within without won't would wouldn't yes yet you you'd
    you'll you're you've your yours yourself aber als auch auf aus bei das dass dem den der des
    die ein eine einem einen einer es für haben hat ich ihr im in ist mit nach nicht noch nur oder
    sehr sich sie sind und von vor war wir zu zum zur au aux avec ce cette dans des du elle en est
    et il je le les mais ne nous on ou par pas plus pour que qui sa se ses son sont sur une vous
    con como del el ella ellos en es está la las lo los más muy nos para pero por porque que se
    sin sobre son su sus un una y"""
_TIME = """
    monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december jan feb mar apr jun jul aug sep sept oct nov
    dec spring summer autumn winter christmas easter thanksgiving morning evening night today
    tomorrow yesterday week month year monthly weekly daily"""
_TITLES = """
    mr mrs ms miss mx dr prof professor sgt lt capt det cpl ofc insp trooper tpr constable rev
    reverend pastor rabbi imam cmdr maj supt atty aunt uncle inv dep herr frau mme mlle"""
_SURVEY = """
    academic academy access adjacent admin advocate affiliate affiliates against agencies agency
    agent agents amber analyst annual app apps area association attorney attorneys authorities
    authority badge basic best better big black board body bureau captain case cases cash cell
    center central centre certified chief child children church cities city civil clerk clinic
    college colonel command commander commission commissioner committee communication
    communications community company complaint computer conference contact control coordinator
    council counties county court crime crimes criminal crisis cyber dark data database deputies
    deputy department departments dept detective detectives device devices digital director
    district division doctor drive east eastern education elementary emergency enforcement every
    examiner examiners executive exploitation family federal fire first force foundation foreign
    forensic forensics fund general good government grade group health help high home homeland
    hospital hotline human information inspector institute intelligence internet investigation
    investigations investigator investigators judge justice juvenile lab laboratory lack large law
    legal lieutenant line live local madam major manager marshal marshals media medical member
    messenger middle mobile money municipal national neighboring neighbouring network north
    northern nurse office officer officers offices online open operation our parish park parole
    patrol people phone police policy postal president principal prison private probation
    professional program project prosecutor prosecutors protection public question questions
    regional report research rights rural safety school schools science search secretary secret
    section security senior sergeant service services sex sheriff sheriffs shared small smart
    social south southern special staff state states station statewide street student students
    suburban superintendent supervisor supreme surrounding survey system task teacher team tech
    technical technology telephone tip tips title town township training treatment trooper unit
    united units university urban victim victims victimization village violence warrant warrants
    web website west western white wide wifi wireless witness women work worker workers working
    youth answer answers comment comments concern concerns example issue issues lots problem
    problems reason reasons resource resources response responses equipment bordering entire
    nearby poor whole same different single tiny each given wealthy suburb admin user test hello
    info mail name names house south software hardware funding time personnel manpower cooperation
    collaboration cooperating prevention awareness parents parent kids girls boys men women minors
    adults offender offenders suspect suspects trafficking pornography encryption warranted
    subpoena subpoenas evidence"""
_KNOWN = """
    adobe airbnb aol airdrop alibaba amazon america american americans android apple asian
    australia backpage bing bitcoin bitlocker bluetooth bluray britain british canada canadian
    cellebrite chat china chinese chrome coronavirus covid craigslist crypto cybertip cybertipline
    darknet dea dhs discord doj dropbox ebay encase england english europe european excel exif
    facebook facetime fbi fed feds ffl firefox france french ftk german germany gmail google gps
    graykey hsi hotmail html icac ice iccac icloud imessage india indian instagram interpol ios ip
    ipad iphone iphones isp isps italian italy japan japanese kik latin latino linkedin linux mac
    mexico microsoft minecraft msn myspace ncmec nypd omegle oxygen p2p paypal pc pdf photoshop
    ps4 reddit rcmp roblox russia russian safari samsung signal siri skype sms snapchat snap spain
    spanish spotify swat swgde telegram tiktok tinder tor tumblr tv twitch twitter uber uk un us
    usa usb venmo verizon viber vpn wechat whatsapp wickr wifi windows word xbox yahoo youtube
    zoom bible christian christians muslim muslims jewish jews catholic african black hispanic god
    jesus internet ai vr"""
_EITHER = """
    alba amber black angel april archer art ash august aurora autumn bailey baker banks barber
    bass bay bell berry bill bird bishop bliss blue bond booker bowman brand bridge bridges brook
    brooks brown buck bush butcher butler camp carpenter carter chance chandler charity chase
    cherry chip christian chuck clay cliff cole cook cooper coral cox crane cross crystal daisy
    dale dawn day dean diamond dick dollar drew duke earl early eden elder ernest faith farmer
    ferry field fields finch fisher flint flowers ford forest foster fountain fox frank freeman
    french frost gage gardner gay gene ginger glass glen gold golden gore grace grant graves gray
    green grey guy hall harmony harper hart haven hawk hay hazel head heath hill hills holiday
    holly hood hope house hunt hunter ivy jack jade jan jasmine jay jean jewel jobs john joy june
    kay keen key king knight lacy lake lamb lane lark laurel law leach lee lily lock long love
    luna mace march marina mark marks marsh marshall mason max may melody mercy merit mike miles
    mill miller mills miner misty moon moore morning moss myrtle nick noble noel norm nova ocean
    olive page palmer park parker parks pat patience patsy pearl penny pepper perry piper poe pond
    poole pope porter post potter powell power powers prairie price pride prince queen ramsey
    ranger ray read reed reeves rich river rivers rob robin rock rod rose ruby rush rusty sage
    salt sandy savage scout sharp shepherd sherry short singer skip sky snow sparks spring star
    steel stella sterling stone storm strong sue summer summers swan swift tanner taylor trinity
    troy tucker turner tyler van vance victor violet wade walker wall waller ward warden ware
    waters weaver webb wells west wheeler white wick will win winter wise wolf wood woods worth
    wren yard york young"""

_PARTICLES = """
    van von vom de del della der den di da dos das du la le el al bin ibn abu ben ter ten af av zu
    st san santa mac"""


def _listed(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in plain_words(text))


EITHER = _listed(_EITHER)
"""Words that are names too: only a capital within a sentence tells."""
PARTICLES = tuple(plain_words(_PARTICLES))
"""Small words within names."""
TIMES = _listed(_TIME)
"""Days, months and seasons."""
FUNCTION = _listed(_FUNCTION)
"""Words that make sentences; with capitals they make headlines."""
NEVER = (_listed(_FUNCTION, _TITLES, _SURVEY, _KNOWN) | TIMES) - EITHER
"""Words that name nobody: function words, words of surveys and of agencies, products, peoples."""

_FEW = 5


def common_words(answers: Iterable[str]) -> frozenset[str]:
    """The words that stand in lower case in five answers or more: ordinary ones in this study."""
    seen: dict[str, int] = {}
    for answer in answers:
        for word in {one.text for one in words(answer) if answer[one.start].islower()}:
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, count in seen.items() if count >= _FEW)


def is_within_sentence(text: str, start: int) -> bool:
    """Whether a word stands inside a sentence, where a capital is a choice."""
    if text[max(start - 1, 0) : start] == "-" and text[max(start - 2, 0) : start - 1].isalnum():
        return True
    at = start - 1
    while at >= 0 and text[at] in " \t\u00a0":
        at -= 1
    return at >= 0 and (text[at].isalnum() or text[at] in ",'’)&/")
