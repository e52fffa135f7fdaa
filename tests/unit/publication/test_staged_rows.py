"""Rows on their way into Postgres: CSV, NUL, and students on the erasure list."""

import csv
import io

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.erased_users import ErasedUsers, person_columns, user_hash
from mavprep_analytics.publication.staging import as_csv, without_nul
from mavprep_analytics.tables import TABLES

KEY = b"key"
TEXTS = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=9
)


def batch(texts: list[str | None]) -> pa.RecordBatch:
    numbers = pa.array(range(len(texts)), pa.int64())
    return pa.RecordBatch.from_arrays([pa.array(texts, pa.string()), numbers], ["user_id", "n"])


@settings(deadline=None)
@given(TEXTS)
def test_null_is_empty_and_every_value_is_quoted(texts: list[str | None]) -> None:
    cleaned = without_nul(batch(texts))
    text = as_csv(cleaned).decode()
    expected = "".join(
        f"{'' if t is None else _quoted(t)},{_quoted(str(n))}\n"
        for n, t in enumerate(cleaned.column("user_id").to_pylist())
    )
    assert text == expected
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(texts)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@settings(deadline=None)
@given(TEXTS)
def test_nul_is_replaced_and_nothing_else(texts: list[str | None]) -> None:
    cleaned = without_nul(batch(texts)).column("user_id").to_pylist()
    assert cleaned == [t if t is None else t.replace("\0", "\ufffd") for t in texts]


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdefg")))
def test_exactly_the_rows_of_erased_students_are_left_out(
    users: list[str], erased: set[str]
) -> None:
    listed = ErasedUsers(KEY, frozenset(user_hash(KEY, user) for user in erased))
    kept = listed.left_out(batch(list(users)), ["user_id"]).column("user_id").to_pylist()
    assert kept == [user for user in users if user not in erased]


def test_another_key_gives_another_hash() -> None:
    assert user_hash(b"a", "user") != user_hash(b"b", "user")


def test_an_unresolved_student_counts_as_a_person() -> None:
    assert person_columns(TABLES["unresolved_references"]) == ["reference"]
    assert person_columns(TABLES["rankings"]) == ["user_id"]
    assert person_columns(TABLES["question_options"]) == []
