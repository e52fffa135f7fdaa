"""Evaluation of mastery models: the measures, the protocol, the models side by side, and bad logs."""

import itertools
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from answer_logs import shared_log, simulated_log
from evaluation_oracle import exposures, mastery, percent_correct
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from mavprep_analytics.cli.evaluate import evaluate as command
from mavprep_analytics.errors import DataRefused, Misconfigured
from mavprep_analytics.mastery.evaluation import (
    MODELS,
    AnswerLog,
    calibration_page,
    evaluate,
    held_truth,
    read_log,
)
from mavprep_analytics.mastery.evaluation.grouped import Past
from mavprep_analytics.mastery.evaluation.log import prepare
from mavprep_analytics.mastery.evaluation.models import Prediction
from mavprep_analytics.mastery.evaluation.scores import auc, calibration, coverage, ece, log_loss

KEYS = ["name", "auc", "log_loss", "ece", "coverage_80", "seconds_per_million"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.4, 0.4, 0.7])), min_size=1))
def test_auc_is_the_share_of_pairs_in_the_right_order(answers: list[tuple[bool, float]]) -> None:
    right = [p for correct, p in answers if correct]
    wrong = [p for correct, p in answers if not correct]
    pairs = [(a > b) + (a == b) / 2 for a, b in itertools.product(right, wrong)]
    marks, chances = (np.array(column, dtype=float) for column in zip(*answers, strict=True))
    found = auc(marks, chances)
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_log_loss_and_calibration_error_of_a_known_case() -> None:
    correct, chance = np.array([1.0, 0.0, 1.0, 1.0]), np.array([0.8, 0.8, 0.8, 0.3])
    assert log_loss(correct, chance) == pytest.approx(
        -(2 * np.log(0.8) + np.log(0.2) + np.log(0.3)) / 4
    )
    assert ece(calibration(correct, chance)) == pytest.approx((3 * (0.8 - 2 / 3) + 0.7) / 4)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 9)), min_size=1))
def test_the_past_is_the_same_group_on_earlier_days(rows: list[tuple[int, int, int]]) -> None:
    group, day, value = (np.array(column) for column in zip(*rows, strict=True))
    found = Past([group], day).before(value.astype(float))
    wanted = [sum(v for g, d, v in rows if g == mine and d < today) for mine, today, _ in rows]
    assert found.tolist() == pytest.approx(wanted)


def test_only_the_first_answer_to_a_question_is_scored_and_no_day_sees_itself() -> None:
    table = pa.table(
        {
            "user": ["a", "a", "a"],
            "item": ["x", "x", "y"],
            "skill": ["t", "t", "t"],
            "correct": [False, True, True],
            "ts": [10, 86_410, 20],
        }
    )
    log = prepare(table, "log")
    assert log.is_first.tolist() == [True, True, False]
    chances = MODELS["mastery"](log).chance
    assert chances.tolist() == pytest.approx([0.65, 0.65])


def test_answers_of_the_own_fold_do_not_enter_the_question_rates() -> None:
    alone = simulated_log(1, students=1)
    chances = MODELS["mastery"](prepare(alone, "log")).chance
    first_day = chances[: len(np.unique(alone["item"].to_numpy()[:12]))]
    assert first_day.tolist() == pytest.approx([0.65] * len(first_day))


def test_mastery_and_percent_correct_predict_what_the_slow_oracle_does() -> None:
    log = prepare(simulated_log(6, students=12, days=4), "log")
    everything = exposures(log)
    ours = MODELS["mastery"](log)
    shares = {0: MODELS["percent_correct"](log), 5: MODELS["smoothed_percent"](log)}
    assert ours.low is not None
    assert ours.high is not None
    for place, one in enumerate(everything):
        found = [float(ends[place]) for ends in (ours.chance, ours.low, ours.high)]
        assert found == pytest.approx(mastery(everything, one))
        for pseudo, percent in shares.items():
            wanted = percent_correct(everything, one, pseudo)
            assert percent.chance[place] == pytest.approx(wanted)


def answers_of(*rows: tuple[str, str, int, int]) -> AnswerLog:
    """Return a log of answers in one topic: student, question, outcome and day."""
    user, item, correct, days = map(list, zip(*rows, strict=True))
    columns = {"user": user, "item": item, "skill": [1] * len(rows), "correct": correct}
    return prepare(pa.table({**columns, "ts": [86_400 * day for day in days]}), "log")


def test_elo_moves_student_topic_and_question_by_their_surprise() -> None:
    """Steps are .8 of the surprise; students a and c are of different folds.

    Right at x, a gains .4 and .4 in the topic. Wrong at y, c makes it .4 harder for a; a, at .8, makes it easier for c.
    """
    log = answers_of(("a", "x", 1, 0), ("a", "y", 1, 1), ("c", "y", 0, 0))
    easier = 0.8 * (1 - 1 / (1 + np.exp(-0.8)))
    wanted = [1 / (1 + np.exp(-logit)) for logit in (0.0, 0.4 + 0.4 - 0.4, easier)]
    assert MODELS["elo"](log).chance.tolist() == pytest.approx(wanted)


