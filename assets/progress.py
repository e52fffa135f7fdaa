"""Progress of a run on a terminal: one line per finished step instead of Dagster's debug log."""

import logging
import sys

import dagster as dg

_UNCHANGED = "unchanged"
_WORDS = {
    "STEP_SUCCESS": "done",
    "STEP_FAILURE": "FAILED",
    "STEP_SKIPPED": "skipped",
    "STEP_UP_FOR_RETRY": "retrying",
}


class _StepLines(logging.Handler):
    """Writes `done  topic_mastery  1.2 s` when a step ends, with the rows that it reported."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._rows: dict[str, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None or event.step_key is None:
            return
        if event.event_type_value == "ASSET_MATERIALIZATION":
            self._rows.setdefault(event.step_key, []).append(_summary(event))
        elif event.event_type_value in _WORDS:
            self._write(event)

    def _write(self, event: dg.DagsterEvent) -> None:
        seconds = ""
        if event.event_type_value == "STEP_SUCCESS":
            seconds = f"{event.step_success_data.duration_ms / 1000:7.1f} s"
        detail = _detail(self._rows.pop(event.step_key or "", []))
        line = f"{_WORDS[event.event_type_value]:>8} {seconds:>9}  {event.step_key}  {detail}"
        sys.stderr.write(line.rstrip() + "\n")


def _detail(tables: list[str]) -> str:
    if len(tables) < 2:
        return "".join(tables)
    changed = [table for table in tables if not table.endswith(_UNCHANGED)]
    return f"{len(tables)} tables, " + (f"{len(changed)} changed" if changed else _UNCHANGED)


def _summary(event: dg.DagsterEvent) -> str:
    metadata = event.step_materialization_data.materialization.metadata
    rows, unchanged = metadata.get("dagster/row_count"), metadata.get("unchanged")
    words = [f"{rows.value:,} rows"] if rows is not None else []
    if unchanged is not None and unchanged.value:
        words.append(_UNCHANGED)
    return ", ".join(words)


@dg.logger({}, "One line per finished step.")
def step_lines(init_context: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger of the command line's runs."""
    name = init_context.job_def.name if init_context.job_def else "run"
    logger = logging.Logger(f"mavprep.{name}", logging.DEBUG)
    logger.addHandler(_StepLines())
    return logger
