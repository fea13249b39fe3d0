"""What survey tools and people usually call the columns of a survey."""

from __future__ import annotations

import re

_APART = re.compile(r"[\s_.\-–—:;,/()#?!]+")


def plain(name: str) -> str:
    """`name` without case, spaces and punctuation, so that “Response ID” is “responseid”."""
    return _APART.sub("", name).casefold()


RESPONDENT = (
    "respondentid", "respondent", "responseid", "participantid", "participant", "caseid",
    "subjectid", "recordid", "respid", "personid", "userid", "uuid", "id", "case", "subject",
    "uid", "pid", "identifier", "token", "record", "lfdnr", "lfdn", "vpn", "nr", "no", "number",
)  # fmt: skip
"""Names of the id column, the surest first."""

QUESTION = ("questionid", "questionkey", "question", "item")
"""Names of the column of a long table that says which question a row answers."""

TEXT = ("text", "answer", "response", "answertext", "responsetext", "verbatim")
"""Names of the column of a long table that holds the answer."""

_PLAIN_NAMES = """
    startdate enddate status ipaddress progress durationinseconds duration finished
    recordeddate responseid recipientlastname recipientfirstname recipientemail
    externalreference externaldatareference locationlatitude locationlongitude
    distributionchannel userlanguage qrecaptchascore qlanguage
    respondentid collectorid datecreated datemodified emailaddress firstname lastname
    customdata1 timestamp username score submissiondate datesubmitted lastpage
    startlanguage seed datestarted datelastaction refererurl
    name fullname surname email mail phone telephone mobile address street city town
    place village country state county region district zip zipcode postcode postalcode
    organisation organization company agency employer department unit team job jobtitle
    title position role occupation profession industry sector gender sex age ageband
    agegroup birthday dateofbirth ethnicity race religion education degree income
    nationality language url website link device browser os platform useragent
    date time day month year wave weight weights finalweight stratum strata psu cluster
    fpc group condition treatment sample source channel type category interviewer coder
    code codes label labels theme themes tag tags topic topics sentiment rating trust
    service site location
"""
NOT_OPEN = frozenset(_PLAIN_NAMES.split())
"""Names of columns that hold no open question, whatever stands in them: those of
Qualtrics, SurveyMonkey, Google Forms and LimeSurvey, of people and places, of designs and codes.
"""

OPEN = re.compile(
    r"text|answers?|response|verbatim|comments?|feedback|reasons?|remarks?|suggestions?|opinions?"
    r"|explanations?|explain|description|describe|why|other|openend(ed)?|opentext|freetext"
    r"|.*(comments?|pleasespecify|specify|feedback|openended|opentext|freetext|verbatim|why"
    r"|reasons?)|(why|pleasedescribe|pleaseexplain|describe|explain).*"
)
"""Names that say that an open question stands there, as `plain` writes them."""


def is_respondent_name(name: str) -> bool:
    """Whether a column of this name is one that says who answered."""
    return plain(name) in RESPONDENT