def test_a_rasch_ability_is_the_mean_over_the_standard_normal_given_the_answers() -> None:
    theta = np.linspace(-8, 8, 4001)
    right, density = 1 / (1 + np.exp(-theta)), np.exp(-(theta**2) / 2)
    wanted = (density * right * right).sum() / (density * right).sum()
    found = MODELS["irt_1pl"](answers_of(("a", "x", 1, 0), ("a", "y", 1, 1))).chance
    assert found.tolist() == pytest.approx([0.5, wanted], abs=1e-3)


def test_rasch_difficulties_give_students_of_whom_nothing_is_known_the_share_of_the_others() -> (
    None
):
    log = answers_of(*((f"u{n}", "x", int(n % 5 > 0), 0) for n in range(500)))
    assert MODELS["irt_1pl"](log).chance.mean() == pytest.approx(0.8, abs=0.005)


def test_mastery_beats_percent_correct_and_its_interval_holds_on_simulated_students() -> None:
    report = evaluate(prepare(simulated_log(7), "log"), MODELS, iter(range(100)).__next__)
    ours, percent = report.models[0], report.models[1]
    assert ours.auc is not None
    assert percent.auc is not None
    assert ours.auc > percent.auc + 0.1
    assert ours.log_loss < percent.log_loss - 0.1
    assert ours.ece < 0.03
    assert ours.coverage_80 is not None
    assert 0.76 <= ours.coverage_80 <= 0.84
    assert [m.seconds_per_million for m in report.models] == [1 / report.rows * 1e6] * 5


def test_the_real_log_reaches_its_figures() -> None:
    log = read_log(shared_log("cloze.parquet"))
    (ours,) = evaluate(log, ["mastery"], iter(range(100)).__next__).models
    assert ours.auc is not None
    assert ours.auc >= 0.755
    assert ours.log_loss <= 0.540
    assert ours.ece <= 0.015


def test_the_coverage_of_a_known_case() -> None:
    n = 8
    rows = {"user": [1] * n, "item": list(range(n)), "skill": [1] * n, "correct": [1] * 5 + [0] * 3}
    first = prepare(pa.table(rows), "log").first
    near, far = (Prediction(*(np.full(n, x) for x in ends)) for ends in _INTERVALS)
    assert (coverage(first, near), coverage(first, far)) == (1.0, 0.0)
    assert coverage(first, Prediction(near.chance)) is None
    assert coverage(prepare(pa.table(rows).slice(0, 4), "log").first, near) is None


# chance, low and high of a share of 5 / 8 = .625: binomial sd .167 and .142, of the chance .039 and .016
_INTERVALS = (0.675, 0.625, 0.725), (0.81, 0.79, 0.83)


def test_readings_are_held_against_the_truth_of_their_student_and_topic() -> None:
    readings = pa.table(
        {
            "user_id": ["a", "a", "b", "b"],
            "topic_id": ["leaf", "root", "leaf", "elsewhere"],
            "mastery": [0.5, 0.6, 0.7, 0.1],
            "mastery_low": [0.4, 0.5, 0.6, 0.1],
            "mastery_high": [0.6, 0.7, 0.8, 0.1],
            "answers": [4, 60, 5, 1],
        }
    )
    truth = pa.table(
        {
            "user_id": ["a", "a", "b"],
            "topic_id": ["leaf", "root", "leaf"],
            "is_leaf": [True, False, True],
            "true_chance": [0.6, 0.71, 0.5],
            "lasting_chance": [0.61, 0.7, 0.6],
        }
    )
    held = {h.group: h for h in held_truth(readings, truth)}
    assert [(h.group, h.readings) for h in held.values()] == [
        ("all", 3),
        ("leaves", 2),
        ("parents", 1),
        ("1-4 answers", 1),
        ("5-9 answers", 1),
        ("50+ answers", 1),
    ]
    assert held["all"].coverage_80 == pytest.approx(1 / 3)
    assert held["all"].coverage_lasting == pytest.approx(2 / 3)
    assert held["all"].bias == pytest.approx((-0.1 - 0.11 + 0.2) / 3)
    assert held["all"].mean_error == pytest.approx((0.1 + 0.11 + 0.2) / 3)
    assert held["all"].mean_width == pytest.approx(0.2)
    with pytest.raises(DataRefused, match="no mastery"):
        held_truth(readings, truth.slice(0, 0))


