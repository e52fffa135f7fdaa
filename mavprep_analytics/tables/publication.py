"""The ledger of publication: what was published when, what is to be written back, and who is erased.

Publication alone writes these tables; they exist in Postgres only and no lake version holds them.
"""

from mavprep_analytics.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DATE,
    INTEGER,
    JSON,
    TEXT,
    TIMESTAMP,
    Column,
    Layer,
    Table,
    user_id,
)

RESULTS = ("pending", "written", "gone", "superseded")


def _ledger(name: str, grain: str, key: tuple[str, ...], *columns: Column, note: str = "") -> Table:
    return Table(name, Layer.LEDGER, "publication", grain, key, columns, note=note)


migrations = _ledger(
    "migrations",
    "applied migration file",
    ("name",),
    Column("name", TEXT, "Folder and file, e.g. analytics/0001_ledger.sql."),
    Column("sha256", TEXT, "Of the file as it was applied."),
    Column("applied_at", TIMESTAMP, "When."),
)

publications = _ledger(
    "publications",
    "publication",
    ("sequence",),
    Column("sequence", BIGINT, "1, 2, 3 … without gaps.", minimum=1),
    Column("as_of", DATE, "The date whose numbers these are; never falls."),
    Column("export_chain", JSON, "The exports that the lake version was built from."),
    Column("code_version", TEXT, "Of the code that published."),
    Column("lake_version", BIGINT, "Number of the lake version.", minimum=1),
    Column("lake_commit_id", TEXT, "Its commit id: numbers of different lakes do not compare."),
    Column("tables", JSON, "Per table its lake digest, rows left, upserted and deleted."),
    Column("commit_id", TEXT, "Tells a run whether a commit of unknown outcome is its own."),
    Column("published_at", TIMESTAMP, "When."),
    Column("row_counts", JSON, "Per table its rows."),
    Column("digests", JSON, "Per table its lake digest."),
)

publication_fence = _ledger(
    "publication_fence",
    "database (its only row is what a publisher locks)",
    ("is_only_row",),
    Column("is_only_row", BOOLEAN, "Always true."),
    Column("sequence", BIGINT, "The newest publication; 0 before the first.", minimum=0),
)

rank_writes = _ledger(
    "rank_writes",
    "student whose REPUTATION item was or is to be given ranks",
    ("user_id",),
    user_id(),
    Column("table_arn", TEXT, "The DynamoDB table of the item."),
    Column("global_rank", INTEGER, "To be written.", minimum=1),
    Column("university_rank", INTEGER, "Null: none, the attribute is removed.", nullable=True),
    Column("subject_ranks", JSON, "Map of subject id to rank; empty: none."),
    Column("ranks_as_of", DATE, "The as-of date of the ranks."),
    Column("status", TEXT, "Where the write stands.", allowed=RESULTS),
    Column("settled_at", TIMESTAMP, "When DynamoDB answered; null: pending.", nullable=True),
    Column("exported_ranks", TEXT, "Digest of the ranks that the exported item held before it."),
    note="A row is the last task of its student; a newer publication replaces it.",
)

erased_users = _ledger(
    "erased_users",
    "erased student",
    ("user_hash",),
    Column("user_hash", TEXT, "HMAC-SHA-256 of the user id with the erasure key, hex."),
    Column("erased_at", TIMESTAMP, "When erasure was first asked for."),
    note="Holds no id: an id can only be tested against it.",
)

erasure_key = _ledger(
    "erasure_key",
    "database (its only row)",
    ("is_only_row",),
    Column("is_only_row", BOOLEAN, "Always true."),
    Column("secret", TEXT, "Key of the hashes in erased_users, hex; made at the first erasure."),
    note="Readable by the publisher's role alone.",
)

TABLES = (migrations, publications, publication_fence, rank_writes, erased_users, erasure_key)
