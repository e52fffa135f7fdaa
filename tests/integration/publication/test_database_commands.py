"""`mavprep db` and `mavprep erase` against a real Postgres."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mavprep_analytics.cli.database import app
from mavprep_analytics.cli.erase import summary
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.publication.erasure import Erased, erase


@pytest.fixture
def address(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MAVPREP_POSTGRES_URL", database_url)
    return database_url


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_upgrade_says_what_it_did_and_does_it_once(address: str) -> None:
    assert "migrations applied" in run("upgrade", "--with-catalogue")
    assert "already up to date" in run("upgrade")


def test_upgrade_without_catalogue_names_the_option(address: str) -> None:
    with pytest.raises(Misconfigured, match="--with-catalogue"):
        run("upgrade")


def test_a_folder_without_catalogue_files_is_refused(address: str, tmp_path: Path) -> None:
    run("upgrade", "--with-catalogue")
    with pytest.raises(Misconfigured, match=str(tmp_path)):
        run("load-catalogue", str(tmp_path))


def test_erase_says_what_it_deleted_and_what_must_still_expire(address: str) -> None:
    run("upgrade", "--with-catalogue")
    told = summary(erase(address, "nobody"))
    assert "put on the erasure list; no table of Postgres had rows of this user" in told
    again = summary(Erased({"analytics_rankings": 3}, was_listed=True))
    assert "stood on the erasure list already\n" in again
    assert "analytics_rankings" in again
