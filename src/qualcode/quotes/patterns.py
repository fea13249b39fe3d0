"""What can be told by its form: addresses, numbers, titles and the words before a name.

Every expression is linear in the text: it begins at an edge that few places are, and what repeats
is bounded, possessive, or cannot stand for what comes after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.quotes.found import Found
from qualcode.quotes.ordinary import NEVER, PARTICLES, TIMES
from qualcode.quotes.words import folded, words

if TYPE_CHECKING:
    from collections.abc import Iterator

Shape: TypeAlias = Literal["form", "person", "place"]

_WITH_CASE = (*range(0x41, 0x2000), *range(0x2C00, 0x2E00), *range(0xA640, 0xA800))


def _upper_case() -> str:
    runs = groupby(
        enumerate(point for point in _WITH_CASE if chr(point).isupper() or chr(point).istitle()),
        lambda pair: pair[1] - pair[0],
    )
    ends = [[point for _, point in run] for _, run in runs]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


_MARKS = r"\u0300-\u036f"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_APART = r"[ \t\u00a0]{1,2}"
_LINK = rf"(?:{_APART}|[-‐])"
_FIRST = (
    f"(?:{_LETTER}{{1,4}}['’])?[{_upper_case()}]{_LETTER}*+(?:['’](?!s\\b){_LETTER}++)*+(?!\\w)"
)
_EDGE = r"(?<!\w['’])"
CAPITAL = rf"(?<![\w{_MARKS}@#-]){_EDGE}{_FIRST}"
"""A word with a capital that begins a name, without the s of a possessive."""
NEXT = rf"(?<![\w{_MARKS}@#]){_EDGE}{_FIRST}"
"""The same where it may come after a hyphen."""
PARTICLE = rf"(?:(?i:{'|'.join(PARTICLES)})\.?{_LINK})"
NAME = rf"(?:{PARTICLE}{{0,3}}{NEXT})(?:{_LINK}{PARTICLE}{{0,2}}{NEXT}){{0,3}}"
"""One to four words with capitals, with particles between them."""
_PLACE = rf"{CAPITAL}(?:{_LINK}{NEXT}){{0,2}}"

_TITLES = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|doctor|det|detective|sgt|sergeant|lt|lieutenant|capt|"
    r"captain|cpl|corporal|ofc|officer|dep|deputy|sheriff|chief|(?:special[ ])?agent|s/?a|insp|"
    r"inspector|trooper|tpr|constable|judge|justice|hon|rev|reverend|father|fr|sister|"
    r"pastor|rabbi|imam|investigator|inv|commander|cmdr|major|maj|colonel|col|general|"
    r"superintendent|supt|commissioner|director|principal|coach|nurse|attorney|atty|ada|prosecutor|"
    r"mayor|senator|governor|council(?:man|woman|member)|congress(?:man|woman)|representative|"
    r"aunt|uncle|herr|frau|se[ñn]ora?|sra?|do[ñn]a?|monsieur|madame|mme|mlle|signora?|mevrouw|"
    r"meneer)"
)
_ABBREVIATED = r"(?:mr|mrs|ms|mx|dr|prof|sgt|lt|capt|det|ofc|cpl|insp|rev)"
_CUES = (
    r"(?:(?:ask|asked|asking)[ ]for|contact(?:ed)?|call(?:ed)?|e-?mail(?:ed)?|text(?:ed)?|"
    r"(?:talk|talked|speak|spoke|spoken)[ ](?:to|with)|reach(?:ed)?|thanks[ ](?:to|,)|regards,?|"
    r"sincerely,?|signed,?|named|(?:first|last|full|by[ ]the|the)[ ]name(?:[ ]of|[ ]is|:)|"
    r"(?:boss|partner|colleague|coworker|co-worker|supervisor|wife|husband|daughter|son|sister|"
    r"brother|mother|father|friend|neighbou?r|teacher|examiner|analyst),?)"
)
_STATES = (
    r"(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|"
    r"hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|"
    r"michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new[ ]hampshire|"
    r"new[ ]jersey|new[ ]mexico|new[ ]york|north[ ]carolina|north[ ]dakota|ohio|oklahoma|oregon|"
    r"pennsylvania|rhode[ ]island|south[ ]carolina|south[ ]dakota|tennessee|texas|utah|vermont|"
    r"virginia|washington|west[ ]virginia|wisconsin|wyoming|puerto[ ]rico|guam)"
)
_POSTAL = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|"
    r"S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
_DISTRICTS = r"(?i:county|parish|township|borough|boro|shire|oblast|prefecture|canton)"
_BODIES = (
    r"(?i:(?:police|fire|sheriff['’]?s?)(?:[ ](?:department|dept\.?|office|service|force))?|"
    r"district[ ]attorney(?:['’]?s)?(?:[ ]office)?|(?:high|middle|elementary|primary)[ ]school|"
    r"school[ ]district|university|college|academy|hospital|medical[ ]center|clinic|church|"
    r"mosque|synagogue|library|task[ ]force|crime[ ]lab)|PD|P\.D\.|ICAC"
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_STREETS = (
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|ct|court|pl|place|way|"
    r"hwy|highway|pkwy|parkway|terrace|circle|square|close|crescent)"
)
_FILES = (
    r"(?:badge|case|file|incident|report|docket|ticket|inmate|prisoner|licen[cs]e|plate|passport|"
    r"account|serial|imei|vin|cad|complaint|warrant|cybertip|reference|ref|employee|member|id)"
)
_ENDINGS = (
    r"(?:com|org|net|gov|edu|mil|info|biz|io|app|dev|tv|uk|ca|de|fr|nl|au|nz|ie|eu|ch|se|dk|onion)"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression for one kind of thing.

    Its group ``found`` is what is found, all of it where there is none. What names a `person` ends
    before the first word that is in no name; a `place` begins after such words in its group
    ``name``.
    """

    name: str
    kind: str
    expression: re.Pattern[str]
    shape: Shape = "form"

    def find(self, text: str) -> Iterator[Found]:
        """What there is of it in `text`."""
        has_group = "found" in self.expression.groupindex
        for match in self.expression.finditer(text):
            start, end = match.span("found" if has_group else 0)
            if self.shape == "person":
                end = _end_of_name(text, start, end)
            elif self.shape == "place":
                start = _start_of_name(text, match)
            is_weak = self.kind.endswith("?") and _is_weak(text[start:end])
            if start < end and not is_weak:
                yield Found(start, end, self.kind, f"pattern {self.name}")


