"""Finds the files of `sql/` and `reports/`, in a checkout (beside the package) or a wheel (inside it)."""

from pathlib import Path

from mavprep_analytics.errors import Misconfigured

_PACKAGE = Path(__file__).resolve().parent


def packaged_folder(name: str) -> Path:
    """Return the folder `sql` or `reports` of this installation.

    Raises:
        Misconfigured: it is in neither place, so the installation is incomplete.
    """
    beside, inside = _PACKAGE.parent / name, _PACKAGE / name
    if (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    if inside.is_dir():
        return inside
    raise Misconfigured(
        f"the folder {name}/ is neither at {beside} nor at {inside}", "Reinstall the package"
    )


def read_packaged(name: str) -> str:
    """Return the text of a packaged file, e.g. `sql/marts/rankings.sql`."""
    folder, _, rest = name.partition("/")
    path = packaged_folder(folder) / rest
    if not path.is_file():
        raise Misconfigured(f"the packaged file {path} is missing", "Reinstall the package")
    return path.read_text(encoding="utf-8")
