from pathlib import Path

import pytest
from both_engines import BothEngines
from lake_builders import add_tables, make_lake, write_rows
from metric_lakes import METRICS
from nasty_lakes import AS_OF, DEFAULT_ZONE, nasty_tables, previous_rankings

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.engine import DuckDBEngine, build, model_names, run_parameters
from mavprep_analytics.engine.spark_engine import SparkConnectEngine
from mavprep_analytics.lake import Lake, TableEntry
from mavprep_analytics.mastery.build import build_mastery
from mavprep_analytics.mastery.quality import build_quality
from mavprep_analytics.mastery.recall import build_recall
from mavprep_analytics.questions import build_questions
from mavprep_analytics.tables import TABLES

PARAMETERS = run_parameters(AS_OF, DEFAULT_ZONE)


def build_everything(lake: Lake, engine: BothEngines, older: TableEntry) -> None:
    build(METRICS[0], lake, engine, PARAMETERS)
    build_mastery(lake, engine, PARAMETERS)
    build_quality(lake, engine, PARAMETERS, fewest_answers=1)
    build_recall(lake, engine, PARAMETERS)
    for name in METRICS[1:]:
        build(name, lake, engine, PARAMETERS, extra={"previous_rankings": older})
    build_questions(lake, engine, PARAMETERS)
    build("students", lake, engine, PARAMETERS)


@pytest.mark.parametrize("seed", [2, pytest.param(10, marks=pytest.mark.long)])
def test_every_model_gives_the_same_rows_on_duckdb_and_spark_connect(
    seed: int, tmp_path: Path, spark_connect: SparkConnectEngine
) -> None:
    both = BothEngines(DuckDBEngine(), spark_connect)
    tables = nasty_tables(seed)
    lake = make_lake(tmp_path, {n: rows for n, rows in tables.items() if "mastery" not in n})
    build_time_zone_offsets(lake, DEFAULT_ZONE)
    older = write_rows(lake, "previous_rankings", previous_rankings(seed, tables))
    build_everything(lake, both, older)
    assert set(both.rows) == set(model_names())
    assert [name for name in METRICS if not both.rows[name]] == []
    add_tables(lake, {"core_attempts": tables["core_attempts"][2:]})
    build_everything(lake, both, older)
    changed = {name for name, entry in lake.head().tables.items() if entry.changes}
    assert changed == {name for name in both.rows if name in TABLES and TABLES[name].has_changes}
    assert both.rows["again"]
