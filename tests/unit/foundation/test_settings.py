"""Every variable is known, checked, and reported by name."""

import pytest

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import load_settings


def test_no_variable_at_all_means_the_embedded_defaults() -> None:
    settings = load_settings({})
    assert settings.postgres_url is None
    assert settings.exports == ".mavprep/exports"
    assert settings.lake == ".mavprep/lake"


def test_other_programs_variables_are_not_ours() -> None:
    assert load_settings({"HOME": "/x", "MAVPREPARE": "1"}) == load_settings({})


def test_empty_values_count_as_unset() -> None:
    assert load_settings({"MAVPREP_EMAIL_BACKEND": ""}).email_backend == "file"


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as raised:
        load_settings(
            {
                "MAVPREP_EMAIL_BACKEND": "fax",
                "MAVPREP_COLOUR": "red",
                "MAVPREP_DEFAULT_TIMEZONE": "Mars/X",
            }
        )
    for name in ("MAVPREP_EMAIL_BACKEND", "MAVPREP_COLOUR", "MAVPREP_DEFAULT_TIMEZONE"):
        assert name in str(raised.value)
    assert raised.value.exit_code == 40


def test_a_password_is_never_printed() -> None:
    settings = load_settings({"MAVPREP_POSTGRES_URL": "postgresql://u:hunter2@h/d"})
    assert "hunter2" not in repr(settings)
