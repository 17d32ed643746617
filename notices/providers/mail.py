"""E-mail over SMTP. A letter that may have been sent is sent again under the same Message-ID.

Each says that no person wrote it (RFC 3834): answering machines and ticket systems do not reply to it then.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from notices.models import Notice
from notices.providers.base import Carrier, MessageRefused, NotNow, Taken


class Mail(Carrier):
    def is_ready(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def send(self, notice: Notice) -> Taken:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{notice.reference}@{domain}>", "Auto-Submitted": "auto-generated"}
        try:
            EmailMessage(notice.subject, notice.body, to=[notice.address], headers=headers).send()
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _message in error.recipients.values()):
                raise MessageRefused(type(error).__name__) from error
            raise NotNow(type(error).__name__) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        return Taken()
