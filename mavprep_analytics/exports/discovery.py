"""Finds the exports below a place: which are unfinished, complete or broken. Reads manifests, never data."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.exports.allowed import Allowed
from mavprep_analytics.exports.manifests import (
    MAX_MANIFEST_BYTES,
    Export,
    check_companion,
    claimed_end,
    parse_export,
)
from mavprep_analytics.exports.places import Place
from mavprep_analytics.exports.refusals import ExportRefused, TooLarge

_ROOT = "AWSDynamoDB"
_DEPTH = 6
_READERS = 8
_COMPANIONS = (".md5", ".checksum")


@dataclass(frozen=True)
class Found:
    """One export folder.

    Args:
        folder: its key below the place, ending in the export's id.
        export: what its manifests say; None while unfinished or when broken.
        refusal: why it is broken; None otherwise. Neither export nor refusal: still being written.
        claim: table ARN and end as a broken export claims them; None: unreadable.
    """

    folder: str
    export: Export | None = None
    refusal: ExportRefused | None = None
    claim: tuple[str, datetime] | None = None

    @property
    def root(self) -> str:
        """The key of the `AWSDynamoDB/` folder that it lies in."""
        return self.folder.rsplit("/", 1)[0] + "/"


def discover(place: Place, url: str, allowed: Allowed | None = None) -> list[Found]:
    """Return every export below the place, ordered by folder; those not allowed are refused.

    Raises:
        Misconfigured: there is no `AWSDynamoDB` folder at all.
    """
    roots = list(_roots(place, "", _DEPTH))
    if not roots:
        raise Misconfigured(
            f"there is no AWSDynamoDB folder below {url}", "Check MAVPREP_EXPORTS_URL"
        )
    folders = [root + name for root in roots for name in place.children(root)[0] if name != "data"]
    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(lambda folder: _inspect(place, folder, allowed or Allowed()), folders))


def _roots(place: Place, folder: str, depth: int) -> Iterator[str]:
    folders, _ = place.children(folder)
    if _ROOT in folders:
        yield f"{folder}{_ROOT}/"
    if depth:
        for name in folders:
            if name != _ROOT:
                yield from _roots(place, f"{folder}{name}/", depth - 1)


def _inspect(place: Place, folder: str, allowed: Allowed) -> Found:
    _, names = place.children(folder + "/")
    if not all(_companion(names, manifest) for manifest in ("manifest-summary", "manifest-files")):
        return Found(folder)
    summary = None
    try:
        summary = _verified(place, folder, names, "manifest-summary")
        lines = _verified(place, folder, names, "manifest-files")
        export = parse_export(folder, summary, lines)
        allowed.check(export)
        return Found(folder, export)
    except ExportRefused as refusal:
        text = summary or place.read(f"{folder}/manifest-summary.json", MAX_MANIFEST_BYTES) or b""
        return Found(folder, refusal=refusal, claim=claimed_end(text))


def _companion(names: list[str], manifest: str) -> str | None:
    if f"{manifest}.json" not in names:
        return None
    return next((manifest + end for end in _COMPANIONS if manifest + end in names), None)


def _verified(place: Place, folder: str, names: list[str], manifest: str) -> bytes:
    name = f"{folder}/{manifest}.json"
    content = place.read(name, MAX_MANIFEST_BYTES) or b""
    if len(content) > MAX_MANIFEST_BYTES:
        raise TooLarge(f"{name} is larger than 64 MiB", "Do not use this export")
    companion = place.read(f"{folder}/{_companion(names, manifest)}", 1024) or b""
    check_companion(name, content, companion)
    return content
