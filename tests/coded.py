"""Studies that several people have coded, for the tests on agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studies import make, read_csv, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterable

LIBRARY = Path(__file__).parent / "study" / "library"

LIBRARY_BOOK = """\
codebook: Library
version: 1
codes:
  - key: access
    name: Access
    children:
      - key: hours
        name: Opening hours
      - key: parking
        name: Parking
  - key: space
    name: Space
    children:
      - key: quiet
        name: Quiet
  - key: staff
    name: Staff
    children:
      - key: friendly
        name: Friendly
  - key: dont-know
    name: Does not know
    status: dont_know
  - key: uncodable
    name: Cannot be coded
    status: uncodable
"""

TWO = (
    "r1,why,ana,reach,,",
    "r1,why,ana,cost/cheap,,",
    "r2,why,ana,reach,,",
    "r5,why,ana,,,",
    "r6,why,ana,cost,,",
    "r1,why,ben,reach,,",
    "r2,why,ben,cost,,",
    "r5,why,ben,,,",
    "r6,why,ben,cost,,",
)
"""The four answers of the small study to `why`, each coded by ana and ben."""


def library_triples() -> list[tuple[str, str, str | None]]:
    """Respondent, coder and code of the library example; None is “saw it, no code”.

    An answer that says a status is one by each of the three coders with the code of the status.
    """
    _, *codings = read_csv(LIBRARY / "library_codings.csv")
    found = [(who, coder, None if code == "none" else code) for who, _, coder, code in codings]
    names = list(dict.fromkeys(coder for _, coder, _ in found))
    codes = {"dont_know": "dont-know", "uncodable": "uncodable"}
    _, *people = read_csv(LIBRARY / "library_respondents.csv")
    for who, *_, status in people:
        if status in codes:
            found += [(who, name, codes[status]) for name in names]
    return found


def library(folder: Path) -> Path:
    """The library example as a study, its codings taken in from a file."""
    _, *people = read_csv(LIBRARY / "library_respondents.csv")
    lines = [f"{row[0]},{'' if row[-1] == 'blank' else f'answer of {row[0]}'}" for row in people]
    survey = "\n".join(("respondent_id,q1", *lines)) + "\n"
    study = make(
        folder, survey, [LIBRARY_BOOK], questions=(("q1", "q1"),), id_column="respondent_id"
    )
    take_in_codings(study, *coding_rows(library_triples()))
    return study


def coding_rows(
    triples: Iterable[tuple[str, str, str | None]], question: str = "q1"
) -> Iterable[str]:
    """The rows of a file of codings."""
    return (f"{who},{question},{coder},{code or ''},," for who, coder, code in triples)
