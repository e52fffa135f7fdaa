"""Wires settings to the parts: sender, links, keys, backend, source. The commands and assets start here."""

from datetime import date, timedelta

from mavprep_analytics.embedded import postgres_url
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.lake import Lake
from mavprep_analytics.settings import Settings
from mavprep_analytics.weekly_reports.backends import Backend
from mavprep_analytics.weekly_reports.backends.file import FileBackend
from mavprep_analytics.weekly_reports.backends.ses import SesBackend
from mavprep_analytics.weekly_reports.backends.smtp import SmtpBackend, SmtpServer
from mavprep_analytics.weekly_reports.consents import LakeConsents
from mavprep_analytics.weekly_reports.delivery import Mailer
from mavprep_analytics.weekly_reports.letters import Letterhead
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.mime import Sender
from mavprep_analytics.weekly_reports.outbox import Outbox
from mavprep_analytics.weekly_reports.prepare import Source
from mavprep_analytics.weekly_reports.public_pages import token_keys
from mavprep_analytics.weekly_reports.schedule import require_covered

SMTP_RATE = 50
"""Mails per second to a mail server whose limit nobody told."""
_NO_SENDER = ".invalid"


def open_outbox(settings: Settings) -> Outbox:
    """Return the outbox in the configured (else embedded) database."""
    return Outbox(postgres_url(settings))


def source(settings: Settings, outbox: Outbox, week: date) -> Source:
    """Return the lake version that tells the week: of the publication nearest to its end.

    Raises:
        Held: no publication reaches the week's Sunday.
    """
    require_covered(week, outbox.newest_as_of())
    found = outbox.covering_publication(week)
    assert found is not None, "the newest publication covers the week"
    as_of, number = found
    lake = Lake.open(settings.lake, settings.home / "scratch")
    return Source(
        lake=lake,
        version=lake.version(number),
        as_of=as_of,
        default_timezone=settings.default_timezone,
        memory=settings.engine_memory,
        threads=settings.engine_threads,
    )


def mailer(settings: Settings, outbox: Outbox, week: date) -> Mailer:
    """Return what `deliver` needs.

    Raises:
        Misconfigured: a setting that the backend needs is missing.
    """
    return Mailer(
        outbox=outbox,
        backend=_backend(settings, week),
        consents=consents(settings),
        letterhead=letterhead(settings),
        rate=settings.email_rate or (SMTP_RATE if settings.email_backend == "smtp" else 0),
        canary_pause=timedelta(minutes=settings.email_canary_minutes),
    )


def consents(settings: Settings) -> LakeConsents:
    """Return where flags and addresses are read at send time."""
    return LakeConsents(Lake.open(settings.lake, settings.home / "scratch"))


def letterhead(settings: Settings) -> Letterhead:
    """Return what all mails share.

    Raises:
        Misconfigured: sender, addresses or keys are missing or wrong.
    """
    sender = Sender.parse(settings.email_sender)
    if settings.email_backend != "file" and sender.domain.endswith(_NO_SENDER):
        raise Misconfigured(
            f"MAVPREP_EMAIL_SENDER is not set, and {settings.email_backend} needs a real address",
            "Set MAVPREP_EMAIL_SENDER to `Name <address>`",
        )
    links = Links(settings.app_url, settings.public_url)
    return Letterhead(sender, links, token_keys(settings), settings.email_postal_address)


def _backend(settings: Settings, week: date) -> Backend:
    if settings.email_backend == "smtp":
        password = settings.smtp_password
        return SmtpBackend(
            SmtpServer(
                host=settings.smtp_host,
                port=settings.smtp_port,
                user=settings.smtp_user,
                password=password.get_secret_value() if password else "",
                uses_tls=settings.smtp_tls == "required",
            )
        )
    if settings.email_backend == "ses":
        return SesBackend(settings.ses_configuration_set)
    return FileBackend(settings.reports, week)
