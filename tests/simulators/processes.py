"""The bank as its own HTTP process beside a served portal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from oss_portal.engines.folder import CHECKOUT


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


def start_bank(portal_url: str, secret: str) -> Iterator[BankProcess]:
    command = [sys.executable, "-m", "simulators.bank", "--port", "0", "--portal-url", portal_url, "--secret", secret]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield BankProcess(process.stdout.readline().split()[-1])
    finally:
        process.terminate()
        process.wait(60)
