"""The graph of assets: its shape, so that a review sees every change of it."""

from pathlib import Path
from typing import Any

import pytest

from assets.definitions import build_definitions
from mavprep_analytics.tables import TABLES, Layer

SNAPSHOT = Path(__file__).with_name("graph.txt")


@pytest.fixture(scope="module")
def graph() -> Any:
    return build_definitions().resolve_asset_graph()


def lines(graph: Any) -> list[str]:
    shown = []
    for key in sorted(graph.get_all_asset_keys(), key=str):
        node = graph.get(key)
        parents = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        shown.append(f"{node.group_name:<15} {key.to_user_string():<27} <- {parents}".rstrip(" <-"))
    return sorted(shown)


def test_the_graph_is_the_one_on_record(graph: Any, update_golden: bool) -> None:
    text = "\n".join(lines(graph)) + "\n"
    if update_golden:
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "rewrite it with --update-golden if the change is wanted"


def test_every_declared_table_is_an_asset(graph: Any) -> None:
    names = {key.to_user_string() for key in graph.get_all_asset_keys()}
    elsewhere = {Layer.LEDGER, Layer.STEP}
    assert {t.name for t in TABLES.values() if t.layer not in elsewhere} <= names


def test_every_asset_of_ours_is_described_owned_and_of_a_kind(graph: Any) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key


def test_no_step_reads_what_a_later_group_wrote(graph: Any) -> None:
    order = [
        "requests",
        "sources",
        "raw",
        "core",
        "catalogue",
        "attempts",
        "mastery",
        "leaderboards",
    ]
    order += ["rankings", "questions", "weeks", "dashboard", "publication", "weekly_reports"]
    backwards = [
        (parent.to_user_string(), key.to_user_string())
        for key in graph.get_all_asset_keys()
        for parent in graph.get(key).parent_keys
        if order.index(graph.get(parent).group_name) > order.index(graph.get(key).group_name)
    ]
    assert backwards == []
