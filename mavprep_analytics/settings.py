"""Every environment variable, documented and validated; read only when a run starts.

AWS settings (credentials, region, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB,
AWS_ENDPOINT_URL_SESV2) are the SDK's own and are not repeated here.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from mavprep_analytics.errors import Misconfigured

PREFIX = "MAVPREP_"
POINTS_PER_ACCEPTED_ANSWER, POINTS_PER_LIKE = 15, 5
ENGINE_MEMORY, ENGINE_THREADS = "2000MB", 2
"""What whoever reads the lake with DuckDB may use, unless the settings say otherwise."""


class Settings(BaseModel):
    """One run's configuration. Each field is the variable MAVPREP_<FIELD>."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    home: Path = Path(".mavprep")
    """Folder of everything that the embedded defaults keep: Postgres, lake, exports, reports, Dagster."""
    exports_url: str = ""
    """Where the DynamoDB exports lie: `s3://bucket/prefix` or a folder that holds `AWSDynamoDB/`.
    Empty: `<home>/exports`."""
    export_tables: str = ""
    """ARNs of the DynamoDB tables that exports are asked for, separated by commas.
    Empty: every table that has an export already."""
    export_full_days: int = Field(default=14, ge=1, le=35)
    """A table whose last full export is this many days old is asked for a full one, else for its changes."""
    export_bucket: str = ""
    """Refuse exports that AWS wrote to another bucket than this. Empty: any."""
    export_account: str = Field(default="", pattern=r"^([0-9]{12})?$")
    """Refuse exports of another AWS account's tables, and read from S3 only buckets that it owns. Empty: any."""
    export_allowed_tables: str = ""
    """Refuse exports of other tables than these ARNs, separated by commas. Empty: any."""
    export_shrink_users_percent: float = Field(default=2, ge=0, le=100)
    """Refuse a newer full export that lacks more than this share of the users; 100 accepts any loss."""
    export_shrink_rows_percent: float = Field(default=5, ge=0, le=100)
    """Refuse a newer full export that lacks more than this share of all items; 100 accepts any loss."""
    lake_url: str = ""
    """Where the Parquet lake lies: `s3://bucket/prefix` or a folder. Empty: `<home>/lake`."""
    postgres_url: SecretStr | None = None
    """`postgresql://…` of the catalogue and the published tables. Empty: the embedded server."""
    catalogue_shrink_limit: float = Field(default=0.2, gt=0, le=1)
    """Refuse a catalogue table that lost this share of its rows since the night before; 1 accepts any loss."""
    dynamodb_writeback: Literal["off", "on"] = "off"
    """Whether ranks are written to the REPUTATION items."""
    writeback_rate: int = 200
    """Rank updates per second at most."""
    email_backend: Literal["file", "smtp", "ses"] = "file"
    """How weekly reports leave: `.eml` files, an SMTP server, or Amazon SES."""
    reports_dir: Path | None = None
    """For the file backend: one `.eml` and one `.html` per student. Empty: `<home>/reports`."""
    email_sender: str = "MavPrep <reports@mavprep.invalid>"
    """From of the weekly reports, `Name <address>`; smtp and ses need a real address."""
    email_postal_address: str = ""
    """Postal address in the footer of each mail; empty: none."""
    email_rate: int = Field(default=0, ge=0)
    """Mails per second at most, never more than an SES account's quota. 0: that quota for ses, 50 for
    smtp, no limit for file."""
    email_canary_minutes: int = Field(default=30, ge=0)
    """For smtp and ses and 1,000 students or more: pause after the first 100 mails and after the first
    1 %, for bounces to come in. 0: none."""
    smtp_host: str = ""
    """Server of the smtp backend."""
    smtp_port: int = 587
    """Its port. 465 speaks TLS at once, any other port STARTTLS."""
    smtp_user: str = ""
    """Login name; empty: no login."""
    smtp_password: SecretStr | None = None
    """Password of smtp_user."""
    smtp_tls: Literal["required", "off"] = "required"
    """`off` only for a server on this machine."""
    ses_configuration_set: str = ""
    """SES configuration set whose events report bounces and complaints; empty: none."""
    app_url: str = "https://app.mavprep.com"
    """Where the links of a mail lead: lessons, flashcards, plans of the product."""
    public_url: str = "https://reports.mavprep.com"
    """Where our own pages are reached from outside: unsubscribe, and the mail in a browser."""
    token_keys: SecretStr | None = None
    """Keys that sign unsubscribe links, `id:secret,id:secret`; the first signs, all verify.
    Empty: one is made in `<home>/token.keys`, for the file backend only."""
    dashboard_users: SecretStr | None = None
    """Who may see the dashboards: a JSON object from login to
    `{"role": "global_admin" | "university_admin" | "analyst", "university": "...", "password": "pbkdf2_sha256$..."}`;
    a password only for logins without a proxy (`mavprep dashboard --make-password`).
    Empty, no grants file, no proxy and no provider: `admin` with the password `mavprep`, on 127.0.0.1 only."""
    dashboard_grants_file: Path | None = None
    """The same as a TOML file with `[logins."ada@brook.edu"]` and, for groups of the identity provider,
    `[groups."staff"]`; read again when it changes."""
    dashboard_url: str = ""
    """Where the dashboards are reached from outside, without the prefix, e.g. `https://analytics.mavprep.com`;
    needed for sign-in by OIDC."""
    dashboard_oidc_issuer: str = ""
    """Issuer of an OpenID Connect provider, where `<url><prefix>/sign-in/callback` is registered.
    Empty: no sign-in by OIDC."""
    dashboard_oidc_client_id: str = ""
    """The client that the provider knows the dashboards as."""
    dashboard_oidc_client_secret: SecretStr | None = None
    """Its secret; empty: a public client, by PKCE alone."""
    dashboard_oidc_login_claim: str = "email"
    """The claim of the ID token that is looked up among the logins; `email` only with `email_verified`."""
    dashboard_oidc_groups_claim: str = "groups"
    """The claim that lists groups, looked up when the login itself is not listed."""
    dashboard_session_key: SecretStr | None = None
    """Signs session cookies, 32 characters or more. Empty: made anew at each start, which ends all sessions."""
    dashboard_postgres_url: SecretStr | None = None
    """`postgresql://…` of the role that the pages read with (`mavprep db reader`). Empty: `MAVPREP_POSTGRES_URL`."""
    dashboard_downloads_per_hour: int = Field(default=20, ge=1)
    """Downloads of personal data that a login may make within an hour."""
    dashboard_proxy_secret: SecretStr | None = None
    """What the trusted proxy sends as `X-Mavprep-Proxy-Secret`, 16 characters or more. Empty: no proxy."""
    dashboard_proxy_header: str = "X-Forwarded-User"
    """The header in which the trusted proxy names the login."""
    dashboard_prefix: str = ""
    """Path that the dashboards stand under behind the proxy, e.g. `/analytics`. Empty: the root."""
    default_timezone: str = "UTC"
    """IANA zone of students whose profile names none or an unknown one."""
    points_per_accepted_answer: int = Field(default=POINTS_PER_ACCEPTED_ANSWER, ge=0)
    """Reputation in a subject for a comment that was accepted as the answer there."""
    points_per_like: int = Field(default=POINTS_PER_LIKE, ge=0)
    """Reputation in a subject for a like on a post or comment there."""
    engine: str = "duckdb"
    """`duckdb`, or `sc://host:port` of a Spark Connect server."""
    engine_memory: str = ENGINE_MEMORY
    """Memory limit of the embedded engine; beyond it, it spills to disk."""
    engine_threads: int = ENGINE_THREADS
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
    def export_table_arns(self) -> list[str]:
        """The ARNs of export_tables."""
        return _parts(self.export_tables)

    @property
    def allowed_export_table_arns(self) -> list[str]:
        """The ARNs of export_allowed_tables."""
        return _parts(self.export_allowed_tables)

    @property
    def lake(self) -> str:
        """The lake's place with its default applied."""
        return self.lake_url or str(self.home / "lake")

    @property
    def reports(self) -> Path:
        """The folder of written mails with its default applied."""
        return self.reports_dir or self.home / "reports"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


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
