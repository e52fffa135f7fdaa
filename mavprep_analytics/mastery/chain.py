"""Reads the tree of mastery from the root down: one run of the same statement per depth.

Portable SQL has no recursion, and a tree has no fixed depth; so the loop is here and the arithmetic in
`sql/marts/mastery_chain.sql`. Knows files and the engine, not the lake.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from mavprep_analytics.engine import Engine, Job, load_model
from mavprep_analytics.engine.files import Files
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.engine.output import empty_parquet
from mavprep_analytics.tables import TABLES

CHAIN = "mastery_chain"


def deepest(nodes: Sequence[Path]) -> int:
    """Return the greatest depth in `mastery_nodes`: 0 is the root, 1 a subject, 2 a topic below it."""
    found = (pc.max(pq.read_table(path, columns=["depth"])["depth"]).as_py() for path in nodes)
    return max((int(depth) for depth in found if depth is not None), default=0)


def read_chain(
    engine: Engine, inputs: Files, parameters: Mapping[str, Parameter], folder: Path
) -> list[Path]:
    """Read every node of every student; return one file per depth, the root's first.

    Args:
        engine: what computes it.
        inputs: the tables that the model reads, beside itself.
        parameters: of the run.
        folder: where the files go.
    """
    above = folder / f"{CHAIN}-above-root.parquet"
    empty_parquet(TABLES[CHAIN], above)
    paths = []
    for depth in range(deepest(inputs["mastery_nodes"]) + 1):
        path = folder / f"{CHAIN}-{depth}.parquet"
        files = {**inputs, CHAIN: [above]}
        job = Job(load_model(CHAIN), TABLES[CHAIN], files, {**parameters, "depth": depth})
        engine.run(job, path)
        paths.append(path)
        above = path
    return paths