@pytest.mark.parametrize(("readings_each", "error"), [(1, 0.5 / 39**0.5), (5, 0.5 / 39**0.5)])
def test_readings_of_one_student_are_no_more_evidence_of_coverage_than_one(
    readings_each: int, error: float
) -> None:
    """Of 40 students half are held, in all their readings; sqrt(.25 / 39) whatever their number."""
    users = [f"u{i}" for i in range(40) for _ in range(readings_each)]
    topics = [f"t{n}" for _ in range(40) for n in range(readings_each)]
    keys = {"user_id": users, "topic_id": topics}
    rows = len(users)
    said = {"mastery": [0.5] * rows, "mastery_low": [0.4] * rows, "mastery_high": [0.6] * rows}
    readings = pa.table({**keys, **said, "answers": [3] * rows})
    chances = [0.5 if int(user[1:]) % 2 else 0.9 for user in users]
    true: dict[str, list[Any]] = {
        "true_chance": chances,
        "lasting_chance": chances,
        "is_leaf": [True] * rows,
    }
    everything = held_truth(readings, pa.table({**keys, **true}))[0]
    assert everything.coverage_80 == pytest.approx(0.5)
    assert everything.coverage_error == pytest.approx(error)


def test_one_student_says_nothing_of_the_error_of_coverage() -> None:
    keys = {"user_id": ["u"], "topic_id": ["t"]}
    readings = pa.table(
        {**keys, "mastery": [0.5], "mastery_low": [0.4], "mastery_high": [0.6], "answers": [3]}
    )
    true: dict[str, list[Any]] = {"true_chance": [0.5], "lasting_chance": [0.5], "is_leaf": [True]}
    assert held_truth(readings, pa.table({**keys, **true}))[0].coverage_error is None


def _file(folder: Path, table: pa.Table) -> str:
    path = folder / "log.parquet"
    pq.write_table(table, path)
    return str(path)


def _run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None:
        raise result.exception
    return result.output


def test_the_command_prints_the_agreed_document(tmp_path: Path) -> None:
    path = _file(tmp_path, simulated_log(3, students=20))
    document = json.loads(_run(path, "--json"))
    assert document["rows"] == 20 * 72
    assert [list(model) for model in document["models"]] == [KEYS] * 5
    assert [model["name"] for model in document["models"]] == list(MODELS)


def test_the_command_prints_a_table_of_the_named_models_and_draws_them(tmp_path: Path) -> None:
    path = _file(tmp_path, simulated_log(3, students=20))
    page = tmp_path / "calibration.html"
    text = _run(path, "--models", "elo,mastery", "--plot", str(page))
    assert text.index("elo") < text.index("mastery")
    assert "irt_1pl" not in text
    assert page.read_text().count("<polyline") == 2


def test_the_calibration_is_drawn_as_svg_too_and_as_nothing_else(tmp_path: Path) -> None:
    path = _file(tmp_path, simulated_log(3, students=20))
    _run(path, "--models", "mastery", "--plot", str(tmp_path / "c.svg"))
    drawing = ElementTree.parse(tmp_path / "c.svg").getroot()
    assert drawing.tag.endswith("svg")
    assert len(drawing.findall(".//{*}polyline")) == 1
    with pytest.raises(Misconfigured, match=r"neither \.html nor \.svg"):
        _run(path, "--plot", str(tmp_path / "c.png"))


def test_without_pybkt_its_model_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyBKT", None)
    log = prepare(simulated_log(1, students=2), "log")
    with pytest.raises(Misconfigured, match="pybkt needs pyBKT") as refused:
        evaluate(log, ["pybkt"], lambda: 0.0)
    assert "pip install 'mavprep-analytics[pybkt]'" in str(refused.value)


def test_pybkt_predicts_a_day_from_the_day_before() -> None:
    """Where the extra is installed."""
    pytest.importorskip("pyBKT.models")
    log = prepare(simulated_log(5, students=60), "log")
    ours, bkt, percent = evaluate(log, ["mastery", "pybkt", "percent_correct"], lambda: 0.0).models
    assert ours.log_loss < bkt.log_loss < percent.log_loss


def test_either_a_log_or_a_campus_is_measured(tmp_path: Path) -> None:
    for words in ([], [_file(tmp_path, simulated_log(1, students=2)), "--campus", str(tmp_path)]):
        with pytest.raises(Misconfigured, match="Name a log or --campus"):
            _run(*words)
    with pytest.raises(Misconfigured, match=r"has no truth\.parquet"):
        _run("--campus", str(tmp_path))


def test_the_calibration_page_is_self_contained() -> None:
    report = evaluate(prepare(simulated_log(2, students=10), "log"), ["mastery"], lambda: 0.0)
    page = calibration_page(report)
    assert "mastery: off by" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_an_unknown_model_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(Misconfigured, match=r"no model bkt.*mastery, percent_correct"):
        evaluate(prepare(simulated_log(1, students=2), "log"), ["bkt"], lambda: 0.0)


@pytest.mark.parametrize("marks", [[1, 1, 1], [0, 0, 0], [1]])
def test_a_log_of_one_student_or_of_one_outcome_has_defined_measures(marks: list[int]) -> None:
    n = len(marks)
    table = pa.table({"user": [1] * n, "item": list(range(n)), "skill": [1] * n, "correct": marks})
    report = evaluate(prepare(table, "log"), MODELS, lambda: 0.0)
    assert [m.auc for m in report.models] == [None] * 5
    assert all(np.isfinite([m.log_loss, m.ece]).all() for m in report.models)
