"""How a mail leaves: files, SMTP or Amazon SES. A backend makes ONE attempt and says what it knows."""

from mavprep_analytics.weekly_reports.backends.backend import Backend, Outcome

__all__ = ["Backend", "Outcome"]
