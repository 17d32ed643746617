"""The bank as its own HTTP process beside a served portal."""

from collections.abc import Callable, Iterator

import pytest

from tests.simulators.processes import BankProcess, start_bank


@pytest.fixture
def bank(live_server, settings, things) -> Iterator[BankProcess]:
    start = start_bank(live_server.url, settings.BANK_SECRET)
    process = next(start)
    settings.BANK_URL = process.url
    settings.PUBLIC_URL = live_server.url
    yield process
    start.close()


@pytest.fixture
def outbox_done() -> Callable[[], int]:
    from django.utils import timezone

    from journal import outbox

    return lambda: outbox.dispatch_messages(at=timezone.now())
