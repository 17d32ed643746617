"""The bank as its own HTTP process beside a served portal."""

from collections.abc import Callable, Iterator

import pytest

from notices.providers import esms
from payments.providers.vietqr import bank as bank_provider
from payments.providers.vnpay import gateway
from tests.simulators.processes import BankProcess, start_bank


@pytest.fixture(autouse=True)
def _time_of_a_loaded_machine(monkeypatch) -> None:
    """A simulator that answers gets all the time it needs; what tries silence says how long it waits."""
    for client in (bank_provider, gateway, esms):
        monkeypatch.setattr(client, "PATIENCE", 60)


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