def is_acronym(word: str) -> bool:
    """Whether a word is all capitals, but for the s of a plural."""
    return len(word) > 1 and word.removesuffix("s").isupper()


def _is_weak(name: str) -> bool:
    return len(name) == 1 or is_acronym(name) or folded(name) in TIMES


def _end_of_name(text: str, start: int, end: int) -> int:
    """Give where the words end that can be a name; `start` where not even the first is."""
    reached = start
    for word in words(text[start:end]):
        if word.text in PARTICLES:
            continue
        if word.text in NEVER:
            break
        reached = start + word.end
    return reached


def _start_of_name(text: str, match: re.Match[str]) -> int:
    """Give where the first word stands that can be a name; the end of all where none is."""
    start, end = match.span("name")
    for word in words(text[start:end]):
        if word.text not in NEVER:
            return start + word.start
    return match.end()


def _form(name: str, kind: str, expression: str) -> Pattern:
    return Pattern(name, kind, re.compile(expression))


def _person(name: str, kind: str, expression: str) -> Pattern:
    return Pattern(name, kind, re.compile(expression), "person")


def _place(name: str, kind: str, expression: str) -> Pattern:
    return Pattern(name, kind, re.compile(expression), "place")


PATTERNS = (
    _form(
        "e-mail",
        "mail",
        r"(?<![\w.+%-])[\w.+%-]{1,64}(?:[@＠]|[ ]?[\[(][ ]?(?i:at)[ ]?[\])][ ]?)"
        r"[\w-]{1,63}+(?:(?:\.|[ ]?[\[(][ ]?(?i:dot)[ ]?[\])][ ]?)[\w-]{1,63}+){1,8}",
    ),
    _form(
        "e-mail in words",
        "mail",
        r"(?<![\w.+%-])(?:[\w+%-]{1,63}[ ](?i:dot)[ ]){0,3}[\w.+%-]{1,64}[ ](?i:at)[ ][\w-]{1,63}"
        r"(?:[ ](?i:dot)[ ][\w-]{2,63}){1,4}(?!\w)",
    ),
    _form("link", "link", r"(?<!\w)(?i:https?|ftp)://[^\s<>\"]{0,2000}[^\s<>\".,;:!?)\]}'’]"),
    _form(
        "domain",
        "link",
        rf"(?<![\w@./-])(?:[\w-]{{1,63}}\.){{1,8}}(?i:{_ENDINGS})(?![\w@-]|\.\w)(?:/[^\s<>\"]*)?",
    ),
    _form("IP address", "number", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)"),
    _form("IP address", "number", r"(?<![\w:])(?:[\da-fA-F]{1,4}:){3,7}:?[\da-fA-F]{1,4}(?![\w:])"),
    _form("handle", "handle", r"(?<![\w@.])@[^\W\d]\w{1,40}(?:\.\w{1,40}){0,3}(?!\w)"),
    _form("handle", "handle", r"(?<![\w/])/?[ur]/\w{3,40}(?!\w)|(?<!\w)\w{2,32}#\d{4}(?!\d)"),
    _form(
        "handle",
        "handle",
        r"(?<!\w)(?i:snapchat|snap|insta|instagram|twitter|kik|telegram|discord|tiktok|ig|wickr)"
        r"(?:[ ](?i:name|handle|user|username|id|is)){0,2}[ ]?:[ ]?(?P<found>[\w.-]{3,40})",
    ),
    _form(
        "phone",
        "phone",
        r"(?<![\w.+-])(?:\+?1[-. ]?)?(?:\(\d{3}\)[ ]?|\d{3}[-. ])\d{3}[-. ]\d{4}"
        r"(?:,?[ ]?(?i:x|ext\.?|extension)[ ]?\d{1,6})?(?!\w|-\d)",
    ),
    _form("phone", "phone", r"(?<![\w.+-])\d{3}-\d{4}(?!\w|-\d)"),
    _form("phone", "phone", r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[-. ()/]{0,2}\d){6,14}(?!\d)"),
    _form("phone", "phone", r"(?<![\w.+-])0\d{2,4}[-/ ]\d{3,4}[- ]?\d{2,8}(?:[- ]\d{2,4})?(?!\w)"),
    _form("SSN", "number", r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?!\w|-\d)"),
    _form("long number", "number", r"(?<![\w$€£.,-])#?\d{7,40}(?!\w|[.,]\d)"),
    _form("long number", "number", r"(?<![\w-])\d{4}(?:[- ]\d{4}){2,3}(?:[- ]\d{1,7})?(?!\w)"),
    _form("number sign", "number", r"(?<![\w#&])#[ ]?(?=\w{0,11}\d)\w{2,20}(?:-\w{1,20}){0,3}"),
    _form(
        "case number",
        "number",
        rf"(?<!\w)(?i:{_FILES})[ ]?(?i:(?:no\b\.?|number|num\b\.?|nr\b\.?|\#|id\b|:)[ :\#]{{0,3}}"
        r"(?:is[ ])?)(?P<found>(?=[A-Za-z-]{0,8}\d)\w{2,40}(?:[-/]\w{1,20}){0,4})",
    ),
    _form(
        "case number",
        "number",
        r"(?<![\w-])(?:\d{2,4}-[A-Z]{1,4}-?\d{3,10}|[A-Z]{1,5}-?\d{2,4}-\d{3,10}|\d{2,4}-\d{5,10}|"
        r"[A-Z]{1,5}-?\d{5,12})(?!\w)",
    ),
    _form("date", "date", r"(?<![\w/.-])\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?![\w/-])"),
    _form("badge", "number", r"(?<!\w)(?i:badge|inmate|docket)[ ](?P<found>\d{2,12})(?!\w)"),
    _form("date", "date", r"(?<![\w/.-])(?:19|20)\d\d-\d\d-\d\d(?![\d-])"),
    _form(
        "date",
        "date",
        rf"(?<!\w)(?i:{_MONTHS})\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ](?:19|20)\d\d(?!\w)|"
        rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th|\.)?[ ](?:of[ ])?(?i:{_MONTHS})\.?,?[ ]"
        r"(?:19|20)\d\d(?!\w)",
    ),
    _form(
        "street",
        "address",
        rf"(?<!\w)\d{{1,5}}(?:[ ][NSEW]\.?)?(?:[ ]{NEXT}\.?){{1,4}}?[ ](?i:{_STREETS})\b\.?|"
        r"(?<!\w)\d{1,5}[ ][a-z]{3,20}[ ](?:street|avenue|ave|boulevard|blvd)\b|"
        r"(?<!\w)(?i:p\.?[ ]?o\.?[ ]?box)[ ]\d{1,6}|"
        r"(?<!\w)\w{2,40}(?:straße|strasse|gasse|platz|allee)[ ]\d{1,4}[a-z]?\b|"
        rf"(?<!\w)\d{{1,4}}[ ](?:rue|avenue)[ ]{PARTICLE}{{0,2}}{NEXT}|"
        rf"(?<!\w)(?i:calle|via|avenida|rua)[ ]{PARTICLE}{{0,2}}{NEXT},?[ ]\d{{1,4}}(?!\w)",
    ),
    _form("postcode", "address", rf"(?<!\w){_POSTAL}[ ]\d{{5}}(?:-\d{{4}})?(?!\w)"),
    _form("postcode", "address", r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}(?!\w)"),
    _person("title", "name", rf"(?<![\w'’-])(?i:{_TITLES})\b\.?{_APART}(?P<found>{NAME})"),
    _person(
        "title",
        "name?",
        rf"(?<![\w'’-])(?i:{_ABBREVIATED}\.|mr|mrs|sgt|ofc|cpl){_APART}(?P<found>{_LETTER}{{2,40}}+)",
    ),
    _person(
        "my name is",
        "name",
        rf"(?<!\w)(?i:my[ ](?:first[ ]|full[ ]|last[ ])?name(?:['’]s|[ ]is|:))[ ]"
        rf"(?P<found>{NAME}|{_LETTER}{{2,40}}+(?:[ ]{_LETTER}{{2,40}}+)?)",
    ),
    _person("cue", "name?", rf"(?<![\w'’-])(?i:{_CUES})[ ](?P<found>{NAME})"),
    _person(
        "initials",
        "name?",
        rf"(?<![\w.])(?:[A-Z]\.[ ]?){{1,3}}(?P<found>{NEXT}(?:-{NEXT})?)",
    ),
    _place("district", "place", rf"(?P<name>{_PLACE}){_APART}{_DISTRICTS}(?!\w)"),
    _place("district", "place?", r"(?<![\w'’-])(?P<name>[a-z]{3,20})[ ](?:county|parish)(?!\w)"),
    _place(
        "city of",
        "place",
        r"(?<!\w)(?i:city|town|village|county|state|parish|borough|commonwealth|diocese)[ ]of[ ]"
        rf"(?P<found>(?P<name>{_PLACE}))",
    ),
    _place(
        "organisation",
        "organisation",
        rf"(?P<name>{_PLACE})(?:{_APART}(?i:county|city))?{_APART}(?:{_BODIES})(?!\w)",
    ),
    _place(
        "organisation",
        "organisation",
        rf"(?<!\w)(?i:university|college|bank|church|hospital|school)[ ]of[ ](?P<name>{_PLACE})",
    ),
    _form("organisation", "organisation", r"(?<!\w)[A-Z]{1,4}PD(?!\w)"),
    _place("town and state", "place", rf"(?P<name>{_PLACE}),?[ ]{_POSTAL}(?!\w)"),
    _form("state", "place", rf"(?<!\w)(?i:{_STATES})(?!\w)"),
    _person(
        "place",
        "place?",
        rf"(?<!\w)(?i:in|near|from|outside|around|downtown)[ ](?P<found>{_PLACE})",
    ),
)  # fmt: skip
"""The built-in patterns; where two find the same, the one before counts."""
