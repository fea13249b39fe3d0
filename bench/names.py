"""How much of what could name somebody the name scan finds, and how often it asks for nothing.

Invented names, places and numbers are planted in invented answers; a plant is found when every
letter and digit of it is covered. Names are combinations of first and last names of many origins,
drawn by a fixed seed. Kinds that no rule of the scan is made for are planted too: nicknames,
misspelt names, words that describe one person. “own columns” is a study that has the planted names,
addresses, numbers and agencies in columns of its own: the best case, because people whom an answer
names may be in no column. False alarms are what is found in the sample answers, which name
nobody: they are of the field that the ordinary words of the scan were listed for, so others will
see more.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness import ROOT, SEED
from qualcode.quotes import common_words, personal_columns, scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qualcode.quotes import Scanner

EACH = 100
OPEN_FROM = "How has technology changed"

FIRST = [
    "Aaliyah",
    "Anneke",
    "Bogdan",
    "Chidi",
    "Dagny",
    "Eleni",
    "Fumiko",
    "Giancarlo",
    "Hamza",
    "Ingrid",
    "Joaquín",
    "Kwame",
    "Leilani",
    "Marisol",
    "Nadezhda",
    "Oluwaseun",
    "Priyanka",
    "Quentin",
    "Rashida",
    "Siobhán",
    "Thandiwe",
    "Ulrich",
    "Vinícius",
    "Wanjiru",
    "Xiomara",
    "Yevgeny",
    "Zeynep",
    "Derek",
    "Linda",
    "Brandon",
    "Minh",
    "Łukasz",
    "Hyun-woo",
    "De'Shawn",
    "April",
    "Bea",
]
LAST = [
    "Abernathy-Cole",
    "Bjørnstad",
    "Castellanos",
    "Dlamini",
    "Eriksson",
    "Fitzwilliam",
    "Gutiérrez",
    "Haddad",
    "Iyer",
    "Jankowski",
    "Kowalczyk",
    "Lindqvist",
    "MacAllister",
    "Nakamura",
    "O'Shaughnessy",
    "Papadakis",
    "Quintero",
    "Rasmussen",
    "Szabó",
    "Tamang",
    "Umarov",
    "Vandermeer",
    "Whitlock",
    "Ximenes",
    "Yıldırım",
    "Zielinski",
    "Nguyen",
    "Petrov-Lane",
    "Okonkwo",
    "Tuilagi",
    "Hollis",
    "Bramley",
    "van der Berg",
    "de la Cruz",
    "d'Angelo",
    "al-Farsi",
    "St. Clair",
    "Black",
    "Case",
    "Le",
    "Wu",
]
WORD_NAMES = "Will Grant Mark Rose Hunter Grace Chase Dawn Bill Faith".split()  # noqa: SIM905
NICKNAMES = [
    "big al",
    "red",
    "j-dog",
    "doc",
    "the hammer",
    "sparky",
    "mickey t",
    "old slim",
    "bubba",
    "tee",
]
PLACES = """
    Brackmoor Ostrand Quillby Nevarra Tallowford Pinehollow Vessey Marrowstone Kettleby
    Dunmarrow""".split()  # noqa: SIM905
DESCRIBED = [
    "the only female sergeant in our county",
    "the one detective who came from the navy",
    "our chief who ran for mayor twice",
    "the examiner with the guide dog",
    "the lieutenant whose twin is the prosecutor",
    "the new guy from the fire in june",
]

CARRIERS = (
    "we could not have opened a single phone without {} last year",
    "honestly the whole thing depends on {} and nobody is trained to step in",
    "When it gets technical everything goes to {} who has to wait for a free machine.",
    "if {} retires we are back to zero",
    "Good working relationship with {}, the rest is email and luck",
    "Two of us plus {} share one license. That is not enough!",
    "training was set up by {} and it helped a lot",
    "It would be nice to have more than {} on this",
)
FORMS = (
    "just write to {}",
    "details are under {} if you want them",
    "the tip mentioned {}, then it went quiet",
    "We gave out {} at the last meeting.",
    "I put {} on the form",
)
OF_PLACES = (
    "we cover all of {} with one examiner",
    "Offenders drive over from {} and we cannot follow",
    "most of our cases start in {} these days",
    "{} sends us everything they cannot open",
)
STARTS = (
    "{} does all of it alone.",
    "No money. {} left and was not replaced",
    "{} knows more than I do",
)


@dataclass(frozen=True)
class Plant:
    """An answer in which something was planted."""

    text: str
    start: int
    end: int


def _someone(draw: random.Random) -> str:
    return f"{draw.choice(FIRST)} {draw.choice(LAST)}"


def _last(draw: random.Random) -> str:
    return draw.choice(LAST)


def _first(draw: random.Random) -> str:
    return draw.choice(FIRST)


def _title(draw: random.Random) -> str:
    return draw.choice(
        ("Det. ", "Sgt ", "Dr. ", "Officer ", "Mrs ", "Lt. ", "Investigator ", "Judge ")
    )


def _misspelt(name: str, draw: random.Random) -> str:
    """Leave out, double or swap a letter in the middle."""
    if len(name) < 4:
        return name + name[-1]
    at = draw.randrange(1, len(name) - 2)
    how = draw.randrange(3)
    middle = ("", name[at] * 2, name[at + 1] + name[at])[how]
    return name[:at] + middle + name[at + (2 if how == 2 else 1) :]


def _mail(draw: random.Random) -> str:
    first, last = (re.sub(r"[' .]", "", draw.choice(one).lower()) for one in (FIRST, LAST))
    name = draw.choice((f"{first}.{last}", f"{first[0]}{last}", f"{first}_{draw.randrange(99)}"))
    return (
        f"{name}@{draw.choice(PLACES).lower()}.{draw.choice(('example', 'gov', 'org', 'k12.us'))}"
    )


def _phone(draw: random.Random) -> str:
    four = f"{draw.randrange(10_000):04}"
    local = f"555{draw.choice('-. ')}{four}"
    return draw.choice(
        (f"404-{local}", f"(404) {local}", f"+1 404 {local}", f"+49 30 9018{four}", f"404555{four}",
         f"555-{four}", f"020 7946 {four}")
    )  # fmt: skip


def _link(draw: random.Random) -> str:
    site = (
        f"{draw.choice(PLACES).lower()}{draw.choice(('.org', '-pd.gov', '.example.net', '.co.uk'))}"
    )
    return draw.choice(("https://", "www.", "", "http://")) + site + draw.choice(("", "/u/77?x=1"))


def _handle(draw: random.Random) -> str:
    name = f"{draw.choice(FIRST[:32]).lower()}{draw.choice(('_', '.', ''))}{draw.randrange(10, 99)}"
    return draw.choice((f"@{name}", f"@{name}", f"u/{name.replace('.', '')}", name))


def _number(draw: random.Random) -> str:
    n = draw.randrange(10_000, 99_999)
    return draw.choice(
        (f"case no. 19-CR-{n}", f"badge #{n}", f"2019-{n}", f"incident number {n}",
         f"SSN 123-45-{n % 10_000:04}", f"{n}{n}", f"CT{n}77", f"badge {n % 1000}")
    )  # fmt: skip


def _organisation(draw: random.Random) -> str:
    place = draw.choice(PLACES)
    return draw.choice(
        (f"{place} Police Department", f"{place} County Sheriff's Office", f"{place} PD",
         f"{place} University", f"{place} Crisis Line", f"{place[0]}PD")
    )  # fmt: skip


KINDS: dict[str, tuple[Sequence[str], Callable[[random.Random], str]]] = {
    "e-mail": (FORMS, _mail),
    "e-mail in words": (FORMS, lambda d: _mail(d).replace("@", " at ").replace(".", " dot ")),
    "phone": (FORMS, _phone),
    "link": (FORMS, _link),
    "handle": (FORMS, _handle),
    "case or badge number": (FORMS, _number),
    "title and name": (CARRIERS, lambda d: _title(d) + d.choice((_last, _someone))(d)),
    "title and name, lower case": (CARRIERS, lambda d: (_title(d) + _last(d)).lower()),
    "full name": (CARRIERS, _someone),
    "full name, lower case": (CARRIERS, lambda d: _someone(d).lower()),
    "full name at the start": (STARTS, _someone),
    "first name": (CARRIERS, _first),
    "first name, lower case": (CARRIERS, lambda d: _first(d).lower()),
    "first name at the start": (STARTS, _first),
    "surname": (CARRIERS, _last),
    "surname, lower case": (CARRIERS, lambda d: _last(d).lower()),
    "name that is a word": (CARRIERS, lambda d: d.choice(WORD_NAMES)),
    "name that is a word, lower case": (CARRIERS, lambda d: d.choice(WORD_NAMES).lower()),
    "misspelt surname": (CARRIERS, lambda d: _misspelt(_last(d), d)),
    "misspelt surname, lower case": (CARRIERS, lambda d: _misspelt(_last(d), d).lower()),
    "nickname": (CARRIERS, lambda d: d.choice(NICKNAMES)),
    "county or city": (
        OF_PLACES,
        lambda d: d.choice(("{} County", "the City of {}", "{}, GA")).format(d.choice(PLACES)),
    ),
    "place": (OF_PLACES, lambda d: d.choice(PLACES)),
    "place, lower case": (OF_PLACES, lambda d: d.choice(PLACES).lower()),
    "organisation": (OF_PLACES, _organisation),
    "described person": (CARRIERS, lambda d: d.choice(DESCRIBED)),
}


def planted(kind: str) -> list[Plant]:
    """The answers with this kind in them, always the same."""
    carriers, make = KINDS[kind]
    draw = random.Random(f"{SEED} {kind}")
    found = []
    for _ in range(EACH):
        carrier, what = draw.choice(carriers), make(draw)
        start = carrier.index("{}")
        found.append(Plant(carrier.format(what), start, start + len(what)))
    return found


def own_columns() -> dict[str, list[str]]:
    """The columns of a study that has everybody who can be planted."""
    draw = random.Random(SEED)
    people = [f"{first} {draw.choice(LAST)}" for first in (*FIRST, *WORD_NAMES)]
    people += [f"{draw.choice(FIRST)} {last}" for last in LAST]
    everything = {kind: planted(kind) for kind in ("e-mail", "phone", "organisation")}
    told = {
        kind: [plant.text[plant.start : plant.end] for plant in plants]
        for kind, plants in everything.items()
    }
    return {"contact": people, "town": PLACES, **told}


def is_found(scan: Scanner, plant: Plant) -> bool:
    """Whether every letter and digit of a plant is covered."""
    covered = {
        at
        for one in scan.scan(plant.text)
        for at in range(max(one.start, 0), min(one.end, plant.end))
    }
    skipped = _title_length(plant)
    return all(
        at in covered or not plant.text[at].isalnum()
        for at in range(plant.start + skipped, plant.end)
    )


def _title_length(plant: Plant) -> int:
    """How much of a plant is words that name nobody: a rank, “badge”, “the City of”."""
    what = plant.text[plant.start : plant.end].lower()
    heads = ("det. ", "sgt ", "dr. ", "officer ", "mrs ", "lt. ", "investigator ", "judge ")
    heads += ("the city of ", "badge #", "badge ", "case no. ", "incident number ", "ssn ")
    return next((len(head) for head in heads if what.startswith(head)), 0)


def false_alarms(scan: Scanner, texts: Sequence[str]) -> dict[str, Any]:
    """What is found in texts that name nobody, for each thousand words."""
    words = sum(len(text.split()) for text in texts)
    kinds = Counter(one.kind for text in texts for one in scan.scan(text))
    guesses = sum(count for kind, count in kinds.items() if kind.endswith("?"))
    return {
        "words": words,
        "sure_per_1000": 1000 * (kinds.total() - guesses) / words,
        "guessed_per_1000": 1000 * guesses / words,
        "kinds": dict(sorted(kinds.items())),
    }


def sample() -> tuple[list[str], dict[str, list[str]]]:
    """The open answers of the sample study, and its columns that name respondents."""
    with (ROOT / "sample_responses/technology_survey.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    first = next(place for place, name in enumerate(columns) if name.startswith(OPEN_FROM))
    texts = [text for name in list(columns)[first:] for text in columns[name] if text.strip()]
    return texts, {name: columns[name] for name in personal_columns(columns)}


def measure() -> dict[str, Any]:
    """Everything that is printed."""
    texts, own = sample()
    common = common_words(texts)
    scans = {
        "forms": scanner({}, guess=False),
        "forms_and_guesses": scanner({}, common=common),
        "with_own_columns": scanner({**own_columns(), **own}, common=common),
    }
    rows = []
    for kind in KINDS:
        plants = planted(kind)
        row: dict[str, Any] = {"kind": kind, "planted": len(plants)}
        for name, scan in scans.items():
            found = sum(is_found(scan, plant) for plant in plants)
            row[name] = {"found": found, "recall": found / len(plants)}
        rows.append(row)
    alarms = {name: false_alarms(scan, texts) for name, scan in scans.items()}
    return {"seed": SEED, "rows": rows, "false_alarms": alarms}


def show(document: dict[str, Any]) -> None:
    """Print the table."""
    names = list(document["false_alarms"])
    print(
        f"{'recall':34}{'planted':>8}" + "".join(f"{name.replace('_', ' '):>20}" for name in names)
    )
    for row in document["rows"]:
        shares = "".join(f"{row[name]['recall']:>20.0%}" for name in names)
        print(f"{row['kind']:34}{row['planted']:>8}{shares}")
    for what in ("sure", "guessed"):
        told = [document["false_alarms"][name] for name in names]
        rates = "".join(f"{one[f'{what}_per_1000']:>20.2f}" for one in told)
        print(f"{f'{what} false alarms per 1,000 words':34}{told[0]['words']:>8}{rates}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.parse_args()
    document = measure()
    if chosen.json:
        print(json.dumps(document, indent=2))
    else:
        show(document)


if __name__ == "__main__":
    main()
