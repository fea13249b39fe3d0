"""A person's settings: kept the moment they change, whole, and never guessed at."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import settings
from qualcode.errors import InputError, QualcodeError
from qualcode.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "settings.json"
    monkeypatch.setenv("QUALCODE_SETTINGS", str(path))
    return path


def write(where: Path, text: str | bytes) -> None:
    where.parent.mkdir(exist_ok=True)
    where.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_where_there_are_none_they_are_the_defaults_and_nothing_is_written(where: Path) -> None:
    assert settings.load() == Settings(theme="", keys={}, list_shown=True)
    assert not where.parent.exists()


def test_what_is_saved_is_loaded(where: Path) -> None:
    chosen = Settings("textual-light", {"undo": "§", "flag": "f8"}, list_shown=False)
    settings.save(chosen)
    assert settings.load() == chosen
    assert [path.name for path in where.parent.iterdir()] == ["settings.json"]


def test_only_what_differs_from_the_defaults_is_written(where: Path) -> None:
    settings.save(Settings(theme="nord"))
    assert json.loads(where.read_text()) == {"theme": "nord"}
    settings.save(Settings())
    assert json.loads(where.read_text()) == {}


def test_a_change_leaves_what_else_the_file_holds_by_now(where: Path) -> None:
    settings.change(theme="nord")
    write(where, '{"theme": "nord", "keys": {"undo": "f8"}}')
    settings.change(list_shown=False)
    assert settings.load() == Settings("nord", {"undo": "f8"}, list_shown=False)


def test_a_file_that_cannot_be_understood_is_not_overwritten(where: Path) -> None:
    write(where, "{ half an edit")
    with pytest.raises(InputError):
        settings.change(theme="nord")
    assert where.read_text() == "{ half an edit"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        (b"\xff\xfe", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[]", "holds no settings"),
        ("null", "holds no settings"),
        ('{"them": "x"}', "there is no setting “them”"),
        ('{"theme": 1}', "the setting “theme” has a value of the wrong kind"),
        ('{"list_shown": "yes"}', "the setting “list_shown” has a value of the wrong kind"),
        ('{"keys": ["f8"]}', "the setting “keys” has a value of the wrong kind"),
        ('{"keys": {"undo": 8}}', "a key in “keys” is not a text"),
    ],
)
def test_a_fault_is_one_line_that_names_the_file(
    where: Path, text: str | bytes, words: str
) -> None:
    write(where, text)
    with pytest.raises(InputError) as raised:
        settings.load()
    assert raised.value.message == f"{where}: {words}"
    assert raised.value.exit_code == 2


def test_a_file_from_a_windows_editor_is_read(where: Path) -> None:
    write(where, b'\xef\xbb\xbf{"theme": "nord"}\r\n')
    assert settings.load().theme == "nord"


def test_a_folder_in_its_place_is_said(where: Path) -> None:
    where.mkdir(parents=True)
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        settings.load()
    with pytest.raises(QualcodeError, match="could not be written"):
        settings.save(Settings(theme="nord"))
    assert list(where.parent.iterdir()) == [where], "nothing half-written is left"


def test_a_place_that_cannot_be_written_is_said(where: Path) -> None:
    where.parent.parent.joinpath("deep").write_text("a file where the folder should be")
    with pytest.raises(QualcodeError, match="your settings could not be written"):
        settings.save(Settings(theme="nord"))


def test_a_full_disk_leaves_the_old_settings(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(Settings(theme="nord"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(QualcodeError, match="No space left on device"):
        settings.save(Settings(theme="gruvbox"))
    assert settings.load().theme == "nord"
    assert list(where.parent.iterdir()) == [where]


def test_a_link_to_the_settings_stays_a_link(where: Path) -> None:
    target = where.parent.parent / "dotfiles.json"
    write(where, "")
    where.unlink()
    where.symlink_to(target)
    settings.save(Settings(theme="nord"))
    assert where.is_symlink()
    assert json.loads(target.read_text()) == {"theme": "nord"}


def test_the_settings_are_the_persons_own(where: Path) -> None:
    settings.save(Settings(theme="nord"))
    assert stat.S_IMODE(where.stat().st_mode) == 0o600


def test_without_a_name_for_them_they_lie_where_the_machine_keeps_such_things(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QUALCODE_SETTINGS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings.path().parts[-2:] == ("qualcode", "settings.json")


@given(theme=st.text(), keys=st.dictionaries(st.text(), st.text(), max_size=3), shown=st.booleans())
def test_any_settings_come_back(
    tmp_path_factory: pytest.TempPathFactory, theme: str, keys: dict[str, str], *, shown: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALCODE_SETTINGS", str(tmp_path_factory.getbasetemp() / "any.json"))
        chosen = Settings(theme, keys, list_shown=shown)
        settings.save(chosen)
        assert settings.load() == chosen


@given(st.binary(max_size=200))
def test_no_file_crashes_loading(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.json"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALCODE_SETTINGS", str(path))
        with suppress(InputError):
            settings.load()
