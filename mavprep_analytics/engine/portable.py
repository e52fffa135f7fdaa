"""The portable subset of SQL: what means the same on DuckDB and on a Spark Connect server. Judges trees; runs nothing.

Each rule stands for a difference that was seen between engines, which would otherwise show as other
numbers and not as an error.
"""

from collections.abc import Iterator

from sqlglot import exp

ALLOWED_FUNCTIONS: frozenset[type[exp.Func]] = frozenset(
    {
        exp.Abs,
        exp.And,
        exp.Array,
        exp.ArraySize,
        exp.Case,
        exp.Cast,
        exp.Coalesce,
        exp.Count,
        exp.DateDiff,
        exp.DenseRank,
        exp.Exists,
        exp.Exp,
        exp.Explode,
        exp.FirstValue,
        exp.Floor,
        exp.Greatest,
        exp.If,
        exp.Lag,
        exp.LastValue,
        exp.Lead,
        exp.Least,
        exp.Length,
        exp.Ln,
        exp.Lower,
        exp.Max,
        exp.Min,
        exp.Nullif,
        exp.Or,
        exp.Pow,
        exp.Rank,
        exp.RegexpReplace,
        exp.RowNumber,
        exp.Sqrt,
        exp.Sum,
        exp.Trim,
        exp.Unnest,
        exp.Upper,
    }
)
"""Anything else is refused. `round` is not here: engines disagree on decimal halves, floor(x * k + 0.5) does not."""

_DIVISIONS = (exp.Div, exp.IntDiv, exp.Mod)
_HUGE_DIVISORS = "a division needs nullif(…, 0) or a literal below the line"


def objections(tree: exp.Expr) -> list[str]:
    """Return what in a statement is outside the portable subset, in reading order; empty when nothing is."""
    return list(_objections(tree))


def _objections(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        if isinstance(node, exp.Func) and type(node) not in ALLOWED_FUNCTIONS:
            yield f"{_name(node)}() is not in the portable subset"
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            yield "recursion is not in the portable subset: join topic_closure"
        elif isinstance(node, _DIVISIONS) and not _cannot_be_zero(node.expression):
            yield f"{node.sql('duckdb')}: {_HUGE_DIVISORS}"
        elif isinstance(node, exp.Sum) and not _is_cast(node):
            yield f"{node.sql('duckdb')}: cast the sum, engines widen it differently"
        elif isinstance(node, exp.DateDiff) and _unit(node) != "DAY":
            yield "date_diff() is portable for days only"
        elif isinstance(node, exp.RegexpReplace) and node.text("modifiers") != "g":
            yield "regexp_replace() needs 'g': engines differ on replacing the first or all"
        elif isinstance(node, exp.RowNumber) and not _has_order(node):
            yield "row_number() needs an order"


def _name(node: exp.Func) -> str:
    return node.name if isinstance(node, exp.Anonymous) else node.sql_name().lower()


def _cannot_be_zero(divisor: exp.Expr) -> bool:
    bare = divisor.unnest()
    if isinstance(bare, exp.Cast):
        return _cannot_be_zero(bare.this)
    if isinstance(bare, exp.Literal):
        return bare.is_number and float(bare.this) != 0
    if isinstance(bare, exp.Mul | exp.Add):
        return _cannot_be_zero(bare.this) and _cannot_be_zero(bare.expression)
    return isinstance(bare, exp.Nullif)


def _is_cast(node: exp.Expr) -> bool:
    above = node.parent
    while above is not None and not isinstance(above, exp.Select):
        if isinstance(above, exp.Cast):
            return True
        above = above.parent
    return False


def _unit(node: exp.DateDiff) -> str:
    unit = node.args.get("unit")
    return unit.name.upper() if unit is not None else "DAY"


def _has_order(node: exp.RowNumber) -> bool:
    return isinstance(node.parent, exp.Window) and node.parent.args.get("order") is not None
