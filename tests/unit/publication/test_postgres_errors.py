"""What errors of Postgres mean, and what their messages keep to themselves."""

import psycopg
import pytest
from psycopg import errors

from mavprep_analytics.errors import DataRefused, MavprepError, Misconfigured, Temporary
from mavprep_analytics.postgres import explain, place, session

SECRET = "postgresql://ada:sesame@db.example:6432/campus"


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (errors.DeadlockDetected, Temporary),
        (errors.SerializationFailure, Temporary),
        (errors.AdminShutdown, Temporary),
        (errors.DiskFull, Temporary),
        (errors.ReadOnlySqlTransaction, Temporary),
        (errors.LockNotAvailable, Temporary),
        (errors.QueryCanceled, Temporary),
        (psycopg.OperationalError, Temporary),
        (errors.InsufficientPrivilege, Misconfigured),
        (errors.UndefinedTable, Misconfigured),
        (errors.UndefinedColumn, Misconfigured),
        (errors.UniqueViolation, DataRefused),
        (errors.CardinalityViolation, DataRefused),
        (errors.NumericValueOutOfRange, DataRefused),
    ],
)
def test_each_class_of_error_has_its_exit_code(
    error: type[psycopg.Error], meaning: type[MavprepError]
) -> None:
    found = explain(error("told"), "analytics_rankings")
    assert type(found) is meaning
    assert "analytics_rankings" in str(found)


def test_a_place_names_server_and_database_without_user_and_password() -> None:
    assert place(SECRET) == "campus at db.example:6432"
    assert "sesame" not in place("postgresql://ada:sesame@h:notaport/x")


@pytest.mark.parametrize(
    "url", ["mysql://ada:sesame@db/x", "ada:sesame", "postgresql://a:sesame@h:no/x"]
)
def test_a_malformed_address_is_a_misconfiguration_that_does_not_show_it(url: str) -> None:
    with pytest.raises(Misconfigured) as caught, session(url):
        pass
    assert "sesame" not in str(caught.value)
