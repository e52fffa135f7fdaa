"""The folder of a campus: what it holds, and whether it may be written.

Here: `campus.json` and its draft. A draft names the campus while it is being written, so an interrupted
one is simply written again; any other content is left alone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mavprep_analytics.errors import Misconfigured

DEFAULT_UNTIL = date(2026, 11, 15)
"""A Sunday: the last day of a campus unless another is wanted."""
Progress = Callable[[int, int], None]
"""Called with students done and students in all."""
_FINISHED, _DRAFT = "campus.json", "campus.draft.json"


@dataclass(frozen=True)
class CampusWritten:
    """A campus folder: its description (as in `campus.json`), and whether it was there already."""

    folder: Path
    description: dict[str, object]
    was_there: bool


def finished_campus(folder: Path, identity: Mapping[str, object]) -> dict[str, object] | None:
    """Return the description of this very campus if the folder holds it complete, else None.

    Raises:
        Misconfigured: the folder holds another campus, or something else.
    """
    if (folder / _FINISHED).is_file():
        found = _read(folder / _FINISHED)
        _refuse_other(folder, identity, found)
        return found
    if (folder / _DRAFT).is_file():
        _refuse_other(folder, identity, _read(folder / _DRAFT))
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Misconfigured(
            f"{folder} is not empty and holds no campus", "Choose an empty or a new folder"
        )
    return None


def begin_campus(folder: Path, identity: Mapping[str, object]) -> None:
    """Mark the folder as being written."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _DRAFT, identity)


def finish_campus(folder: Path, description: Mapping[str, object]) -> None:
    """Mark the folder as complete."""
    _write(folder / _DRAFT, description)
    (folder / _DRAFT).replace(folder / _FINISHED)


def _refuse_other(
    folder: Path, identity: Mapping[str, object], found: Mapping[str, object]
) -> None:
    differing = [name for name in identity if found.get(name) != identity[name]]
    if differing:
        name = differing[0]
        raise Misconfigured(
            f"{folder} holds another campus ({name} {found.get(name)}, wanted {identity[name]})",
            "Choose an empty or a new folder",
        )


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Misconfigured(f"{path} is no JSON ({error})", "Remove the folder") from None
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
