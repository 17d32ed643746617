"""What several tests of accounts do."""

import re

from django.utils import timezone

from notices import delivery


def sent_code(mailbox) -> tuple[str, str]:
    """(code, address) of the code that was sent last."""
    delivery.send_due(at=timezone.now())
    address, message = mailbox.taken[-1]
    return re.search(r"\b\d{6}\b", message.get_content()).group(), address
