"""Whole nights through the `mavprep` command, on a small campus, real Postgres and a folder lake."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from nights import UNTIL, Site, small_campus

pytestmark = pytest.mark.xdist_group("nights")
WEEK_AGO = UNTIL - timedelta(days=7)


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_campus(tmp_path_factory.mktemp("campus") / "exports")


@pytest.fixture
def site(campus: Path, database_url: str, tmp_path: Path) -> Site:
    return Site(campus, database_url, tmp_path / "home").prepare()


def test_two_nights_a_rerun_and_a_stale_run(site: Site) -> None:
    first = site.night(WEEK_AGO)
    assert first.returncode == 0, first.stderr
    assert "publication 1" in first.stdout

    second = site.night()
    assert second.returncode == 0, second.stderr
    published, lake = site.content(), site.lake_files()

    again = site.night()
    assert again.returncode == 3, again.stderr
    assert "0 rows changed, 0 items written" in again.stderr
    assert (site.content(), site.lake_files()) == (published, lake)

    later = site.night(UNTIL + timedelta(days=1))
    assert later.returncode == 3, "a later date over the same exports is no news"
    assert site.content() == published

    stale = site.night(WEEK_AGO)
    assert stale.returncode == 50, stderr_of(stale)
    assert site.content() == published
    assert site.publications() == [(1, WEEK_AGO), (2, UNTIL)]

    with psycopg.connect(site.database_url) as connection:
        ranked, moved = connection.execute(
            "select count(*), count(*) filter (where previous_rank - rank = moved_by_self + moved_by_others"
            " + moved_by_joiners + moved_by_leavers) from analytics_rankings where previous_rank is not null"
        ).fetchone() or (0, 0)
    assert ranked > 0
    assert moved == ranked

    measured = site.command("evaluate", "--campus", str(site.campus), "--json")
    (everything, *_) = json.loads(measured.stdout)["groups"]
    assert everything["readings"] > 500
    assert 0.7 < everything["coverage_80"] < everything["coverage_lasting"] < 1


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"MAVPREP_EXPORTS_URL": "/no/such/folder"}, 40, "/no/such/folder"),
        ({"MAVPREP_LAKE_URL": "ftp://somewhere"}, 40, "ftp://somewhere"),
        ({"MAVPREP_POSTGRES_URL": "postgresql://u:hunter2@127.0.0.1:9/d"}, 20, "127.0.0.1:9"),
        ({"MAVPREP_ENGINE": "abacus"}, 40, "MAVPREP_ENGINE"),
        ({"MAVPREP_COLOUR": "red"}, 40, "MAVPREP_COLOUR"),
    ],
)
def test_bad_configuration_is_one_line_with_its_code(
    site: Site, changes: dict[str, str], code: int, named: str
) -> None:
    done = site.command("run", "--as-of", str(UNTIL), **changes)
    assert done.returncode == code, stderr_of(done)
    (line,) = [text for text in done.stderr.splitlines() if text.startswith("mavprep:")]
    assert named in line
    assert "hunter2" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert site.publications() == []


def test_a_database_without_tables_names_the_next_step(
    campus: Path, database_url: str, tmp_path: Path
) -> None:
    done = Site(campus, database_url, tmp_path / "home").night()
    assert done.returncode == 40
    assert "mavprep db upgrade --with-catalogue" in done.stderr
    assert not (tmp_path / "home" / "lake").exists()


def test_a_date_that_is_none_is_a_configuration_error(site: Site) -> None:
    done = site.command("run", "--as-of", "yesterday")
    assert done.returncode == 40
    assert "yesterday" in done.stderr


def stderr_of(done: object) -> str:
    return str(getattr(done, "stderr", ""))[-2000:]
