"""Numbers, lines, ION, windows and retries: the small parts of reading an export."""

import gzip
import itertools
import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.campus.dynamodb_json import item_text
from mavprep_analytics.campus.ion_text import struct_text
from mavprep_analytics.errors import Temporary
from mavprep_analytics.exports.careful import number
from mavprep_analytics.exports.chain import LONGEST, SHORTEST
from mavprep_analytics.exports.ion import json_lines
from mavprep_analytics.exports.lines import blocks
from mavprep_analytics.exports.places import fetch
from mavprep_analytics.exports.requesting import windows
from mavprep_analytics.exports.routing import Invalid, Placed, route

decimals = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda d: len(d.as_tuple().digits) <= 38 and -130 <= d.adjusted() <= 125
)


@settings(max_examples=50)
@given(decimals)
def test_a_number_keeps_its_value_in_plain_digits(exact: Decimal) -> None:
    plain = number(str(exact))
    assert Decimal(plain) == exact
    assert "E" not in plain
    assert number(plain) == plain


@pytest.mark.parametrize("text", ["1" * 39, "1E+126", "1E-131", "0." + "1" * 39])
def test_a_number_beyond_dynamodb_is_out_of_range(text: str) -> None:
    with pytest.raises(Invalid, match="out_of_range"):
        number(text)


def test_thirty_eight_digits_and_a_hundred_zeros_are_exact() -> None:
    assert number("9" * 38) == "9" * 38
    assert number("1E+100") == "1" + "0" * 100


@settings(max_examples=20)
@given(st.lists(st.binary().map(lambda b: b.replace(b"\n", b"")), max_size=30))
def test_lines_come_back_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.gz"
    path.write_bytes(gzip.compress(b"".join(line + b"\n" for line in lines)))
    assert [line for block in blocks(path, "x") for line in block.lines] == lines


def test_a_last_line_without_a_new_line_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"a\nb"))
    assert [line for block in blocks(tmp_path / "x.gz", "x") for line in block.lines] == [
        b"a",
        b"b",
    ]


