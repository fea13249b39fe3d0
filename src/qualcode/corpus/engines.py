"""What runs a task on every piece of a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qualcode.corpus.pieces import Piece

T = TypeVar("T")


class Engine(Protocol):
    """Runs a function of `tasks` on pieces; `tell` hears how many rows are done."""

    name: str

    def shared(self, content: bytes) -> Any:
        """What stands for some bytes that every task gets, among the arguments of `each`."""
        ...

    def each(
        self,
        task: Callable[..., T],
        pieces: Sequence[Piece],
        *arguments: Any,
        tell: Callable[[int], None],
    ) -> Iterator[T]:
        """The results in the order in which they come. Raises what the task raises."""
        ...


class Local:
    """One piece after the other in this process."""

    name = "local"

    def shared(self, content: bytes) -> bytes:
        """The bytes themselves."""
        return content

    def each(
        self,
        task: Callable[..., T],
        pieces: Sequence[Piece],
        *arguments: Any,
        tell: Callable[[int], None],
    ) -> Iterator[T]:
        """The results in the order of the pieces."""
        for piece in pieces:
            yield task(piece, *arguments, tell=tell)
