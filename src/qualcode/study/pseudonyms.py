"""Names for respondents that say nothing, and the file that says whose they are.

A pseudonym is drawn by chance, so neither it nor the order of a key file tells anything of the
respondent, nor when they came. The key file never enters the study, and the study never names it.
"""

from __future__ import annotations

import base64
import csv
import io
import secrets
from typing import TYPE_CHECKING

from qualcode import privacy
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.store import placing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_COLUMNS = ["pseudonym", "original"]
_RANDOM_BYTES = 5


class Key:
    """The pseudonyms of a study by the original ids; new respondents get theirs when asked for."""

    def __init__(self, path: Path, pseudonyms: Mapping[str, str] | None = None) -> None:
        self.path = path
        self._pseudonyms = dict(pseudonyms or {})
        self._taken = set(self._pseudonyms.values())
        self._is_new = pseudonyms is None

    def pseudonym(self, original: str) -> str:
        """The pseudonym of a respondent, the same each time."""
        known = self._pseudonyms.get(original)
        return known or self._add(original)

    def _add(self, original: str) -> str:
        while (drawn := _drawn()) in self._taken:
            pass
        self._taken.add(drawn)
        self._pseudonyms[original] = drawn
        return drawn

    def check(self, respondents: Iterable[str]) -> None:
        """Raise `InputError` unless the key knows every respondent of a study."""
        if missing := sum(name not in self._taken for name in respondents):
            raise InputError(
                f"is not the key of this study: it lacks {missing:,} of its respondents",
                source=self.path,
                hint="it has to be the file of the last import, not an older copy",
            )

    def save(self) -> None:
        """Write the file, for its owner alone.

        Raises `Conflict` if it is new and something stands there, `QualcodeError` for what the
        disk refuses.
        """
        content = self._as_csv().encode()
        with privacy.kept():
            if self._is_new:
                with placing.new_file(self.path) as unfinished:
                    unfinished.write_bytes(content)
                self._is_new = False
            else:
                with replacing(self.path) as file:
                    file.write(content)

    def _as_csv(self) -> str:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(sorted((new, original) for original, new in self._pseudonyms.items()))
        return text.getvalue()


def _drawn() -> str:
    return "P" + base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode("ascii")


def new(path: Path) -> Key:
    """An empty key. Raises `Conflict` if something stands at `path`."""
    placing.refuse_existing(path)
    return Key(path)


def read(path: Path) -> Key:
    """The key in a file. Raises `NotFound`, `InputError` for anything but a key file."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            head, *rows = csv.reader(file)
            pseudonyms = {original: pseudonym for pseudonym, original in rows}
    except FileNotFoundError:
        raise NotFound(f"there is no key file {path}") from None
    except OSError as error:
        raise QualcodeError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, csv.Error):
        raise InputError("is not a key file", source=path) from None
    if head != _COLUMNS or len(set(pseudonyms.values())) < len(rows) or not rows:
        raise InputError("is not a key file", source=path)
    return Key(path, pseudonyms)
