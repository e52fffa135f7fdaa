import pytest

from mavprep_analytics.engine.model import ModelRefused, load_model, model_names, parse_step
from mavprep_analytics.engine.statement import statement
from mavprep_analytics.tables import TABLES

HEADER = "-- what: one row per x\n-- reads: t\n-- why: y\n-- notes: z\n"


@pytest.mark.parametrize("name", model_names())
def test_every_model_is_of_a_declared_table_and_loads(name: str) -> None:
    model = load_model(name)
    assert model.name in TABLES
    assert model.steps[-1].name == name
    assert all(read in TABLES or read == f"previous_{name}" for read in model.reads)


def test_a_model_reads_the_tables_of_its_steps_and_not_the_steps() -> None:
    model = load_model("eligible_attempts")
    assert "core_attempts" in model.reads
    assert "resolved_attempts" not in model.reads
    assert model.parameters == ("default_timezone",)


def test_steps_come_after_what_they_read() -> None:
    seen: set[str] = set()
    for step in load_model("student_week").steps:
        assert {read for read in step.reads if read not in TABLES} <= seen
        seen.add(step.name)


def test_ctes_and_aliases_are_no_inputs() -> None:
    step = parse_step("x", HEADER + "with a as (select b from t) select c.b from a as c")
    assert step.reads == ("t",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("select a from t", "header"),
        (HEADER.replace("why", "because") + "select a from t", "header"),
        (HEADER + "select a from from", "no SQL"),
        (HEADER + "select a from t; select b from t", "not one query"),
        (HEADER + "drop table t", "not one query"),
        (HEADER + "select a from u", "announces `t` but reads u"),
        (HEADER + "select random() as a from t", "portable subset"),
    ],
)
def test_a_model_that_is_not_what_it_says_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ModelRefused, match=problem):
        parse_step("x", text)


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(ModelRefused, match="no SQL model of nonsense"):
        load_model("nonsense")


def test_texts_and_numbers_become_literals_that_cannot_break_out() -> None:
    step = parse_step("x", HEADER + "select a from t where a = $a and b = $b")
    text = statement(step, {"a": "it's \\ $b", "b": -7}, "duckdb")
    assert """'it''s \\ $b'""" in text
    assert "CAST(-7 AS BIGINT)" in text


@pytest.mark.parametrize("value", [None, 1.5, True])
def test_a_parameter_that_is_neither_number_nor_text_is_refused(value: object) -> None:
    step = parse_step("x", HEADER + "select a from t where a = $a")
    with pytest.raises(ModelRefused, match=r"needs \$a"):
        statement(step, {"a": value}, "duckdb")  # type: ignore[dict-item]


def test_names_are_quoted_for_every_dialect() -> None:
    step = parse_step("x", HEADER + "select settings.a from t as settings")
    assert "`settings`.`a`" in statement(step, {}, "spark")
