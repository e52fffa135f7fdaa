"""Turns table declarations and SQL models into assets: the one place that knows how a model becomes a node."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import dagster as dg

from assets.checks import declaration_check, declaration_spec
from assets.partitions import as_of_days, partition_date
from assets.previews import preview_metadata
from assets.resources import Platform
from mavprep_analytics.engine import Built, build, load_model, run_parameters
from mavprep_analytics.engine.checks import TableRefused
from mavprep_analytics.engine.model import Parameter
from mavprep_analytics.lake import Lake, TableEntry, Version
from mavprep_analytics.tables import TABLES, Layer, Table

OWNERS = ["team:data"]
KINDS = {Layer.RAW: {"s3", "parquet"}, Layer.CATALOGUE: {"postgres", "parquet"}}
SQL_KINDS = {"sql", "duckdb", "parquet"}

Extra = Callable[[dg.AssetExecutionContext, Platform], Mapping[str, TableEntry | None]]
Parameters = Mapping[str, Parameter]
Builder = Callable[[dg.AssetExecutionContext, Platform, Parameters], list[Built]]


def table_spec(
    table: Table, deps: Iterable[str] = (), kinds: set[str] | None = None
) -> dg.AssetSpec:
    """Describe a lake table to Dagster: group, description, columns, kinds and what it is made from."""
    return dg.AssetSpec(
        table.name,
        deps=list(deps),
        description=table.description,
        group_name=table.group,
        owners=OWNERS,
        kinds=kinds or KINDS.get(table.layer, {"python", "parquet"}),
        partitions_def=as_of_days,
        metadata={
            "dagster/column_schema": column_schema(table),
            "dagster/table_name": f"lake.{table.name}",
            "key": ", ".join(table.key),
            **({"published_as": table.postgres_name} if table.published else {}),
        },
    )


def column_schema(table: Table) -> dg.TableSchema:
    """Return the table's columns with type, meaning, unit and constraints, as the UI shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                type=column.type.postgres,
                description=f"{column.meaning} Unit: {column.unit}."
                if column.unit
                else column.meaning,
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=table.key == (column.name,)
                ),
            )
            for column in table.columns
        ]
    )


def sql_asset(name: str, *, extra: Extra | None = None) -> dg.AssetsDefinition:
    """Return the asset of one SQL model; its edges are the tables that the SQL reads.

    Args:
        name: the table, which is also the model's file.
        extra: gives inputs that are not at the lake's head.
    """

    def _build(
        context: dg.AssetExecutionContext, platform: Platform, parameters: Parameters
    ) -> list[Built]:
        inputs = extra(context, platform) if extra else None
        return [build(name, platform.lake, platform.engine, parameters, extra=inputs)]

    return built_asset(name, [name], load_model(name).reads, _build)


def built_asset(
    name: str, tables: Iterable[str], reads: Iterable[str], builder: Builder
) -> dg.AssetsDefinition:
    """Return the asset of tables that one call builds, each with the check of its declaration.

    Args:
        name: of the step.
        tables: that it builds.
        reads: tables that they are made from.
        builder: brings them up to date.
    """
    upstream = sorted({read for read in reads if read in TABLES} - {*tables})
    specs = [table_spec(TABLES[table], upstream, SQL_KINDS) for table in tables]

    @dg.multi_asset(name=name, specs=specs, check_specs=[declaration_spec(t) for t in tables])
    def _build(context: dg.AssetExecutionContext, platform: Platform) -> Iterable[Any]:
        parameters = run_parameters(
            partition_date(context),
            platform.settings.default_timezone,
            points_per_accepted_answer=platform.settings.points_per_accepted_answer,
            points_per_like=platform.settings.points_per_like,
        )
        try:
            built = builder(context, platform, parameters)
        except TableRefused as refused:
            yield declaration_check(refused.name, refused.violations)
            raise
        for table in built:
            yield table_result(table, platform.lake)

    return _build


def table_result(built: Built, lake: Lake) -> dg.MaterializeResult[Any]:
    """Return what the UI shows of a table that was built and kept its declaration."""
    previews = {} if built.unchanged else preview_metadata(built.name, built.entry, lake)
    return dg.MaterializeResult(
        asset_key=built.name,
        metadata={
            **table_metadata(built.entry, unchanged=built.unchanged, seconds=built.seconds),
            **previews,
        },
        check_results=[declaration_check(built.name)],
        data_version=dg.DataVersion(built.entry.digest),
    )


def table_metadata(
    entry: TableEntry, *, unchanged: bool, seconds: float | None = None
) -> dict[str, Any]:
    """Return row count, bytes and digest of a lake table."""
    timing = {} if seconds is None else {"seconds": round(seconds, 2)}
    return {
        "dagster/row_count": entry.rows,
        "bytes": sum(file.bytes for file in entry.files),
        "files": len(entry.files),
        "digest": entry.digest[:16],
        "unchanged": unchanged,
        **timing,
    }


def committed_results(version: Version, names: Iterable[str], *, unchanged: bool) -> Iterable[Any]:
    """Yield one result per table that a library function committed in one go."""
    for name in names:
        entry = version.tables[name]
        yield dg.MaterializeResult(
            asset_key=name,
            metadata=table_metadata(entry, unchanged=unchanged),
            data_version=dg.DataVersion(entry.digest),
        )
