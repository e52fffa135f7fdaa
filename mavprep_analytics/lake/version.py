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
class Change:
    """What a night did to a table that is computed student by student, or attempt by attempt.

    Args:
        rows: the rows that the table has now of the students (attempts) in `keys`.
        keys: a file of their ids: every row of these that came before counts no more.
        hidden: how many such rows there were.
    """

    rows: DataFile
    keys: DataFile
    hidden: int


@dataclass(frozen=True)
class Delta:
    """How the rows of a table differ from those that it had before: told by who wrote it.

    Args:
        since: the table's digest before.
        went: files of rows that it held before and holds no more.
        came: files of rows that it holds now and did not before; a changed row is in both.
    """

    since: str
    went: tuple[DataFile, ...] = ()
    came: tuple[DataFile, ...] = ()


@dataclass(frozen=True)
class TableEntry:
    """One table in one version.

    Args:
        files: in reading order.
        inputs: what it was built from: name of each input -> digest. Equal inputs mean equal rows.
        changes: of later nights, in order; each replaces the rows of some students or attempts.
        delta: from one earlier state to this one; None: nobody told.
    """

    files: tuple[DataFile, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    delta: Delta | None = None

    @property
    def rows(self) -> int:
        """Rows that count."""
        fresh = sum(change.rows.rows - change.hidden for change in self.changes)
        return sum(file.rows for file in self.files) + fresh

    @property
    def all_files(self) -> tuple[DataFile, ...]:
        """Every file that is needed to read it."""
        return (*self.files, *(file for c in self.changes for file in (c.rows, c.keys)))

    @property
    def named_files(self) -> tuple[DataFile, ...]:
        """Every file that it names: none of them may go while it is there."""
        told = (*self.delta.went, *self.delta.came) if self.delta else ()
        return (*self.all_files, *told)

    @property
    def digest(self) -> str:
        """Sha256 over the files' sha256: equal digests mean equal rows."""
        return self.states[-1]

    @property
    def recipe(self) -> str:
        """The sha256 of its files, and of every change's rows and keys: what it takes to read it again."""
        files = [file.sha256 for file in self.files]
        changes = [[change.rows.sha256, change.keys.sha256] for change in self.changes]
        return "|".join(" ".join(shas) for shas in (files, *changes))

    @classmethod
    def from_recipe(cls, table: str, recipe: str) -> "TableEntry":
        """Return an entry that reads the same rows; how many there are it does not say."""
        files, *changes = [
            tuple(DataFile(f"data/{table}/{sha}.parquet", 0, 0, sha) for sha in part.split())
            for part in recipe.split("|")
        ]
        return cls(files, {}, tuple(Change(rows, keys, 0) for rows, keys in changes))

    @property
    def states(self) -> tuple[str, ...]:
        """Its digest before the first change, and after each."""
        count = len(self.files)
        shas = [file.sha256 for file in self.all_files]
        return tuple(digest_of(shas[: count + 2 * n]) for n in range(len(self.changes) + 1))


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
            name: {
                "files": [vars(file) for file in entry.files],
                "inputs": dict(entry.inputs),
                "changes": [_as_json(change) for change in entry.changes],
                **({"delta": _delta_as_json(entry.delta)} if entry.delta else {}),
            }
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
            name: TableEntry(
                tuple(DataFile(**file) for file in entry["files"]),
                entry["inputs"],
                tuple(_from_json(change) for change in entry.get("changes", ())),
                _delta_from_json(entry["delta"]) if "delta" in entry else None,
            )
            for name, entry in document["tables"].items()
        }
        return cls(document["number"], document["commit_id"], tables, document["facts"])


def digest_of(parts: list[str]) -> str:
    """Return the sha256 (hex) of the parts, told apart by new lines."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _as_json(change: Change) -> dict[str, Any]:
    return {"rows": vars(change.rows), "keys": vars(change.keys), "hidden": change.hidden}


def _from_json(change: Mapping[str, Any]) -> Change:
    return Change(DataFile(**change["rows"]), DataFile(**change["keys"]), change["hidden"])


def _delta_as_json(delta: Delta) -> dict[str, Any]:
    went, came = ([vars(file) for file in files] for files in (delta.went, delta.came))
    return {"since": delta.since, "went": went, "came": came}


def _delta_from_json(delta: Mapping[str, Any]) -> Delta:
    went, came = (tuple(DataFile(**file) for file in delta[side]) for side in ("went", "came"))
    return Delta(delta["since"], went, came)
