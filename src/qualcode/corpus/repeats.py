"""Whether somebody answers a question twice, in memory that hardly grows with the corpus.

Each row leaves a mark of eight bytes in a file, those of a piece in order; the marks that begin
alike are then looked at together. Equal marks of different rows are told apart by reading again.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

_KIND = np.dtype(">u8")
_BUCKETS = 256
_EDGES = np.arange(_BUCKETS, dtype=np.uint64) << np.uint64(56)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one piece in order, and where those of each bucket begin and the last end."""

    content: bytes
    ends: list[int]


def in_buckets(marks: Sequence[bytes]) -> Marks:
    """The marks of the rows of a piece."""
    found = np.sort(np.frombuffer(b"".join(marks), _KIND).astype(np.uint64))
    ends = [*np.searchsorted(found, _EDGES).tolist(), len(found)]
    return Marks(found.astype(_KIND).tobytes(), ends)


class Ledger:
    """The marks of a corpus, in a file without a name that is gone with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the ledger
        self._pieces: list[tuple[int, list[int]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, marks: Marks) -> None:
        """Take the marks of a piece."""
        self._pieces.append((self._file.seek(0, 2), marks.ends))
        self._file.write(marks.content)

    def repeated(self) -> set[bytes]:
        """The marks that stand there more than once."""
        found: set[bytes] = set()
        for bucket in range(_BUCKETS):
            marks = np.sort(np.concatenate([np.zeros(0, _KIND), *self._read(bucket)]))
            twice = np.unique(marks[1:][marks[1:] == marks[:-1]])
            content, width = twice.astype(_KIND).tobytes(), _KIND.itemsize
            found.update(content[i : i + width] for i in range(0, len(content), width))
        return found

    def _read(self, bucket: int) -> Iterator[NDArray[np.uint64]]:
        width = _KIND.itemsize
        for start, ends in self._pieces:
            self._file.seek(start + width * ends[bucket])
            content = self._file.read(width * (ends[bucket + 1] - ends[bucket]))
            yield np.frombuffer(content, _KIND).astype(np.uint64)
