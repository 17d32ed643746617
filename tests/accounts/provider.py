"""The identity provider as its own HTTP process, and a person who signs in through it with the test's client."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import reverse

from oss_portal.engines.folder import CHECKOUT


@dataclass
class ProviderProcess:
    url: str

    def post(self, path: str, **form: str) -> dict:
        """JSON of an answer; the address it leads to as `location` for a page."""
        status, headers, body = self._send("POST", path, form)
        return {"location": headers["Location"]} if status == 303 else json.loads(body)

    def get(self, address: str) -> int:
        parts = urlsplit(address)
        return self._send("GET", f"{parts.path}?{parts.query}", {})[0]

    def _send(self, method: str, path: str, form: dict) -> tuple[int, dict, bytes]:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(form) if method == "POST" else None, headers)
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found

    def agree(self, asked: str, holder: str, level: str = "2", fault: str = "") -> str:
        """Somebody says yes on the provider's page; the address that leads back to the portal."""
        assert self.get(asked) == 200, asked
        return self.post(
            "/authorize", **dict(parse_qsl(urlsplit(asked).query)), holder=holder, level=level, fault=fault
        )["location"]

    def know(self, subject: str, **facts: str) -> None:
        self.post("/holders", subject=subject, **facts)


def start_provider(portal_url: str) -> Iterator[ProviderProcess]:
    command = [sys.executable, "-m", "simulators.identity", "--port", "0", "--portal-url", portal_url]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield ProviderProcess(process.stdout.readline().split()[-1])
    finally:
        process.terminate()
        process.wait(60)


def configured(url: str) -> list[dict]:
    return [
        {
            "id": way,
            "name": name,
            "for": audience,
            "server_url": url,
            "client_id": f"oss-{audience}",
            "client_secret": "demonstration-openid-secret",
        }
        for way, name, audience in (("vneid", "VNeID", "citizens"), ("staff", "SSO", "staff"))
    ]


def sign_in_by(client, provider: ProviderProcess, holder: str, level: str = "2", fault: str = "", way: str = "vneid"):
    """The answer of the portal to somebody who came back from the provider."""
    asked = client.post(reverse("openid-login", args=[way]))
    assert asked.status_code == 302, asked.status_code
    back = urlsplit(provider.agree(asked["Location"], holder, level, fault))
    return client.get(f"{back.path}?{back.query}")
