"""pyarrow, where it is installed, and its errors in plain words."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, MissingExtra

try:
    import pyarrow as pa
    from pyarrow import compute, parquet
except ImportError as error:
    raise MissingExtra("a corpus in Parquet", "parquet") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["compute", "opened", "pa", "parquet"]


@contextmanager
def opened(path: str) -> Iterator[Any]:
    """A Parquet file to read from. Raises `InputError` for what is none, also while it is read."""
    try:
        with Path(path).open("rb") as file, parquet.ParquetFile(file) as found:
            yield found
    except (pa.ArrowException, UnicodeDecodeError):
        # What Arrow says may quote the file.
        raise InputError("this is no Parquet, or damaged or cut off", source=path) from None
    except OSError as error:
        if error.strerror is None:  # Arrow's own, for damaged pages
            raise InputError("this is no Parquet, or damaged or cut off", source=path) from None
        raise InputError(f"it cannot be read: {error.strerror}", source=path) from None
