"""Static word vectors of the optional part ``qualcode[embeddings]``.

The weights and the tokenizer are read from the files of the installed package `wordllama`,
never through its own loader (which looks in the wrong folder and asks the network). What is
read is pinned by its digest: other weights would give other suggestions from the same study.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_PACKAGE = "wordllama"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_DIGESTS = {
    _WEIGHTS: "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    _TOKENIZER: "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
}
"""SHA-256 of the files in wordllama 0.4.0.post1."""


def _missing() -> MissingExtra:
    return MissingExtra("suggesting with word vectors", "embeddings")


class StaticVectors:
    """The mean of the vectors of a text's pieces, made length 1; 256 numbers a text."""

    def __init__(self) -> None:
        """Read the files of the installed package.

        Raises `MissingExtra` where it is absent or holds other files than the pinned ones.
        """
        self._table, self._tokenizer = _load()
        self.width = int(self._table.shape[1])

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts, n × 256; 0 for a text without pieces."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        out = np.zeros((len(texts), self.width), np.float32)
        for place, pieces in enumerate(encoded):
            if pieces.ids:
                out[place] = self._table[pieces.ids].mean(axis=0)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def _load() -> tuple[NDArray[np.float32], Any]:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.origin or importlib.util.find_spec("tokenizers") is None:
        raise _missing()
    folder = Path(found.origin).parent
    tokenizer = importlib.import_module("tokenizers").Tokenizer.from_buffer(
        _read(folder, _TOKENIZER)
    )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _table(_read(folder, _WEIGHTS)), tokenizer


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise _missing()
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _DIGESTS[name]:
        raise _missing()
    return content


def _table(content: bytes) -> NDArray[np.float32]:
    """The one matrix of a safetensors file: a length, a JSON header, the numbers."""
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])["embedding.weight"]
    start, end = (8 + size + offset for offset in header["data_offsets"])
    return np.frombuffer(content[start:end], np.float16).reshape(header["shape"]).astype(np.float32)
