"""Columns that name respondents are told by their header or by what they hold."""

from __future__ import annotations

import pytest

from qualcode.quotes import personal_columns

NAMES = ["Maria Lopez", "Sean O'Neil", "van Dyke, Piet", "Priya Raman"]


@pytest.mark.parametrize(
    ("header", "values", "words"),
    [
        ("respondent_id", ["1", "2", "3"], "an id"),
        ("ResponseId", ["R_1x", "R_2y", "R_3z"], "an id"),
        ("Vorname", ["Ana", "Éva", "Jan"], "a name"),
        ("agencyContact", ["Ana", "Éva", "Jan"], "a name"),
        ("Correo electrónico", ["a@b.org", "c@d.org"], "e-mail addresses"),
        ("E-Mail", ["a@b.org", "", "-", "c@d.org", "e@f.org"], "e-mail addresses"),
        ("Telefon", ["030 1234567", "0170/7654321"], "phone numbers"),
        ("q17", ["(404) 555-0142", "404-555-0143"], "phone numbers"),
        ("имя", ["Анна", "Олег"], "a name"),
        ("姓名", ["王伟", "李娜"], "a name"),
        ("dob", ["1984-02-01", "1990-05-30"], "date of birth"),
        ("zip", ["30301", "30302"], "address"),
        ("x", ["A-1", "B-2", "C-3"], "look like ids"),
        ("n", [str(number) for number in range(101, 140)], "look like ids"),
        ("who", NAMES, "look like names"),
    ],
)
def test_a_column_that_names_respondents_is_told(
    header: str, values: list[str], words: str
) -> None:
    assert words in personal_columns({header: values})[header]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("phone", ["yes", "no", "yes", "no"]),
        ("hours on phone", ["1", "2", "5"]),
        ("mail", ["often", "never", "daily"]),
        ("weight", ["1.51", "30.36", "31.63"]),
        ("years", ["3", "25", "40", "3"]),
        ("region", ["north", "south", "north", "north"]),
        ("How do you name and contact the people on your mailing list?", ["We call", "By mail"]),
        ("answer", ["More training would help.", "I do not know what to say", "no"]),
    ],
)
def test_other_columns_are_left_alone(header: str, values: list[str]) -> None:
    assert personal_columns({header: values}) == {}
