"""The gzip data files of an export: streamed, with the digests that the manifest states.

Real files are one gzip member with mtime 0 and OS byte 255; an empty one has 20 bytes. Not here: which
item goes to which file (`export_writer`).
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_BUFFERED_CHARACTERS = 1 << 18


@dataclass(frozen=True)
class DataFileFacts:
    """One line of `manifest-files.json`, in AWS's order."""

    item_count: int
    md5_base64: str
    etag: str
    key: str


def base64_md5(content: bytes) -> str:
    """Return base64(MD5(content)), the form of every checksum in an export."""
    return base64.b64encode(_md5(content)).decode()


class DataFile:
    """One data file being written; memory stays flat whatever its size.

    Args:
        path: local file, written from scratch.
        level: zlib level 0..9; real files look like 9, big campuses are quicker with 1.
    """

    def __init__(self, path: Path, level: int) -> None:
        self.path = path
        self.item_count = 0
        self._file = path.open("wb")
        self._deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc = self._size = self._waiting = 0
        self._lines: list[str] = []
        self._write(_GZIP_HEADER)

    def add(self, line: str) -> None:
        """Append one record; the newline is added here."""
        self.item_count += 1
        self._lines.append(line)
        self._waiting += len(line)
        if self._waiting >= _BUFFERED_CHARACTERS:
            self._compress()

    def finish(self, key: str) -> DataFileFacts:
        """Close the file and return what the manifest says about it under this key."""
        self._compress()
        self._write(self._deflate.flush())
        self._write(self._crc.to_bytes(4, "little") + (self._size % 2**32).to_bytes(4, "little"))
        self._file.close()
        digest = self._md5.digest()
        etag = f"{_md5(digest).hex()}-1"
        return DataFileFacts(self.item_count, base64.b64encode(digest).decode(), etag, key)

    def abandon(self) -> None:
        """Close without finishing, after an error elsewhere."""
        self._file.close()

    def _compress(self) -> None:
        if not self._lines:
            return
        content = ("\n".join(self._lines) + "\n").encode()
        self._lines.clear()
        self._waiting = 0
        self._crc = zlib.crc32(content, self._crc)
        self._size += len(content)
        self._write(self._deflate.compress(content))

    def _write(self, content: bytes) -> None:
        self._md5.update(content)
        self._file.write(content)


def write_data_file(path: Path, lines: Iterable[str], key: str, level: int = 9) -> DataFileFacts:
    """Write a whole data file from its lines and return its facts."""
    data_file = DataFile(path, level)
    for line in lines:
        data_file.add(line)
    return data_file.finish(key)


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()
