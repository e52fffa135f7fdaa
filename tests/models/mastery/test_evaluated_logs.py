"""Logs of answers as they come: any type of id and time, odd orders, and forms that are refused by name."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from answer_logs import simulated_log

from mavprep_analytics.mastery.evaluation import MODELS, LogRefused, evaluate, read_log
from mavprep_analytics.mastery.evaluation.log import prepare

_SECONDS = [0, 86_399, 86_400, 300_000]


@pytest.mark.parametrize(
    "ts",
    [
        pa.array(_SECONDS),
        pa.array([float(s) for s in _SECONDS]),
        pa.array([Decimal(s) for s in _SECONDS]),
        pa.array([s * 10**9 + 1 for s in _SECONDS], pa.timestamp("ns", "UTC")),
        pa.array([s * 10**6 for s in _SECONDS], pa.timestamp("us")),
        pa.array([s // 86_400 for s in _SECONDS], pa.int32()).cast(pa.date32()),
    ],
)
def test_times_come_in_any_type(ts: Any) -> None:
    rows: dict[str, Any] = {
        "user": [1] * 4,
        "item": [1, 2, 3, 4],
        "skill": [None] * 4,
        "correct": [True] * 4,
    }
    log = prepare(pa.table({**rows, "ts": ts}).take([2, 0, 3, 1]), "log")
    assert (log.day - log.day[0]).tolist() == [0, 0, 1, 3]


@pytest.mark.parametrize("of_type", [pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_neither_the_type_of_ids_nor_the_order_of_rows_changes_a_measure(of_type: Any) -> None:
    table = simulated_log(4, students=20)
    plain = evaluate(prepare(table, "log"), MODELS, lambda: 0.0)
    typed = table.set_column(0, "user", table["user"].cast(pa.string()).cast(of_type))
    shuffled = typed.take(np.random.default_rng(0).permutation(len(typed)))
    found = evaluate(prepare(shuffled, "log"), MODELS, lambda: 0.0)
    for ours, same in zip(found.models, plain.models, strict=True):
        assert (ours.auc, ours.log_loss, ours.ece, ours.coverage_80) == pytest.approx(
            (same.auc, same.log_loss, same.ece, same.coverage_80)
        )


def test_categories_without_a_value_and_uuids_are_read_as_what_they_stand_for() -> None:
    rows: dict[str, Any] = {
        "user": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16)] * 3, pa.binary(16))),
        "item": pa.array([1.5, 2.5, 1.5]).dictionary_encode(),
        "skill": pa.array(["t", None, "t"]).dictionary_encode(),
        "correct": pa.array(["1", "0", "1"]).dictionary_encode(),
        "ts": pa.array([3, 1, 2]).dictionary_encode(),
    }
    log = prepare(pa.table(rows), "log")
    assert [column.tolist() for column in (log.user, log.item, log.skill, log.correct)] == [
        [0, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
        [0, 1, 1],
    ]
    rows["correct"] = pa.array(["1", None, "1"]).dictionary_encode()
    with pytest.raises(LogRefused, match="correct of log has nulls"):
        prepare(pa.table(rows), "log")


def test_a_log_without_times_is_cut_into_blocks_of_twenty() -> None:
    table = pa.table(
        {"user": [1] * 45, "item": list(range(45)), "skill": [0] * 45, "correct": [1] * 45}
    )
    assert np.bincount(prepare(table, "log").day).tolist() == [20, 20, 5]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (pa.table({"user": [1], "item": [1], "skill": [1]}), "lacks correct"),
        (
            pa.table({"user": [1], "item": [None], "skill": [1], "correct": [1]}),
            "item of .* has nulls",
        ),
        (pa.table({"user": [1], "item": [1], "skill": [1], "correct": [2]}), "not 0 or 1"),
        (pa.table({"user": [1], "item": [1], "skill": [1], "correct": ["?"]}), "not 0 or 1"),
        (
            pa.table({"user": [1], "item": [1], "skill": [1], "correct": [1], "ts": ["noon"]}),
            "ts of .* is string",
        ),
        (
            pa.table({"user": [1], "item": [1], "skill": [1], "correct": [1], "ts": [np.nan]}),
            "ts of .* is not a time",
        ),
        (
            pa.table(
                {
                    "user": [1] * 2,
                    "item": [1] * 2,
                    "skill": [1] * 2,
                    "correct": [1] * 2,
                    "ts": [0, 4e9],
                }
            ),
            "ts of .* spans 127 years",
        ),
        (
            pa.table(
                {"user": [1], "item": [1], "skill": [1], "correct": [1], "ts": [1_767_225_600_000]}
            ),
            "ts of .* reaches 56,000 from its zero",
        ),
        (pa.table({"user": [[1]], "item": [1], "skill": [1], "correct": [1]}), "ids of type list"),
        (
            pa.table({c: pa.array([], pa.int64()) for c in ("user", "item", "skill", "correct")}),
            "has no answers",
        ),
    ],
)
def test_a_log_in_another_form_is_refused_by_name(
    tmp_path: Path, table: pa.Table, problem: str
) -> None:
    pq.write_table(table, tmp_path / "log.parquet")
    with pytest.raises(LogRefused, match=problem):
        read_log(tmp_path / "log.parquet")


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("user,item")
    with pytest.raises(LogRefused, match="no Parquet"):
        read_log(tmp_path / "log.csv")
    with pytest.raises(LogRefused, match="no file"):
        read_log(tmp_path / "absent.parquet")
