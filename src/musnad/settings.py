"""A user's own settings: the nearest `musnad.toml`, in the folder at hand or one above it.

    [lexicon]
    dirs = ["our-words"]      # folders with words/, rules/, actors/ or places/, from this file's folder; the last one wins

    [read]
    model = true              # the neural model beside the rules
    jobs = 2                  # processes
    timeout = 60              # seconds for one page

Only the command line reads it: from Python everything is an argument.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musnad.record.errors import MusnadError

NAME = "musnad.toml"


@dataclass(frozen=True)
class Settings:
    """What `musnad.toml` says, with the built-in values for what it doesn't; `where` is the file or None."""

    lexicon: tuple[Path, ...] = ()
    model: bool = True
    jobs: int = 1
    timeout: float = 60.0
    where: Path | None = None


_KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "lexicon": {"dirs": list},
    "read": {"model": bool, "jobs": int, "timeout": (int, float)},
}


def find_settings(folder: Path) -> Settings:
    """The settings that hold in `folder`. Raises MusnadError where the file is no TOML or says something unknown."""
    for place in (folder.absolute(), *folder.absolute().parents):
        if (place / NAME).is_file():
            return read_settings(place / NAME)
    return Settings()


def read_settings(path: Path) -> Settings:
    """The settings of one file. Raises MusnadError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MusnadError(f"{path}: {error}") from error
    values: dict[str, Any] = {}
    for table, keys in raw.items():
        if table not in _KEYS or not isinstance(keys, dict):
            raise MusnadError(f"{path}: unknown {table!r}; known are {', '.join(f'[{t}]' for t in _KEYS)}")
        for key, value in keys.items():
            kind = _KEYS[table].get(key)
            if kind is None:
                raise MusnadError(f"{path}: unknown {key!r} in [{table}]; known are {', '.join(_KEYS[table])}")
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                raise MusnadError(f"{path}: [{table}] {key} can't be {value!r}")
            values[key] = value
    folders = values.pop("dirs", [])
    if not all(isinstance(f, str) for f in folders):
        raise MusnadError(f"{path}: [lexicon] dirs is a list of folders' names")
    return Settings(lexicon=lexicon_folders([path.parent / f for f in folders]), where=path, **values)


PARTS = ("words", "rules", "actors", "places")
"""What a lexicon folder may hold: word lists and rules as in `grammar`, known names as in `gazetteer`."""


def lexicon_folders(folders: list[Path]) -> tuple[Path, ...]:
    """The folders, made absolute. Raises MusnadError where one isn't there or holds none of PARTS."""
    for folder in folders:
        if not folder.is_dir():
            raise MusnadError(f"there is no lexicon folder {folder}")
        if not any((folder / part).is_dir() for part in PARTS):
            raise MusnadError(f"{folder} is no lexicon folder: it holds none of {', '.join(f'{p}/' for p in PARTS)}")
    return tuple(f.absolute() for f in folders)
