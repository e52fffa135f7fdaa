"""Staging the catalogue of a real Postgres into a lake."""

from pathlib import Path

import psycopg
import pytest
from published_rows import new_lake
from small_catalogue import IDS, Ids

from mavprep_analytics.catalogue import CatalogueShrunk, TopicCycle, stage
from mavprep_analytics.embedded.postgres import EmbeddedPostgres
from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.lake import Lake


@pytest.fixture
def database_url(filled_database: str) -> str:
    return filled_database


@pytest.fixture
def ids() -> Ids:
    return IDS


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


def change(database_url: str, statement: str, *values: object) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(statement, values)


def column(lake: Lake, table: str, name: str) -> list[object]:
    return list(lake.read(lake.head().tables[table]).column(name).to_pylist())


def test_all_tables_come_in_one_version(database_url: str, ids: Ids, lake: Lake) -> None:
    staged = stage(database_url, lake)
    assert (staged.version, staged.unchanged) == (1, False)
    assert staged.rows == {
        "catalogue_subjects": 2,
        "catalogue_topics": 5,
        "catalogue_questions": 6,
        "catalogue_question_options": 12,
        "catalogue_tests": 2,
        "catalogue_test_questions": 6,
        "catalogue_videos": 1,
        "topic_closure": 8,
    }


def test_values_are_derived_as_declared(database_url: str, ids: Ids, lake: Lake) -> None:
    stage(database_url, lake)
    assert column(lake, "catalogue_questions", "difficulty") == ["easy", "hard", None] * 2
    assert "rules-tricks-" in column(lake, "catalogue_topics", "slug")
    assert column(lake, "catalogue_question_options", "is_key") == [True, False] * 6
    assert column(lake, "catalogue_videos", "published_at_micros") == [1_767_225_600_000_000]


def test_an_option_without_label_is_known_by_its_place_and_equal_labels_are_one(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    question = ids.questions[0]
    change(
        database_url,
        "update question_options set option_label = null where question_id = %s",
        question,
    )
    other = ids.questions[1]
    change(
        database_url, "update question_options set option_label = 'A' where question_id = %s", other
    )
    stage(database_url, lake)
    options = lake.read(lake.head().tables["catalogue_question_options"]).to_pylist()
    assert [o["option_label"] for o in options if o["question_id"] == question] == ["1", "2"]
    assert [o["is_key"] for o in options if o["question_id"] == other] == [True]


def test_a_second_run_writes_nothing(database_url: str, ids: Ids, lake: Lake) -> None:
    first = stage(database_url, lake)
    change(database_url, "update questions set times_answered = 7")
    second = stage(database_url, lake)
    assert second.unchanged
    assert second.version == first.version == lake.head().number


def test_only_the_changed_table_is_written(database_url: str, ids: Ids, lake: Lake) -> None:
    stage(database_url, lake)
    change(database_url, "update subjects set name = 'Calculus I' where id = %s", ids.subjects[0])
    assert stage(database_url, lake).changed == ("catalogue_subjects",)


def test_topics_that_go_round_are_named(database_url: str, ids: Ids, lake: Lake) -> None:
    change(
        database_url,
        "update topics set parent_topic_id = %s where id = %s",
        ids.topics[2],
        ids.topics[0],
    )
    with pytest.raises(TopicCycle, match="Derivatives"):
        stage(database_url, lake)
    assert lake.head().number == 0


def test_missing_tables_are_named_with_the_next_step(
    embedded_postgres: EmbeddedPostgres, lake: Lake
) -> None:
    with pytest.raises(Misconfigured, match=r"question_options.*video_lessons.*--with-catalogue"):
        stage(embedded_postgres.url, lake)


def test_a_missing_column_is_a_misconfiguration(database_url: str, ids: Ids, lake: Lake) -> None:
    change(database_url, "alter table video_lessons drop column duration_seconds")
    with pytest.raises(Misconfigured, match="duration_seconds"):
        stage(database_url, lake)


def test_a_catalogue_that_lost_its_topics_is_refused(
    database_url: str, ids: Ids, lake: Lake
) -> None:
    stage(database_url, lake)
    change(database_url, "delete from topics")
    with pytest.raises(CatalogueShrunk, match="empty: catalogue_topics, catalogue_questions"):
        stage(database_url, lake)


def test_a_shrunk_table_waits_for_a_person(database_url: str, ids: Ids, lake: Lake) -> None:
    stage(database_url, lake)
    change(
        database_url, "delete from questions where id = any(%s::uuid[])", list(ids.questions[:2])
    )
    with pytest.raises(CatalogueShrunk, match="catalogue_questions from 6 to 4 rows"):
        stage(database_url, lake)
    assert stage(database_url, lake, shrink_limit=1).rows["catalogue_questions"] == 4


def test_a_wrong_password_is_a_misconfiguration_that_does_not_show_it(
    database_url: str, lake: Lake
) -> None:
    head, _, address = database_url.rpartition("@")
    user = head.rpartition(":")[0]
    with pytest.raises(Misconfigured) as caught:
        stage(f"{user}:sesame@{address}", lake)
    assert "sesame" not in str(caught.value)


def test_an_unreachable_server_is_temporary_and_shows_no_password(lake: Lake) -> None:
    with pytest.raises(Temporary) as caught:
        stage("postgresql://mavprep:sesame@127.0.0.1:1/mavprep", lake)
    assert "sesame" not in str(caught.value)
    assert "127.0.0.1:1" in str(caught.value)
