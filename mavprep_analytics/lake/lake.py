"""Reading and committing lake versions. What the tables mean is not known here."""

import hashlib
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mavprep_analytics.errors import DataRefused, Overtaken, Temporary
from mavprep_analytics.lake.live import write_live
from mavprep_analytics.lake.stores import Store, open_store
from mavprep_analytics.lake.version import DataFile, TableEntry, Version

ROW_GROUP_ROWS = 1 << 18
VERSION_DAYS, ORPHAN_DAYS, STAGE_DAYS = timedelta(days=30), timedelta(days=7), timedelta(days=1)


class LakeCorrupt(DataRefused):
    """A lake file is missing or its bytes differ from what the version says."""


class Lake:
    """A lake at a folder or an S3 prefix.

    Args:
        store: where the objects lie.
        scratch: a local folder for staging and cached copies.
    """

    def __init__(self, store: Store, scratch: Path) -> None:
        self._store = store
        self.scratch = scratch
        self._verified: set[str] = set()

    @classmethod
    def open(cls, url: str, scratch: Path | None = None) -> "Lake":
        """Open the lake at a URL; nothing is created before the first write.

        Args:
            url: `s3://bucket/prefix` or a folder.
            scratch: a private local folder that `prune` sees to; None: one that goes with the lake.
        """
        if scratch is not None:
            return cls(open_store(url), scratch)
        lake = cls(open_store(url), Path(tempfile.mkdtemp(prefix="mavprep-lake-")))
        weakref.finalize(lake, shutil.rmtree, lake.scratch, ignore_errors=True)
        return lake

    def head(self) -> Version:
        """Return the newest version; number 0 and no tables when there is none."""
        names = self._store.keys("versions/")
        return self.version(_number(names[-1])) if names else Version(0)

    def version(self, number: int) -> Version:
        """Return one version.

        Raises:
            LakeCorrupt: there is no such version.
        """
        text = self._store.read(_version_key(number))
        if text is None:
            raise LakeCorrupt(
                f"lake version {number} is missing", "Restore it, or run from the exports"
            )
        return Version.from_json(text)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a private local folder that is removed afterwards; files in it belong to no version."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="stage-") as folder:
            yield Path(folder)

    def add_file(self, table: str, path: Path) -> DataFile:
        """Move a finished local Parquet file into the lake, under its content's name."""
        sha256, size = _sha256(path), path.stat().st_size
        rows = pq.read_metadata(path).num_rows
        file = DataFile(f"data/{table}/{sha256}.parquet", rows, size, sha256)
        self._store.upload(file.key, path)
        self._verified.discard(file.key)
        return file

    def add_copy(self, table: str, path: Path) -> DataFile:
        """Add a copy of a finished local Parquet file to the lake; the file itself stays."""
        copy = path.with_name(f"{table}-{path.name}")
        shutil.copyfile(path, copy)
        return self.add_file(table, copy)

    def write(
        self,
        table: str,
        schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        inputs: Mapping[str, str],
    ) -> TableEntry:
        """Write batches as one file and return its entry, ready for `commit`."""
        with self.staging() as folder:
            path = folder / f"{table}.parquet"
            with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
                for batch in batches:
                    writer.write_batch(batch, row_group_size=ROW_GROUP_ROWS)
            return TableEntry((self.add_file(table, path),), inputs)

    def local_files(self, entry: TableEntry) -> list[Path]:
        """Return local files with exactly the entry's rows, each verified against its sha256 once per process.

        Raises:
            LakeCorrupt: a file is missing or its bytes changed.
        """
        if not entry.changes:
            return [self._verified_copy(file) for file in entry.files]
        whole = self.scratch / "live" / f"{entry.digest}.parquet"
        if not whole.is_file():
            write_live(*self.parts(entry), whole)
        return [whole]

    def parts(self, entry: TableEntry) -> tuple[list[Path], list[tuple[Path, Path]]]:
        """Return local paths of the files before all changes, and of each change's rows and keys."""
        changes = [
            (self._verified_copy(change.rows), self._verified_copy(change.keys))
            for change in entry.changes
        ]
        return [self._verified_copy(file) for file in entry.files], changes

    def read(self, entry: TableEntry) -> pa.Table:
        """Read a whole table into memory; for small tables only."""
        files = self.local_files(entry)
        return pa.concat_tables([pq.read_table(path) for path in files])

    def commit(
        self,
        changes: Mapping[str, TableEntry],
        facts: Mapping[str, Any] | None = None,
        *,
        base: Version,
    ) -> Version:
        """Make the next version: base with these tables and facts replaced.

        A concurrent commit that touched other tables is built upon; one that touched the same is not.

        Raises:
            Overtaken: another run changed one of these tables or facts since base.
            Temporary: the outcome of the write is unknown and could not be read back.
        """
        facts = facts or {}
        commit_id = secrets.token_hex(16)
        parent = base
        while True:
            _refuse_overlap(base, parent, changes, facts)
            version = Version(
                parent.number + 1,
                commit_id,
                {**parent.tables, **changes},
                {**parent.facts, **facts},
            )
            if self._put(version):
                return version
            parent = self.head()

    def prune(self, keep: Collection[int], now: datetime) -> tuple[int, int]:
        """Remove what nobody reads any more, and return how many versions and data files that was.

        Versions older than 30 days go, then the files that no version names and that are older than 7 days:
        a younger one may belong to a run that has not committed yet. Of the scratch folder, copies of files that are
        gone are removed, and what runs that were killed more than a day ago had staged there.

        Args:
            keep: numbers of versions that stay however old they are; the head always stays.
            now: an aware instant.
        """
        written = self._store.written_at("versions/")
        stay = {_version_key(number) for number in (*keep, self.head().number)}
        old = [k for k, at in written.items() if k not in stay and now - at > VERSION_DAYS]
        for key in old:
            self._store.delete(key)
        named = {
            file.key
            for key in written.keys() - set(old)
            for entry in self.version(_number(key)).tables.values()
            for file in entry.named_files
        }
        files = self._store.written_at("data/")
        orphans = [k for k, at in files.items() if k not in named and now - at > ORPHAN_DAYS]
        for key in orphans:
            self._store.delete(key)
        self._prune_cache(named)
        self._prune_stages(now)
        return len(old), len(orphans)

    def _prune_cache(self, named: Collection[str]) -> None:
        cache = self.scratch / "cache"
        for path in cache.glob("data/*/*.parquet"):
            if path.relative_to(cache).as_posix() not in named:
                path.unlink(missing_ok=True)
        for path in (self.scratch / "live").glob("*.parquet"):
            path.unlink(missing_ok=True)

    def _prune_stages(self, now: datetime) -> None:
        for folder in self.scratch.glob("stage-*"):
            if now - datetime.fromtimestamp(folder.stat().st_mtime, UTC) > STAGE_DAYS:
                shutil.rmtree(folder, ignore_errors=True)

    def _put(self, version: Version) -> bool:
        key = _version_key(version.number)
        try:
            if self._store.put_if_absent(key, version.to_json()):
                return True
        except Temporary:
            pass
        written = self._store.read(key)
        if written is None:
            raise Temporary(
                f"writing lake version {version.number} had no known outcome", "Run again"
            )
        return Version.from_json(written).commit_id == version.commit_id

    def _verified_copy(self, file: DataFile) -> Path:
        path = self._store.local_copy(file.key, self.scratch / "cache")
        if path is None:
            raise LakeCorrupt(
                f"lake file {file.key} is missing", "Run again with a new lake to rebuild it"
            )
        if file.key not in self._verified:
            if _sha256(path) != file.sha256:
                raise LakeCorrupt(
                    f"lake file {file.key} changed on disk", "Remove it and run again to rebuild it"
                )
            self._verified.add(file.key)
        return path


def _refuse_overlap(
    base: Version, parent: Version, changes: Mapping[str, TableEntry], facts: Mapping[str, Any]
) -> None:
    moved = [n for n in changes if base.tables.get(n) != parent.tables.get(n)]
    moved += [n for n in facts if base.facts.get(n) != parent.facts.get(n)]
    if moved:
        raise Overtaken(
            f"another run changed {', '.join(moved)} in lake version {parent.number}", "Run again"
        )


def _version_key(number: int) -> str:
    return f"versions/{number:08d}.json"


def _number(key: str) -> int:
    return int(key.rsplit("/", 1)[-1].removesuffix(".json"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