@pytest.mark.parametrize("size", [8 << 20, (8 << 20) + 1, 10 << 20, 20 << 20])
def test_a_line_beyond_eight_mebibytes_becomes_an_invalid_one(tmp_path: Path, size: int) -> None:
    noise = bytes(range(97, 123)) * (size // 26 + 1)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"a\n" + noise[:size] + b"\nb\n", 0))
    lengths = [len(line) for block in blocks(path, "x") for line in block.lines]
    assert lengths == [1, size if size <= 8 << 20 else 0, 1]


def test_a_line_without_end_costs_no_memory(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(24 << 20).hex().encode()
    (tmp_path / "x.gz").write_bytes(gzip.compress(noise, 1))
    del noise
    tracemalloc.start()
    assert [len(line) for block in blocks(tmp_path / "x.gz", "x") for line in block.lines] == [0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


plain_values = st.recursive(
    st.one_of(
        st.text(max_size=5),
        st.integers(-(10**20), 10**20),
        st.booleans(),
        st.none(),
        st.binary(max_size=4),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=30)
@given(st.dictionaries(st.text(min_size=1, max_size=5), plain_values, max_size=4))
def test_an_ion_line_says_what_the_json_line_says(item: dict[str, object]) -> None:
    (line,) = json_lines([f"$ion_1_0 {struct_text({'Item': item})}".encode()])
    assert msgspec.json.decode(line) == msgspec.json.decode(f'{{"Item":{item_text(item)}}}')


@pytest.mark.parametrize(
    "metadata",
    ["{WriteTimestampMicros:1767226500123456}", "{WriteTimestampMicros:1767226500123456.}",
     "{WriteTimestampMicros:{N:1767226500123456.}}"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["$ion_1_0 {Record:{%s}}", "$ion_1_0 {%s}"])
def test_both_forms_of_ion_changes_are_read(metadata: str, form: str) -> None:
    text = form % f'Metadata:{metadata},Keys:{{PK:"a",SK:"b"}}'
    (line,) = json_lines([text.encode()])
    assert msgspec.json.decode(line) == {
        "Metadata": {"WriteTimestampMicros": {"N": "1767226500123456"}},
        "Keys": {"PK": {"S": "a"}, "SK": {"S": "b"}},
    }


@pytest.mark.parametrize(
    "line", [b"{x", b"$ion_1_0 5", b"$ion_1_0 {Item:{a:2020-01-01T}}", b"\xff"]
)
def test_a_broken_ion_line_becomes_an_invalid_line(line: bytes) -> None:
    assert list(json_lines([line])) == [b""]


@settings(max_examples=50)
@given(st.integers(0, 500_000))
def test_windows_are_contiguous_and_of_legal_length(seconds: int) -> None:
    head = datetime(2026, 1, 1, 0, 0, 0, 622_000, tzinfo=UTC)
    until = head.replace(microsecond=0) + timedelta(seconds=seconds)
    spans = list(windows(head, until))
    assert all(SHORTEST <= end - start <= LONGEST for start, end in spans)
    ends = [head.replace(microsecond=0), *(end for _, end in spans)]
    assert [start for start, _ in spans] == ends[:-1]
    assert until - ends[-1] < SHORTEST
    assert not spans or ends[-1] == until


@pytest.mark.parametrize(
    ("pk", "sk", "parts"),
    [
        ("USER#u#1", "PROGRESS#t#1#2025-12-20T15:30:00Z", ("u#1", "t#1", "2025-12-20T15:30:00Z")),
        ("POST#p", "COMMENT#2025-12-20T15:30:00Z#c#1", ("p", "2025-12-20T15:30:00Z", "c#1")),
        ("TOPIC#t", "POST#2025-12-20T15:30:00Z#p", ("TOPIC", "t", "2025-12-20T15:30:00Z", "p")),
    ],
)
def test_ids_may_hold_the_separator(pk: str, sk: str, parts: tuple[str, ...]) -> None:
    key = route(pk, sk)
    assert key is not None
    assert key.parts == parts
    assert Placed.of([key]).buckets.to_pylist() == ["2025-12"]


def test_the_month_of_a_key_is_that_of_utc() -> None:
    key = route("USER#u", "PROGRESS#t#2025-12-31T23:30:00-06:00")
    assert key is not None
    assert Placed.of([key]).buckets.to_pylist() == ["2026-01"]


class Breaking:
    """A place whose bodies break off so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def chunks(self, key: str) -> tuple[int, Iterator[bytes]]:
        return 10, self._pieces(key)

    def _pieces(self, key: str) -> Iterator[bytes]:
        yield b"half"
        if self.left:
            self.left -= 1
            raise Temporary(f"{key} broke off", "Run again")
        yield b" whole"

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        return [folder], []

    def read(self, key: str, limit: int) -> bytes | None:
        return key.encode()[:limit]


def test_a_broken_body_is_fetched_again_from_the_start(tmp_path: Path) -> None:
    pauses: list[float] = []
    assert fetch(Breaking(4), "k", tmp_path / "x", pause=pauses.append) is not None
    assert (tmp_path / "x").read_bytes() == b"half whole"
    assert len(pauses) == 4
    assert all(0 <= pause <= 60 for pause in pauses)


def test_a_body_that_always_breaks_is_temporary(tmp_path: Path) -> None:
    with pytest.raises(Temporary, match="broke off"):
        fetch(Breaking(5), "k", tmp_path / "x", pause=lambda _: None)


@pytest.mark.parametrize(("size", "seconds"), [(1, 120), (64 << 20, 256)])
def test_a_body_that_drips_is_given_up_once_its_time_is_over(
    tmp_path: Path, size: int, seconds: int
) -> None:
    now = itertools.count(0, 100)
    taken: list[bytes] = []

    class Dripping(Breaking):
        def chunks(self, key: str) -> tuple[int, Iterator[bytes]]:
            return size, self._drops(key)

        def _drops(self, key: str) -> Iterator[bytes]:
            while True:
                taken.append(key.encode())
                yield b"x"

    with pytest.raises(Temporary, match=f"k did not arrive within {seconds} s"):
        fetch(Dripping(0), "k", tmp_path / "x", pause=_never, clock=lambda: float(next(now)))
    assert len(taken) == seconds // 100 + 1


def _never(_seconds: float) -> None:
    raise AssertionError("a body that drips is not tried again")
