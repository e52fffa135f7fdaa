"""Every environment variable, documented and validated; read only when a run starts.

AWS settings (credentials, region, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB,
AWS_ENDPOINT_URL_SESV2) are the SDK's own and are not repeated here.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator

from mavprep_analytics.errors import Misconfigured

PREFIX = "MAVPREP_"


class Settings(BaseModel):
    """One run's configuration. Each field is the variable MAVPREP_<FIELD>."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    home: Path = Path(".mavprep")
    """Folder of everything that the embedded defaults keep: Postgres, lake, exports, reports, Dagster."""
    exports_url: str = ""
    """Where the DynamoDB exports lie: `s3://bucket/prefix` or a folder that holds `AWSDynamoDB/`.
    Empty: `<home>/exports`."""
    lake_url: str = ""
    """Where the Parquet lake lies: `s3://bucket/prefix` or a folder. Empty: `<home>/lake`."""
    postgres_url: SecretStr | None = None
    """`postgresql://…` of the catalogue and the published tables. Empty: the embedded server."""
    dynamodb_writeback: Literal["off", "on"] = "off"
    """Whether ranks are written to the REPUTATION items."""
    writeback_rate: int = 200
    """Rank updates per second at most."""
    email_backend: Literal["file", "smtp", "ses"] = "file"
    """How weekly reports leave: `.eml` files, an SMTP server, or Amazon SES."""
    reports_dir: Path | None = None
    """For the file backend: one `.eml` and one `.html` per student. Empty: `<home>/reports`."""
    default_timezone: str = "UTC"
    """IANA zone of students whose profile names none or an unknown one."""
    engine: str = "duckdb"
    """`duckdb`, or `sc://host:port` of a Spark Connect server."""
    engine_memory: str = "1500MB"
    """Memory limit of the embedded engine; beyond it, it spills to disk."""
    engine_threads: int = 2
    """Threads of the embedded engine, and worker processes of the export reader."""

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such IANA time zone")
        return value

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value != "duckdb" and not value.startswith("sc://"):
            raise ValueError("must be duckdb or sc://host:port")
        return value

    @field_validator("engine_threads", "writeback_rate")
    @classmethod
    def _positive(cls, value: int) -> int:
        if value < 1:
            raise ValueError("must be 1 or more")
        return value

    @property
    def exports(self) -> str:
        """The exports' place with its default applied."""
        return self.exports_url or str(self.home / "exports")

    @property
    def lake(self) -> str:
        """The lake's place with its default applied."""
        return self.lake_url or str(self.home / "lake")

    @property
    def reports(self) -> Path:
        """The folder of written mails with its default applied."""
        return self.reports_dir or self.home / "reports"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check all MAVPREP_* variables; empty values count as unset.

    Raises:
        Misconfigured: naming every unknown variable and every bad value at once.
    """
    source = os.environ if environment is None else environment
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in source.items()
        if name.startswith(PREFIX) and value
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = "; ".join(
            _describe(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()
        )
        raise Misconfigured(problems, "Correct the environment and run again") from None


def _describe(location: tuple[int | str, ...], kind: str, message: str) -> str:
    variable = PREFIX + str(location[0]).upper()
    return (
        f"{variable} is no known variable"
        if kind == "extra_forbidden"
        else f"{variable}: {message}"
    )
