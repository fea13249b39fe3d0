"""A person's own settings, written the moment they change.

A JSON file in the place that the machine has for such things; ``QUALCODE_SETTINGS`` names
another. Raises `InputError` naming the file where it holds something else.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from qualcode.errors import InputError, QualcodeError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has chosen: the theme, the keys that they changed, and what is shown."""

    theme: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    list_shown: bool = True
    suggestions_shown: bool = True


def path() -> Path:
    """Where the settings are."""
    if named := os.environ.get("QUALCODE_SETTINGS"):
        return Path(named)
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path("qualcode", appauthor=False) / "settings.json"


def load() -> Settings:
    """The settings, or the defaults where there are none yet."""
    where = path()
    try:
        stored = json.loads(where.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=where) from error
    except (ValueError, RecursionError) as error:
        raise InputError("is not valid JSON", source=where, hint="mend it or delete it") from error
    return _checked(stored, where)


def _checked(stored: Any, where: Path) -> Settings:
    kinds = {"theme": str, "keys": dict, "list_shown": bool, "suggestions_shown": bool}
    if not isinstance(stored, dict):
        raise InputError("holds no settings", source=where, hint="mend it or delete it")
    for name, value in stored.items():
        if name not in kinds:
            raise InputError(
                f"there is no setting “{name}”", source=where, hint=f"there are {', '.join(kinds)}"
            )
        if not isinstance(value, kinds[name]):
            raise InputError(f"the setting “{name}” has a value of the wrong kind", source=where)
    keys = stored.get("keys", {})
    if not all(isinstance(key, str) for key in keys.values()):
        raise InputError("a key in “keys” is not a text", source=where)
    return Settings(**stored)


def change(**chosen: Any) -> None:
    """Set some of the settings, and leave what else the file holds by now as it is.

    Raises `InputError` if the file cannot be understood, `QualcodeError` if not written.
    """
    save(replace(load(), **chosen))


def save(settings: Settings) -> None:
    """Write the settings, whole or not at all. Raises `QualcodeError`."""
    where = path().resolve()
    plain = Settings()
    changed = {
        name.name: getattr(settings, name.name)
        for name in fields(settings)
        if getattr(settings, name.name) != getattr(plain, name.name)
    }
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        _replace(where, json.dumps(changed, indent=2) + "\n")
    except OSError as error:
        raise QualcodeError(
            f"your settings could not be written to {where}: {error.strerror}"
        ) from error


def _replace(where: Path, text: str) -> None:
    descriptor, unfinished = tempfile.mkstemp(dir=where.parent, prefix=".settings-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(where)
    except OSError:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise
