"""When a smaller catalogue is refused, and when two catalogues are the same."""

import pyarrow as pa
import pytest

from mavprep_analytics.catalogue import CatalogueShrunk
from mavprep_analytics.catalogue.stage import content_digest, refuse_shrunk
from mavprep_analytics.lake import DataFile, TableEntry, Version

FULL = {
    "catalogue_subjects": 10,
    "catalogue_topics": 10,
    "catalogue_questions": 10,
    "catalogue_videos": 10,
}
BASE = Version(
    1, tables={name: TableEntry((DataFile("k", rows, 1, "s"),)) for name, rows in FULL.items()}
)


@pytest.mark.parametrize("rows", [9, 10, 99])
def test_a_small_loss_and_any_gain_pass(rows: int) -> None:
    refuse_shrunk(FULL | {"catalogue_videos": rows}, BASE, 0.2)


@pytest.mark.parametrize("rows", [8, 0])
def test_a_fifth_or_more_lost_is_refused_by_name(rows: int) -> None:
    with pytest.raises(CatalogueShrunk, match=f"catalogue_videos from 10 to {rows} rows"):
        refuse_shrunk(FULL | {"catalogue_videos": rows}, BASE, 0.2)


def test_a_limit_of_one_accepts_any_loss_but_that_of_all_questions() -> None:
    refuse_shrunk(FULL | {"catalogue_videos": 0, "catalogue_questions": 1}, BASE, 1)
    with pytest.raises(CatalogueShrunk, match="empty: catalogue_questions"):
        refuse_shrunk(FULL | {"catalogue_questions": 0}, BASE, 1)


def test_the_first_catalogue_has_nothing_to_shrink_from() -> None:
    refuse_shrunk(FULL, Version(0), 0.2)


def test_a_catalogue_may_have_no_questions_yet_but_not_nothing_at_all() -> None:
    subjects = dict.fromkeys(FULL, 0) | {"catalogue_subjects": 1}
    refuse_shrunk(subjects, Version(0), 0.2)
    refuse_shrunk(subjects, Version(1, tables={}), 1)
    with pytest.raises(CatalogueShrunk, match="catalogue_subjects, catalogue_topics, catalogue_q"):
        refuse_shrunk(dict.fromkeys(FULL, 0), Version(0), 1)


def test_digests_tell_rows_order_and_types_apart_but_not_chunks() -> None:
    table = pa.table({"n": pa.array([1, 2], pa.int64())})
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1, 1)])
    assert content_digest(chunked) == content_digest(table)
    others = [table.slice(0, 1), table.take([1, 0]), table.cast(pa.schema([("n", pa.int32())]))]
    assert content_digest(table) not in {content_digest(other) for other in others}
