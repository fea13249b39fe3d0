"""An installed pipeline is found without loading it and used as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import spacy

from qualcode.quotes import Found, Pipeline, installed_pipeline, pipeline, scanner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages; those named in it are the installed pipelines."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(pipeline, "installed", lambda: [path.name for path in tmp_path.iterdir()])
    yield tmp_path
    for path in tmp_path.iterdir():
        sys.modules.pop(path.name, None)


def put(folder: Path, package: str, *parts: str) -> None:
    language, name = package.split("_", 1)
    meta = {"lang": language, "name": name, "version": "1.0", "pipeline": list(parts)}
    (folder / package).mkdir()
    (folder / package / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    (folder / package / "__init__.py").write_text("", encoding="utf-8")


def test_there_may_be_none(installed: Path) -> None:
    assert installed_pipeline() is None
    put(installed, "en_tagged_sm", "tagger")
    put(installed, "de_names_sm", "ner")
    (installed / "en_broken_sm").mkdir()
    assert installed_pipeline() is None


@pytest.mark.parametrize(
    ("language", "package"), [("en", "en_two_md"), ("de", "de_names_sm"), ("fi", "xx_any_sm")]
)
def test_the_best_of_the_language_is_taken_and_not_loaded(
    installed: Path, language: str, package: str
) -> None:
    for name in ("en_one_sm", "en_two_md", "en_three_trf", "de_names_sm", "xx_any_sm"):
        put(installed, name, "tok2vec", "ner")
    found = installed_pipeline(language)
    assert found == Pipeline(package)
    assert found.name == f"spaCy {package}"


def test_what_a_real_pipeline_finds_is_in_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "zorana"},
            {"label": "NORP", "pattern": "ruritanian"},
            {"label": "CARDINAL", "pattern": "two"},
        ]
    )
    monkeypatch.setattr(spacy, "load", lambda _: made)
    text = "😀 two of us asked zorana, the ruritanian"
    assert scanner({}, pipeline=Pipeline("en_made_sm")).scan(text) == (
        Found(18, 24, "name", "spaCy en_made_sm"),
        Found(30, 40, "group", "spaCy en_made_sm"),
    )


def test_spacy_is_not_loaded_before_it_is_used() -> None:
    words = (
        "import sys, qualcode.quotes as q; q.scanner({}).scan('a'); print('spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
