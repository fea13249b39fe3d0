"""Which columns of a study hold what names its respondents: ids, names, addresses, numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.quotes.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADERS = {
    "an id": """id ids uid uuid guid respondent respondentid userid participant participantid
        caseid kennung kennziffer teilnehmer identifiant identificador identificativo identyfikator
        badge ssn token""",
    "a name": """name names firstname lastname surname forename fullname username nickname contact
        vorname nachname familienname benutzername ansprechpartner nom prenom nombre nombres
        apellido apellidos nome cognome sobrenome naam voornaam achternaam imie nazwisko namn
        fornamn efternamn navn fornavn etternavn nimi sukunimi isim soyad ad имя фамилия фио ονομα
        姓名 名前 氏名""",
    "an e-mail address": """mail email emails epost courriel correo mejl sahkoposti posta eposta
        mailadresse emailaddress почта メール 邮箱""",
    "a phone number": """phone telephone tel mobile cell fax telefon telefono telefone telefoon
        telephon handy portable movil celular cellulare puhelin телефон 电话 電話""",
    "an address": """address street zip zipcode postcode postal adresse anschrift strasse plz
        direccion indirizzo endereco adres ip ipaddress ulica adress osoite адрес 地址 住所""",
    "a date of birth": """dob birthdate birthday geburtsdatum geburtstag naissance nacimiento
        nascita nascimento geboortedatum""",
}
_KINDS = {word: kind for kind, listed in _HEADERS.items() for word in plain_words(listed)}
_WHOLE_HEADERS = {"".join(plain_words(word)) for word in ("姓名", "名前", "氏名", "电话", "電話")}
_MOST_HEADER_WORDS = 4
_MOST_VALUES = 2_000
_LEAST_VALUES = 3
_LEAST_NUMBERS = 10
_MOSTLY = 0.5
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@]{2,63}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,24}(?:x\d{1,6})?")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:,?\s[^\W\d_][\w.'’-]*){1,3}")
_ID = re.compile(r"(?=[^\s]*\d)[\w.#/-]{1,40}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./-]\d\d?[./-]\d{2,4}")
_DIGITS_OF_A_PHONE = 7


def personal_columns(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The columns that likely name respondents, and why: by their header or by what they hold.

    At most two thousand values of a column are looked at. A column of yes and no is never one.
    """
    reasons = {
        column: _reason(column, [value.strip() for value in values[:_MOST_VALUES] if value.strip()])
        for column, values in columns.items()
    }
    return {column: reason for column, reason in reasons.items() if reason}


def _reason(column: str, values: Sequence[str]) -> str:
    for kind, expression in (("e-mail addresses", _MAIL), ("phone numbers", _PHONE)):
        fit = sum(_is(kind, expression, value) for value in values)
        if values and fit > _MOSTLY * len(values):
            return f"{fit:,} of {len(values):,} values are {kind}"
    if kind := _said(column, values):
        return f"the header says that it holds {kind}"
    if len(values) < _LEAST_VALUES:
        return ""
    different = len({value.casefold() for value in values})
    if different == len(values) and all(map(_ID.fullmatch, values)) and _are_ids(values):
        return f"all {len(values):,} values are different and look like ids"
    fit = sum(_is_name(value) for value in values)
    if fit > _MOSTLY * len(values) and different > _MOSTLY * len(values):
        return f"{fit:,} of {len(values):,} values look like names"
    return ""


def _said(column: str, values: Sequence[str]) -> str:
    """Give what the header says, unless the values say that it cannot be."""
    told = plain_words(_CAMEL.sub(" ", column).replace("_", " "))
    kinds = [_KINDS[word] for word in told if word in _KINDS]
    if "".join(told) in _WHOLE_HEADERS:
        kinds = ["a name" if told[0] not in "电電" else "a phone number"]
    if not kinds or len(told) > _MOST_HEADER_WORDS or (values and _is_yes_no(values)):
        return ""
    kind = kinds[-1]
    fits = sum(_fits(kind, value) for value in values)
    return kind if fits >= _MOSTLY * len(values) else ""


def _fits(kind: str, value: str) -> bool:
    letters = any(mark.isalpha() for mark in value)
    digits = sum(mark.isdigit() for mark in value)
    match kind:
        case "a name":
            return letters
        case "an e-mail address":
            return "@" in value
        case "a phone number":
            return digits >= _DIGITS_OF_A_PHONE - 1
        case "a date of birth":
            return digits > 1
        case _:
            return letters or digits > 0


def _is_yes_no(values: Sequence[str]) -> bool:
    return len(values) > _LEAST_VALUES and len({value.casefold() for value in values}) <= 2  # noqa: PLR2004


def _is(kind: str, expression: re.Pattern[str], value: str) -> bool:
    if not expression.fullmatch(value) or _DATE.match(value):
        return False
    digits = sum(mark.isdigit() for mark in value)
    is_grouped = any(mark in value for mark in "+-() /") or value.startswith("0")
    return kind != "phone numbers" or (digits >= _DIGITS_OF_A_PHONE and is_grouped)


def _is_name(value: str) -> bool:
    words = value.split()
    capitals = sum(word[0].isupper() for word in words)
    return bool(_NAME.fullmatch(value)) and 2 * capitals > len(words)


def _are_ids(values: Sequence[str]) -> bool:
    """Whether they hold letters and digits, or are whole numbers with no meaning as a size."""
    if all(value.isdecimal() for value in values):
        if len(values) < _LEAST_NUMBERS:
            return False
        numbers = sorted(map(int, values))
        return numbers[-1] - numbers[0] < 2 * len(numbers) or len(values[0]) > 5  # noqa: PLR2004
    return any(any(mark.isalpha() for mark in value) for value in values) and not all(
        _is_number(value) for value in values
    )


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).replace("-", "", 1).isdecimal()
