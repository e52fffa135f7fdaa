"""The raw tables: what the exports held beyond the accepted items, and the counts that prove nothing was lost."""

from mavprep_analytics.tables.declaration import BIGINT, TEXT, Column, Layer, Table

raw_export_files = Table(
    "export_files",
    Layer.RAW,
    "raw",
    "data file of an ingested export",
    ("export_arn", "file_key"),
    (
        Column("export_arn", TEXT, "The export."),
        Column("table_name", TEXT, "The DynamoDB table."),
        Column("file_key", TEXT, "dataFileS3Key of the manifest."),
        Column(
            "item_count", BIGINT, "itemCount of the manifest; the sum of the next three.", minimum=0
        ),
        Column("accepted", BIGINT, "Items taken, deletes included.", minimum=0),
        Column("quarantined", BIGINT, "Items refused with a reason.", minimum=0),
        Column("unrecognised", BIGINT, "Items whose keys match no kind; kept raw.", minimum=0),
    ),
    published=True,
)

raw_quarantine = Table(
    "raw_quarantine",
    Layer.RAW,
    "raw",
    "refused item of an ingested export",
    ("export_arn", "file_key", "line_number"),
    (
        Column("export_arn", TEXT, "The export."),
        Column("file_key", TEXT, "The data file."),
        Column("line_number", BIGINT, "From 1.", minimum=1),
        Column("entity", TEXT, "The kind its keys name; null: unreadable.", nullable=True),
        Column("reason", TEXT, "The reason code."),
        Column(
            "attribute", TEXT, "Path of the offending attribute; null: the line.", nullable=True
        ),
        Column("keys_sha256", TEXT, "Hash of PK and SK; null: unreadable.", nullable=True),
    ),
    note="Holds no content of the item.",
)

raw_unrecognised = Table(
    "raw_unrecognised",
    Layer.RAW,
    "raw",
    "item of an ingested export whose keys match no kind",
    ("export_arn", "file_key", "line_number"),
    (
        Column("export_arn", TEXT, "The export."),
        Column("file_key", TEXT, "The data file."),
        Column("line_number", BIGINT, "From 1.", minimum=1),
        Column("item_json", TEXT, "The line, as DynamoDB JSON."),
    ),
)

raw_drift = Table(
    "raw_drift",
    Layer.RAW,
    "raw",
    "attribute of an entity that drifted in an ingested export",
    ("export_arn", "entity", "attribute"),
    (
        Column("export_arn", TEXT, "The export."),
        Column("entity", TEXT, "The item kind."),
        Column(
            "attribute",
            TEXT,
            "Path of an attribute that no schema knows; or `OldImage`: a change did not start from the item"
            " that we had; or `Metadata.WriteTimestampMicros`: it was written over a minute outside its window;"
            " or `answers[].timeSpent`: a time outside 0 to 14,400 s was lost.",
        ),
        Column("occurrences", BIGINT, "Items that have it.", minimum=1),
    ),
)

TABLES = (raw_export_files, raw_quarantine, raw_unrecognised, raw_drift)
