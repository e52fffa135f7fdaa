"""The services of an installation without any: PostgreSQL, and AWS endpoints for the demo and tests.

Here belongs what starts, finds and stops a server on 127.0.0.1. What is stored in those servers does
not: tables, buckets and queues are made by the parts that own them.
"""

from mavprep_analytics.embedded import postgres
from mavprep_analytics.settings import Settings


def postgres_url(settings: Settings) -> str:
    """Return MAVPREP_POSTGRES_URL or, where it is unset, the URL of the embedded server, started if need be.

    Raises:
        Misconfigured: the embedded server is wanted and cannot be had here.
        Temporary: it did not start in time or found no free port.
    """
    if settings.postgres_url is not None:
        return settings.postgres_url.get_secret_value()
    return postgres.ensure_running(settings.home)
