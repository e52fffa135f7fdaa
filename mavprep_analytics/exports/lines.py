"""From a gzip file to lines, in blocks, within limits: a hostile file costs bounded memory and time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isal import igzip, isal_zlib

from mavprep_analytics.exports.refusals import DataMismatch, TooLarge

BLOCK_BYTES = 2 << 20
MAX_LINE_BYTES = 8 << 20
MAX_RATIO = 200
MAX_BYTES = 8 << 30
_SMALL = 1 << 26
_open: Any = igzip.IGzipFile
_IsalError: Any = isal_zlib.IsalError


def blocks(path: Path, name: str) -> Iterator[list[bytes]]:
    """Yield the lines of a gzip file, without their new lines, about 2 MiB at a time.

    All members are read and their checksums verified. A line over 8 MiB becomes an empty one, which no
    reader takes for an item.

    Args:
        path: the local file.
        name: what messages call it.

    Raises:
        DataMismatch: it is no whole gzip file.
        TooLarge: it unpacks to more than 200 times its size, or 8 GiB.
    """
    limit = min(MAX_BYTES, max(_SMALL, path.stat().st_size * MAX_RATIO))
    seen, rest, is_skipping = 0, b"", False
    try:
        with _open(path) as file:
            while piece := file.read(BLOCK_BYTES):
                seen += len(piece)
                if seen > limit:
                    raise TooLarge(f"{name} unpacks to over {limit} bytes", "Do not use it")
                lines = piece.split(b"\n")
                lines[0] = rest + lines[0]
                rest = lines.pop()
                if lines:
                    if is_skipping or len(lines[0]) > MAX_LINE_BYTES:
                        lines[0] = b""
                    is_skipping = False
                    yield lines
                if is_skipping or len(rest) > MAX_LINE_BYTES:
                    rest, is_skipping = b"", True
    except (EOFError, OSError, _IsalError) as error:
        raise DataMismatch(
            f"{name} is no whole gzip file: {error}", "Copy the export again"
        ) from None
    if rest or is_skipping:
        yield [rest]
