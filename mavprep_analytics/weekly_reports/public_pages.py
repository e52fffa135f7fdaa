"""Wires settings to the public pages; loads neither engine nor mail service, so that a web server stays small."""

import os
import secrets
from pathlib import Path

from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.settings import Settings
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.tokens import Keys
from mavprep_analytics.weekly_reports.web import ReportPages


def pages(settings: Settings, database_url: str) -> ReportPages:
    """Return the public pages, to be mounted beside the dashboards or served alone.

    Raises:
        Misconfigured: addresses or keys are missing or wrong.
    """
    links = Links(settings.app_url, settings.public_url)
    keys = token_keys(settings)
    return ReportPages(database_url, keys, links, settings.email_postal_address)


def token_keys(settings: Settings) -> Keys:
    """Return the keys that sign links: the configured ones, else those kept in the home folder.

    Raises:
        Misconfigured: smtp or ses without configured keys.
    """
    if settings.token_keys is not None:
        return Keys.parse(settings.token_keys.get_secret_value())
    if settings.email_backend != "file":
        raise Misconfigured(
            "MAVPREP_TOKEN_KEYS is not set, and links in sent mails must work for years",
            "Set it to id:secret with a long random secret",
        )
    return Keys.parse(_kept_keys(settings.home / "token.keys"))


def _kept_keys(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        text = f"local:{secrets.token_urlsafe(32)}"
        file.write(text)
    return text
