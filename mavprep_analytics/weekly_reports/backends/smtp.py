"""Sends over SMTP: one connection kept open, TLS, and one attempt per mail.

Until the final dot of DATA has been sent the server cannot have taken the mail; after it, only the
server's answer tells. So a connection that breaks before is a certain refusal, after it unknown.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.weekly_reports.backends.backend import Outcome
from mavprep_analytics.weekly_reports.mime import Message

_TLS_AT_ONCE = 465
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_DOTS = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to connect.

    Args:
        uses_tls: STARTTLS, or TLS at once on port 465; off only for this machine.
        seconds: to wait for each answer.
        mails: after so many a new connection is made, as servers expect.
        ca_file: certificates to trust instead of the system's; empty: the system's.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    uses_tls: bool = True
    seconds: float = 30
    mails: int = 200
    ca_file: str = ""


class SmtpBackend:
    """Mails over one SMTP server."""

    name = "smtp"
    batch = 1
    has_deadline = True

    def __init__(self, server: SmtpServer) -> None:
        """Name the server.

        Raises:
            Misconfigured: no host, or no TLS to another machine.
        """
        if not server.host:
            raise Misconfigured("MAVPREP_SMTP_HOST is not set", "Set it, or choose another backend")
        if not server.uses_tls and server.host not in _LOOPBACK:
            raise Misconfigured(
                f"MAVPREP_SMTP_TLS is off, and {server.host} is another machine", "Leave TLS on"
            )
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def open(self) -> None:
        """Connect and log in; see Backend."""
        place = f"the mail server {self._server.host}:{self._server.port}"
        try:
            self._connect()
        except smtplib.SMTPAuthenticationError:
            raise Misconfigured(
                f"{place} refuses the login", "Check MAVPREP_SMTP_USER and MAVPREP_SMTP_PASSWORD"
            ) from None
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
            raise Misconfigured(
                f"{place} gives no trusted TLS ({type(error).__name__})", "Check its certificate"
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(f"{place} did not answer ({_word(error)})", "Run again") from None

    def rate(self) -> float:
        """SMTP tells none."""
        return 0

    def quota(self) -> int | None:
        """SMTP tells none."""
        return None

    def send(self, message: Message) -> Outcome:
        """Make one attempt; see Backend."""
        try:
            refusal = self._offer(message)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome("throttled", f"connection lost before the mail ({_word(error)})")
        if refusal:
            return refusal
        try:
            return self._hand_over(message)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome("unknown", f"connection lost after the mail ({_word(error)})")

    def settle(self) -> dict[str, str]:
        """Nothing is pending: each answer was awaited."""
        return {}

    def close(self) -> None:
        """Say goodbye and close."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def _offer(self, message: Message) -> Outcome | None:
        """Name sender and recipient and ask for DATA; return the refusal, or null to go on."""
        if self._connection is None or self._sent >= self._server.mails:
            self.close()
            self._connect()
        connection = self._connection
        assert connection is not None
        code, _text = connection.mail(message.sender)
        if code < 400:
            code, _text = connection.rcpt(message.recipient)
        if code < 400:
            code, _text = connection.docmd("data")
        return self._refused(code) if code >= 400 else None

    def _hand_over(self, message: Message) -> Outcome:
        connection = self._connection
        assert connection is not None
        body = _DOTS.sub(b"..", message.content)
        connection.send(body + b".\r\n")
        code, _text = connection.getreply()
        self._sent += 1
        if code >= 400:
            return self._refused(code)
        return Outcome("sent", message.message_id)

    def _refused(self, code: int) -> Outcome:
        """Return what the reply code says; its text is left out, for it may quote the address."""
        if code == 421:
            self._drop()
            return Outcome("throttled", "421")
        connection = self._connection
        if connection is not None:
            connection.rset()
        return Outcome("failed" if code >= 500 else "later", f"refused with {code}")

    def _connect(self) -> None:
        server = self._server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        if server.uses_tls and server.port == _TLS_AT_ONCE:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.seconds, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
        self._connection, self._sent = connection, 0
        try:
            if server.uses_tls and server.port != _TLS_AT_ONCE:
                connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except (OSError, smtplib.SMTPException):
            self._drop()
            raise

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _word(error: Exception) -> str:
    return type(error).__name__
