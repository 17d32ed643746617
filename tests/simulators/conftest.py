"""The bank as its own HTTP process beside a served portal."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from oss_portal.engines.folder import CHECKOUT
from tests.payments.conftest import things  # noqa: F401 (the payable record and the bank's secret)


@dataclass
class BankProcess:
    url: str

    def post(self, path: str, **form: str) -> dict:
        request = Request(self.url + path, urlencode(form).encode(), {"Accept": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def pay(self, reference: str, fault: str = "") -> list[str]:
        """The customer pays a known order; returns the portal's answers to the bank's calls."""
        return self.post(f"/pay/{reference}", fault=fault)["answers"]

    def scan(self, payload: str, fault: str = "") -> list[str]:
        return self.post("/scan", payload=payload, fault=fault)["answers"]


@pytest.fixture
def bank(live_server, settings, things) -> Iterator[BankProcess]:  # noqa: F811
    start = start_bank(live_server.url, settings.BANK_SECRET)
    process = next(start)
    settings.BANK_URL = process.url
    settings.PUBLIC_URL = live_server.url
    yield process
    start.close()


def start_bank(portal_url: str, secret: str) -> Iterator[BankProcess]:
    command = [sys.executable, "-m", "simulators.bank", "--port", "0", "--portal-url", portal_url, "--secret", secret]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield BankProcess(process.stdout.readline().split()[-1])
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def outbox_done() -> Callable[[], int]:
    from django.utils import timezone

    from journal import outbox

    return lambda: outbox.dispatch_messages(at=timezone.now())
