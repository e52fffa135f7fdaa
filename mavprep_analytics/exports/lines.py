"""From a gzip file to lines, in blocks, within limits: a hostile file costs bounded memory and time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isal import igzip, isal_zlib

from mavprep_analytics.exports.refusals import DataMismatch, TooLarge
from mavprep_analytics.exports.texts import Text

BLOCK_BYTES = 6 << 20
MAX_LINE_BYTES = 8 << 20
MAX_RATIO = 200
MAX_BYTES = 8 << 30
_SMALL = 1 << 26
_open: Any = igzip.IGzipFile
_IsalError: Any = isal_zlib.IsalError


def blocks(path: Path, name: str) -> Iterator[Text]:
    """Yield the lines of a gzip file, about 6 MiB at a time.

    All members are read and their checksums verified. A line over 8 MiB becomes an empty one, which no
    reader takes for an item.

    Args:
        path: the local file.
        name: what messages call it.

    Raises:
        DataMismatch: it is no whole gzip file.
        TooLarge: it unpacks to more than 200 times its size, or 8 GiB.
    """
    rest, is_skipping = b"", False
    for piece in _pieces(path, name):
        cut = piece.rfind(b"\n")
        if cut >= 0:
            first = piece.find(b"\n")
            is_long = is_skipping or len(rest) + first > MAX_LINE_BYTES
            held = memoryview(piece)[:cut]
            yield Text(held[first:]) if is_long else Text(rest, held)
            rest, is_skipping = piece[cut + 1 :], False
        else:
            rest += piece
        if is_skipping or len(rest) > MAX_LINE_BYTES:
            rest, is_skipping = b"", True
    if rest or is_skipping:
        yield Text(rest)


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    limit = min(MAX_BYTES, max(_SMALL, path.stat().st_size * MAX_RATIO))
    seen = 0
    try:
        with _open(path) as file:
            while piece := file.read(BLOCK_BYTES):
                seen += len(piece)
                if seen > limit:
                    raise TooLarge(f"{name} unpacks to over {limit} bytes", "Do not use it")
                yield piece
    except (EOFError, OSError, _IsalError) as error:
        raise DataMismatch(
            f"{name} is no whole gzip file: {error}", "Copy the export again"
        ) from None
