"""SMTP against a real server in this process, which fails at every step that it can fail at."""

import asyncio
import socket
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from report_lakes import WEEK
from report_mailers import LETTERHEAD, MONDAY_EIGHT

from mavprep_analytics.errors import Misconfigured, Temporary
from mavprep_analytics.weekly_reports.backends.smtp import SmtpBackend, SmtpServer
from mavprep_analytics.weekly_reports.mime import Message
from mavprep_analytics.weekly_reports.outbox import Claimed
from mavprep_analytics.weekly_reports.payload import Payload, Step, encode


class Mailbox:
    """Accepts mails, or does what the recipient's name says."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, bytes]] = []
        self.connections = 0

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = {"greylisted": "451 later", "nobody": "550 5.1.1 no such user", "busy": "421 bye"}
        if address.startswith("dies_early"):
            _cut(server)
        envelope.rcpt_tos.append(address)
        return answers.get(address.partition("@")[0], "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        assert isinstance(envelope.content, bytes)
        if recipient.startswith("too_large"):
            return "552 too large"
        self.accepted.append((recipient, envelope.content))
        if recipient.startswith("dies_late"):
            _cut(server)
        if recipient.startswith("hangs"):
            await asyncio.sleep(3600)
        return "250 OK"


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class Served(Controller):
    """A controller on a socket that listens already, so that nobody else can get its port."""

    def __init__(self, handler: Mailbox, listener: socket.socket) -> None:
        self._listener = listener
        address, port = listener.getsockname()
        super().__init__(handler, hostname=address, port=port, ready_timeout=60)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, SmtpServer]]:
    handler = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        controller = Served(handler, listener)
        controller.start()
        yield handler, SmtpServer("127.0.0.1", controller.port, uses_tls=False, seconds=60)
        controller.stop(no_assert=True)


def message(user: str = "ada") -> Message:
    payload = Payload("quiet", WEEK, WEEK, "UTC", Step("practice", 10, 12))
    claimed = Claimed(user, encode(payload), "en", "A quiet week")
    return LETTERHEAD.write(claimed, WEEK, f"{user}@example.org", "Ada", MONDAY_EIGHT)


@pytest.mark.parametrize(
    ("recipient", "result", "accepted"),
    [
        ("ada", "sent", 1),
        ("greylisted", "later", 0),
        ("nobody", "failed", 0),
        ("busy", "throttled", 0),
        ("dies_early", "throttled", 0),
        ("too_large", "failed", 0),
        ("dies_late", "unknown", 1),
        ("hangs", "unknown", 1),
    ],
)
def test_each_fault_has_its_outcome_and_the_next_mail_goes(
    mailbox: tuple[Mailbox, SmtpServer], recipient: str, result: str, accepted: int
) -> None:
    handler, server = mailbox
    if recipient == "hangs":
        server = replace(server, seconds=2)
    backend = SmtpBackend(server)
    backend.open()

    outcome = backend.send(message(recipient))
    after = backend.send(message("next"))
    backend.close()

    assert (outcome.result, after.result) == (result, "sent")
    assert len(handler.accepted) == accepted + 1


def test_a_mail_arrives_as_it_was_written_over_one_connection(
    mailbox: tuple[Mailbox, SmtpServer],
) -> None:
    handler, server = mailbox
    backend = SmtpBackend(server)
    backend.open()
    sent = message()

    for _ in range(3):
        backend.send(sent)
    backend.close()

    assert handler.connections == 1
    assert {content for _, content in handler.accepted} == {sent.content}
    read = message_from_bytes(sent.content, policy=default)
    assert read["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_an_absent_server_is_temporary() -> None:
    backend = SmtpBackend(SmtpServer("127.0.0.1", 9, uses_tls=False))

    with pytest.raises(Temporary, match=r"127\.0\.0\.1:9 did not answer"):
        backend.open()


def test_a_server_without_tls_is_refused(mailbox: tuple[Mailbox, SmtpServer]) -> None:
    _, server = mailbox
    backend = SmtpBackend(SmtpServer(server.host, server.port))

    with pytest.raises(Misconfigured, match="gives no trusted TLS"):
        backend.open()


def test_plain_text_to_another_machine_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"mail\.example is another machine"):
        SmtpBackend(SmtpServer("mail.example", 25, uses_tls=False))
