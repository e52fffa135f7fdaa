"""Tells whether a user id stands on the erasure list, which holds keyed hashes only. Pure."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mavprep_analytics.tables import Pii, Table

_UNKNOWN_USERS = ("unresolved_references", "reference")


@dataclass(frozen=True)
class ErasedUsers:
    """The erasure list.

    Args:
        key: of the hashes; empty while nobody was ever erased.
        hashes: as made by `user_hash`.
    """

    key: bytes = b""
    hashes: frozenset[str] = frozenset()

    def among(self, user_ids: Collection[str]) -> list[str]:
        """Return those of the ids that are on the list."""
        return [user for user in user_ids if user_hash(self.key, user) in self.hashes]

    def left_out(self, batch: pa.RecordBatch, columns: Collection[str]) -> pa.RecordBatch:
        """Return the batch without the rows that name an erased student in one of the columns."""
        if not self.hashes:
            return batch
        for name in columns:
            column = batch.column(name)
            people: list[Any] = column.drop_null().unique().to_pylist()
            erased = self.among(people)
            if erased:
                named = pc.is_in(column, value_set=pa.array(erased, column.type))
                batch = batch.filter(pc.invert(named))
        return batch


NOBODY = ErasedUsers()
"""The list while nobody was ever erased."""


def user_hash(key: bytes, user_id: str) -> str:
    """Return HMAC-SHA-256 of the id, hex."""
    return hmac.new(key, user_id.encode(), hashlib.sha256).hexdigest()


def person_columns(table: Table) -> list[str]:
    """Return the columns whose value is a user id.

    `unresolved_references` counts: there a student without PROFILE stands as a reference.
    """
    marked = [column.name for column in table.columns if column.pii is Pii.PSEUDONYM]
    name, column = _UNKNOWN_USERS
    return [*marked, column] if table.name == name else marked
