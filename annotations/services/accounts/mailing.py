"""Mail to people, where a mail server is set."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

from annotations.errors import Conflict

log = structlog.get_logger(__name__)

CONSOLE = "django.core.mail.backends.console.EmailBackend"


def mail_server_is_set() -> bool:
    """Whether mail reaches people; without a server it would only stand in the process's log."""
    return bool(settings.EMAIL_BACKEND != CONSOLE)


def deliver(message: EmailMessage) -> None:
    """Hand the message to the mail server. Raises Conflict when that does not take it."""
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.warning("mail_not_sent", error=str(error))
        raise Conflict("The mail server does not answer. Try again later.") from error
