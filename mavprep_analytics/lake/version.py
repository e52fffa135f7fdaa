"""What a lake version says: which files are which table. Pure data and its JSON form; no I/O."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DataFile:
    """One Parquet file: its key below the lake's root, rows, bytes and sha256 (hex)."""

    key: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class TableEntry:
    """One table in one version.

    Args:
        files: in reading order.
        inputs: what it was built from: name of each input -> digest. Equal inputs mean equal rows.
    """

    files: tuple[DataFile, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(file.rows for file in self.files)

    @property
    def digest(self) -> str:
        """Sha256 over the files' sha256: equal digests mean equal bytes."""
        return digest_of([file.sha256 for file in self.files])


@dataclass(frozen=True)
class Version:
    """One consistent state of all tables.

    Args:
        number: 0 is the empty lake before the first commit.
        commit_id: tells a writer whether a version whose write had an unknown outcome is its own.
        tables: name -> entry.
        facts: small JSON documents that belong to the same commit, e.g. the export chain.
    """

    number: int
    commit_id: str = ""
    tables: Mapping[str, TableEntry] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Serialise with sorted keys, so that equal versions are equal bytes."""
        tables = {
            name: {"files": [vars(file) for file in entry.files], "inputs": dict(entry.inputs)}
            for name, entry in self.tables.items()
        }
        document = {
            "number": self.number,
            "commit_id": self.commit_id,
            "tables": tables,
            "facts": dict(self.facts),
        }
        return json.dumps(document, sort_keys=True, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Version":
        """Read back what `to_json` wrote."""
        document = json.loads(text)
        tables = {
            name: TableEntry(tuple(DataFile(**file) for file in entry["files"]), entry["inputs"])
            for name, entry in document["tables"].items()
        }
        return cls(document["number"], document["commit_id"], tables, document["facts"])


def digest_of(parts: list[str]) -> str:
    """Return the sha256 (hex) of the parts, told apart by new lines."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
