"""What several tests of accounts do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from core.refusals import Refused
from notices import delivery


def sent_code(mailbox) -> tuple[str, str]:
    """(code, address) of the code that was sent last."""
    delivery.send_due(at=timezone.now())
    address, message = mailbox.taken[-1]
    return re.search(r"\b\d{6}\b", message.get_content()).group(), address


@contextmanager
def refused(kind: type[Refused], code: str) -> Iterator[None]:
    """What is done within is refused with this code."""
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
