"""What a table declaration is: types, columns, keys and the schemas derived from them.

The tables themselves stand in the sibling modules, one per word of the product (`mastery`, `rankings` …);
`__init__` collects them. No I/O here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pyarrow as pa


@dataclass(frozen=True)
class Type:
    """A column type in its two worlds: Arrow/Parquet in the lake, and Postgres where published."""

    arrow: pa.DataType
    postgres: str


TEXT = Type(pa.string(), "text")
UUID = Type(pa.string(), "uuid")
BOOLEAN = Type(pa.bool_(), "boolean")
INTEGER = Type(pa.int64(), "integer")
BIGINT = Type(pa.int64(), "bigint")
DATE = Type(pa.date32(), "date")
TIMESTAMP = Type(pa.timestamp("us", tz="UTC"), "timestamp with time zone")
JSON = Type(pa.string(), "jsonb")
EXACT = Type(pa.decimal128(38, 20), "numeric")
"""An exact decimal as MavPrep wrote it; published without trailing zeros."""
SECONDS = Type(pa.decimal128(15, 6), "numeric(15,6)")
WIDE = Type(pa.decimal128(38, 0), "numeric(38,0)")
"""An integer of up to 38 digits."""


def decimal(precision: int, scale: int) -> Type:
    """Return an exact decimal type of the given total digits and decimals."""
    return Type(pa.decimal128(precision, scale), f"numeric({precision},{scale})")


def rows_of(*columns: "Column") -> Type:
    """Return the type of a nested list of rows, with these columns; never published to Postgres."""
    return Type(pa.list_(pa.struct([c.arrow_field for c in columns])), "jsonb")


def list_of(element: Type) -> Type:
    """Return the type of a nested list of plain values."""
    return Type(pa.list_(element.arrow), "jsonb")


class Pii(StrEnum):
    """How a column relates to a person; every column is marked, none by omission of the reader."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    IDENTITY = "identity"


class Layer(StrEnum):
    """How far a table is on its way: raw -> core -> mart; the ledger is written by publication alone.

    A step lives within one build and is in no lake version.
    """

    RAW = "raw"
    CORE = "core"
    CATALOGUE = "catalogue"
    STEP = "step"
    MART = "mart"
    LEDGER = "ledger"


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        name: with its unit as suffix (`_seconds`, `_micros`, `_at`, `_on`).
        type: one of the constants above.
        meaning: one sentence; for a nullable column it says what null means.
        unit: of a number that is not a plain count.
        nullable: whether null may occur.
        pii: whether it names or stands for a person.
        references: catalogue column that a published value must exist in, e.g. `subjects.id`.
        allowed: the closed set of values, if there is one.
        minimum: the smallest allowed value, inclusive; None: unbounded.
        maximum: the largest allowed value, inclusive; None: unbounded.
    """

    name: str
    type: Type
    meaning: str
    unit: str | None = None
    nullable: bool = False
    pii: Pii = Pii.NONE
    references: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def arrow_field(self) -> "pa.Field[Any]":
        """The Arrow field; nested fields are always nullable in Parquet terms, the checks are ours."""
        return pa.field(self.name, self.type.arrow)


ATTEMPT = ("user_id", "test_id", "attempt_key")
"""What tells one test attempt from all others."""


@dataclass(frozen=True)
class Table:
    """One table, declared once.

    Args:
        name: the table's name in the lake, of its asset and of its SQL file.
        layer: see Layer.
        group: the product word it belongs to; also its Dagster group.
        grain: completes "one row per …".
        key: the columns that identify a row.
        columns: in order.
        published: whether it is also the Postgres table `analytics_<name>`.
        note: what a reader should know beyond the grain.
        by_student: whether a student's rows follow from that student's rows of other tables whose key
            begins with user_id, and from the tables without students; then a night computes only the
            students that it touched.
        by_attempt: the same of attempts: an attempt's rows follow from its rows of other tables whose key
            begins with user_id, test_id and attempt_key.
        first_by: column by which a row is the first of its key over attempts, e.g. the first answer; then a
            night compares what its attempts say with the rows that there are, and computes a student whole
            where a first one went away, or two came at the same time. Empty: it is no such table.
        sums_by: columns of its inputs, of which user_id is the first: every column beyond the key is a sum
            of at least one whole number that is above zero, over the values of these; then a night adds the
            sums of the values that it touched and takes away what they were. None: it is no such table.
    """

    name: str
    layer: Layer
    group: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = False
    note: str = ""
    by_student: bool = False
    by_attempt: bool = False
    first_by: str = ""
    sums_by: tuple[str, ...] = ()
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {c.name: c for c in self.columns})
        missing = [name for name in self.key if name not in self._by_name]
        if missing or len(self._by_name) != len(self.columns):
            raise ValueError(f"{self.name}: key {missing} not among its columns, or a column twice")
        if sum(map(bool, (self.by_student, self.by_attempt, self.first_by, self.sums_by))) > 1:
            raise ValueError(
                f"{self.name}: by student, by attempt, first or sums, only one of them"
            )

    def __getitem__(self, column: str) -> Column:
        return self._by_name[column]

    @property
    def order(self) -> tuple[str, ...]:
        """Columns that its rows are sorted by in the lake; a step is read whole and needs no order."""
        return () if self.layer is Layer.STEP else self.key

    @property
    def followed(self) -> tuple[str, ...]:
        """Columns of its inputs by whose values a night follows what changed; none: it is computed whole."""
        if self.by_student:
            return ("user_id",)
        return ATTEMPT if self.by_attempt or self.first_by else self.sums_by

    @property
    def has_changes(self) -> bool:
        """Whether a night may leave the rows as they are and add a change beside them."""
        return self.by_student or self.by_attempt or bool(self.first_by)

    @property
    def lists(self) -> tuple[str, ...]:
        """The columns that hold lists."""
        return tuple(c.name for c in self.columns if pa.types.is_list(c.type.arrow))

    @property
    def values(self) -> tuple[str, ...]:
        """The columns beyond the key."""
        return tuple(c.name for c in self.columns if c.name not in self.key)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Parquet schema of the table in the lake."""
        return pa.schema([c.arrow_field for c in self.columns])

    @property
    def postgres_name(self) -> str:
        """The name of the published table."""
        return f"analytics_{self.name}"

    @property
    def description(self) -> str:
        """The grain and the note, as shown in the Dagster UI and the reference."""
        return f"One row per {self.grain}. {self.note}".strip()


def user_id(meaning: str = "The student.") -> Column:
    """Return the column that stands for a student."""
    return Column("user_id", TEXT, meaning, pii=Pii.PSEUDONYM)
