"""SQL models: a file of `sql/`, parsed and checked. Knows nothing of engines and runs nothing.

```
sql/core/<table>.sql, sql/marts/<table>.sql   the model of a declared table
sql/staging/<step>.sql                        a view that several models read
sql/marts/<table>/<step>.sql                  a step of one model, computed once per run
```
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mavprep_analytics.engine.portable import objections
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.packaged_files import packaged_folder
from mavprep_analytics.tables import TABLES

_LAYERS = ("core", "marts")
_SHARED = "staging"
_HEADER = ("-- what: one row per ", "-- reads: ", "-- why: ", "-- notes: ")

Parameter = int | str
"""What a model may be told: whole numbers and texts; days and instants are whole numbers."""


class ModelRefused(Misconfigured):
    """A model file is missing, unreadable or outside the portable subset."""


@dataclass(frozen=True)
class Step:
    """One SQL file.

    Args:
        name: of the file, and of the relation that it makes.
        text: the file.
        tree: the parsed statement (DuckDB dialect).
        is_view: whether readers inline it; otherwise it is computed once.
    """

    name: str
    text: str
    tree: exp.Query = field(repr=False, compare=False)
    is_view: bool = True

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Tables and steps that the statement names, sorted."""
        ctes = {cte.alias for cte in self.tree.find_all(exp.CTE)}
        return tuple(sorted({t.name for t in self.tree.find_all(exp.Table)} - ctes))

    @property
    def is_ordered(self) -> bool:
        """Whether the statement orders its rows itself: in the order of the key, by numbers that sort faster."""
        return self.tree.args.get("order") is not None

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the `$name` parameters, sorted."""
        return tuple(sorted({p.name for p in self.tree.find_all(exp.Placeholder)}))


@dataclass(frozen=True)
class Model:
    """The SQL of one declared table.

    Args:
        name: of the table.
        steps: in order of computation; the last is the table itself.
    """

    name: str
    steps: tuple[Step, ...]

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Input tables of all steps, sorted."""
        own = {step.name for step in self.steps}
        return tuple(sorted({name for step in self.steps for name in step.reads} - own))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Parameters of all steps, sorted."""
        return tuple(sorted({name for step in self.steps for name in step.parameters}))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """Names of all columns, qualified or not, that the steps mention; a star mentions none."""
        return frozenset(c.name for step in self.steps for c in step.tree.find_all(exp.Column))

    @cached_property
    def digest(self) -> str:
        """Sha256 (hex) over all texts."""
        return hashlib.sha256("\0".join(step.text for step in self.steps).encode()).hexdigest()


@cache
def load_model(name: str) -> Model:
    """Read, parse and check the model of a table.

    Raises:
        ModelRefused: there is no such file, it is no single query, its header does not say what it
            reads, it reads an unknown table, or it leaves the portable subset.
    """
    folder = packaged_folder("sql")
    path = next((p for layer in _LAYERS if (p := folder / layer / f"{name}.sql").is_file()), None)
    if path is None:
        raise ModelRefused(f"there is no SQL model of {name}", f"Add sql/marts/{name}.sql")
    steps: dict[str, Step] = {}
    _collect(path, steps, own=path.with_suffix(""), shared=folder / _SHARED, above=())
    return Model(name, tuple(steps.values()))


def written_model(name: str, text: str) -> Model:
    """Return a model of one statement that is in no file, for tables of the same columns as a declared one."""
    tree = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(tree, exp.Query)
    return Model(name, (Step(name, text, tree),))


def model_names() -> list[str]:
    """Return the names of all models that there are, sorted."""
    folder = packaged_folder("sql")
    return sorted(path.stem for layer in _LAYERS for path in (folder / layer).glob("*.sql"))


def _collect(
    path: Path, steps: dict[str, Step], *, own: Path, shared: Path, above: tuple[str, ...]
) -> None:
    """Add the step of a file after the steps that it reads."""
    if path.stem in above:
        raise ModelRefused(f"{path.name} reads itself", "Break the circle")
    step = parse_step(path.stem, path.read_text(encoding="utf-8"), is_view=path.parent == shared)
    for name in (read for read in step.reads if read not in TABLES):
        file = next((f for d in (own, shared) if (f := d / f"{name}.sql").is_file()), None)
        if file is not None and name not in steps:
            _collect(file, steps, own=own, shared=shared, above=(*above, path.stem))
        elif file is None and name != f"previous_{own.name}":
            raise ModelRefused(f"{path.name} reads {name}, which is no table", "Declare it")
    steps[step.name] = step


def parse_step(name: str, text: str, *, is_view: bool = True) -> Step:
    """Parse and check one statement with its header.

    Raises:
        ModelRefused: see `load_model`.
    """
    lines = text.splitlines()[:4]
    if len(lines) < 4 or not all(map(str.startswith, lines, _HEADER)):
        raise ModelRefused(f"{name}.sql lacks its four-line header", "Start it with what, reads …")
    try:
        statements = sqlglot.parse(text, read="duckdb")
    except SqlglotError as error:
        problem = str(error).splitlines()[0]
        raise ModelRefused(f"{name}.sql is no SQL: {problem}", "Correct it") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ModelRefused(f"{name}.sql is not one query", "Keep one select per file")
    step = Step(name, text, statements[0], is_view)
    _refuse_surprises(step, lines[1].removeprefix(_HEADER[1]))
    return step


def _refuse_surprises(step: Step, announced: str) -> None:
    problems = objections(step.tree)
    if problems:
        raise ModelRefused(f"{step.name}.sql: {'; '.join(problems)}", "Say it in the subset")
    if announced != ", ".join(step.reads):
        raise ModelRefused(
            f"{step.name}.sql announces `{announced}` but reads {', '.join(step.reads)}",
            "Correct line 2 of its header",
        )
