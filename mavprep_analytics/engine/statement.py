"""From a step to the text that an engine runs: parameters put in, and the dialect translated. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from sqlglot import exp

from mavprep_analytics.engine.model import ModelRefused, Parameter, Step


def statement(
    step: Step,
    parameters: Mapping[str, Parameter],
    dialect: str,
    order_by: tuple[str, ...] = (),
) -> str:
    """Return the step as one statement of the dialect, its parameters as literals.

    Literals and not placeholders, because a view cannot hold a placeholder.

    Args:
        step: the step.
        parameters: values of at least the parameters that the step names.
        dialect: of sqlglot.
        order_by: columns that order the rows, or none.

    Raises:
        ModelRefused: a parameter is missing, or neither a whole number nor a text.
    """
    values = tuple(_value(step.name, name, parameters) for name in step.parameters)
    return _render(step, values, dialect, order_by)


@lru_cache(maxsize=256)
def _render(
    step: Step, values: tuple[Parameter, ...], dialect: str, order_by: tuple[str, ...]
) -> str:
    known = dict(zip(step.parameters, values, strict=True))
    tree: exp.Expr = step.tree.copy()
    for node in list(tree.find_all(exp.Placeholder)):
        node.replace(_literal(known[node.name]))
    if dialect == "spark":
        tree = tree.transform(_spark_type, copy=False)
    if order_by:
        rows = exp.Subquery(this=tree, alias="result")
        tree = exp.select("*").from_(rows, copy=False).order_by(*order_by, copy=False)
    return tree.sql(dialect=dialect, comments=False, identify=True, copy=False)


def _value(model: str, name: str, parameters: Mapping[str, Parameter]) -> Parameter:
    value = parameters.get(name)
    if value is None or isinstance(value, bool) or not isinstance(value, int | str):
        raise ModelRefused(
            f"{model}.sql needs ${name}, a whole number or a text; given: {value!r}",
            "Pass the parameters of run_parameters()",
        )
    return value


def _literal(value: Parameter) -> exp.Expr:
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.cast(exp.convert(value), "bigint", dialect="duckdb")


def _spark_type(node: exp.Expr) -> exp.Expr:
    """DuckDB's 128-bit integer is a decimal without decimals elsewhere."""
    if isinstance(node, exp.DataType) and node.this == exp.DType.INT128:
        return exp.DataType.build("decimal(38, 0)")
    return node
