"""E-mail over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from incidents.notifications.message import CarrierFault, Message

TIMEOUT_S: Final = 8
PORTS: Final = {"smtp": 25, "smtps": 465}


class Smtp:
    """Sends through WARDWISE_SMTP_URL, ``smtp[s]://user:password@host:port?starttls=1``.

    Two attempts at one message bear the same Message-ID: SMTP knows no other key, and many
    mailboxes show such twins once.
    """

    def send(self, message: Message) -> None:
        """Hand the message to the server. Raises CarrierFault."""
        mail = self._mail(message)
        try:
            with self._server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as fault:
            code = max((code for code, _ in fault.recipients.values()), default=0)
            raise CarrierFault(f"recipient refused: {code}", permanent=code >= 500) from None
        except smtplib.SMTPResponseException as fault:
            permanent = fault.smtp_code >= 500 and fault.smtp_code not in {530, 535}
            raise CarrierFault(f"SMTP {fault.smtp_code}", permanent=permanent) from None
        except (smtplib.SMTPException, OSError) as fault:
            raise CarrierFault(f"SMTP: {type(fault).__name__}") from None

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        url = urlsplit(settings.WARDWISE_SMTP_URL)
        host, port = url.hostname or "", url.port or PORTS[url.scheme]
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
            if url.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        )
        with server:
            if "starttls" in parse_qs(url.query):
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            yield server

    def _mail(self, message: Message) -> EmailMessage:
        try:
            return self._written(message)
        except ValueError:
            raise CarrierFault("SMTP: the address cannot stand in a mail", permanent=True) from None

    def _written(self, message: Message) -> EmailMessage:
        sender = settings.WARDWISE_EMAIL_FROM
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, message.to, message.subject
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2].strip('> ')}>"
        mail["Content-Language"] = message.language
        mail["Auto-Submitted"] = "auto-generated"
        if message.stop:
            # What mail programs show as a button: RFC 2369, and in one click RFC 8058.
            mail["List-Unsubscribe"] = f"<{message.stop}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.body)
        return mail
