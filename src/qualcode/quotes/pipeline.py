"""An installed spaCy pipeline that knows names; the only module here that uses spaCy."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZES = ("_lg", "_md", "_sm", "_trf")
"""From the best that a computer without a graphics card runs at leisure."""
_ANY_LANGUAGE = "xx"


@dataclass(frozen=True)
class Pipeline:
    """A pipeline by the name of its package; it is loaded when it is first called."""

    package: str

    @property
    def name(self) -> str:
        """How a scan names it."""
        return f"spaCy {self.package}"

    def __call__(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Give start, end and label of every entity."""
        for entity in self._loaded(text).ents:
            yield entity.start_char, entity.end_char, entity.label_

    @cached_property
    def _loaded(self) -> Any:
        spacy = importlib.import_module("spacy")
        return spacy.load(self.package)


def installed_pipeline(language: str = "en") -> Pipeline | None:
    """The best installed pipeline that finds names in a language or in any, else None.

    Nothing is downloaded, and nothing is loaded before the pipeline is called.
    """
    known = [name for name in installed() if name.split("_")[0] in {language, _ANY_LANGUAGE}]
    fit = [name for name in known if _finds_names(name)]
    return Pipeline(min(fit, key=_rank)) if fit else None


def installed() -> list[str]:
    """The packages of pipelines, as they announce themselves to spaCy, which is not loaded."""
    return [point.name for point in entry_points(group="spacy_models")]


def _finds_names(package: str) -> bool:
    """Read what is in a pipeline without loading it."""
    util = importlib.import_module("spacy.util")
    try:
        meta = util.load_meta(util.get_package_path(package) / "meta.json")
    except (ImportError, OSError, TypeError, ValueError):
        return False
    parts = meta.get("pipeline", ())
    return "ner" in parts or "entity_ruler" in parts


def _rank(package: str) -> tuple[bool, int, str]:
    size = next((place for place, end in enumerate(_SIZES) if package.endswith(end)), len(_SIZES))
    return package.startswith(f"{_ANY_LANGUAGE}_"), size, package
