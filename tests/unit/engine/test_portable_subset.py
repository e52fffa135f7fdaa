import pytest
import sqlglot

from mavprep_analytics.engine.portable import objections


def complaint(sql: str) -> str:
    return "; ".join(objections(sqlglot.parse_one(sql, read="duckdb")))


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("select round(a, 2) as b from t", "round"),
        ("select now() as b from t", "now"),
        ("select hash(a) as b from t", "hash"),
        ("select avg(a) as b from t", "avg"),
        ("select date_trunc('week', a) as b from t", "trunc"),
        ("select median(a) as b from t", "median"),
        ("with recursive r as (select 1 as a union all select a from r) select a from r", "recurs"),
        ("select a / b as c from t", "nullif"),
        ("select a // b as c from t", "nullif"),
        ("select a % b as c from t", "nullif"),
        ("select a / 0 as c from t", "nullif"),
        ("select a / (1 + b) as c from t", "nullif"),
        ("select sum(a) as b from t", "cast the sum"),
        ("select cast(a as bigint) as a, sum(b) over (partition by c) as b from t", "cast the sum"),
        ("select date_diff('week', a, b) as c from t", "days only"),
        ("select regexp_replace(a, 'x', 'y') as b from t", "'g'"),
        ("select row_number() over (partition by a) as b from t", "order"),
    ],
)
def test_what_engines_understand_differently_is_refused(sql: str, word: str) -> None:
    assert word in complaint(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select a / nullif(b, 0) as c, a // 86400 as d from t",
        "select a / (2 * nullif(b, 0)) as c from t",
        "select cast(sum(a) as bigint) as a, cast(sum(b) filter (where b > 0) as bigint) as b from t",
        "select cast(sum(a) over (partition by b order by c) as bigint) as d from t",
        "select date_diff('day', a, b) as c, regexp_replace(a, 'x', 'y', 'g') as d from t",
        "select row_number() over (partition by a order by b) as c, rank() over (order by b) as d from t",
        "select unnest(a) as b, coalesce(c, $d) as c from t where e and not f or exists (select 1 from g)",
    ],
)
def test_what_means_the_same_everywhere_is_allowed(sql: str) -> None:
    assert complaint(sql) == ""
