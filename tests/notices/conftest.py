"""A real SMTP server that keeps what it takes and refuses whom it is told to refuse."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.factories.mailbox import Mailbox, free_port


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """The portal sends its e-mail to this server."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield box
    controller.stop()
