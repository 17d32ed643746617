"""A small province with connected systems that call the API over HTTP."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client

from accounts.models import StaffPost
from exchange.authentication import SCOPES, new_token
from exchange.models import ConnectedSystem
from tests.dossiers.conftest import cast, edition  # noqa: F401

APPLICANT = {
    "personal_number": "027190000011",
    "full_name": "Nguyễn Thị Ánh",
    "phone": "0912345678",
    "email": "anh@example.vn",
    "address": "12 Nguyễn Gia Thiều",
}


@dataclass
class Caller:
    """A client that bears a token and speaks JSON."""

    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def get(self, path: str, data: dict | None = None, **headers: str):
        return self.client.get(f"/api/v1/{path}", data, headers={**self.headers, **headers})

    def post(self, path: str, data: dict, **headers: str):
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers={**self.headers, **headers}
        )

    def send_file(self, sent, **headers: str):
        return self.client.post("/api/v1/files/", {"file": sent}, headers={**self.headers, **headers})


def system(name: str, scopes: tuple[str, ...] = SCOPES, post: StaffPost | None = None) -> Caller:
    token, digest = new_token()
    ConnectedSystem.objects.create(name=name, token_sha256=digest, scopes=list(scopes), post=post)
    return Caller({"Authorization": f"Bearer {token}", "Accept-Language": "vi"})


@pytest.fixture
def anybody(db) -> Caller:
    return Caller({"Accept-Language": "vi"})


@pytest.fixture
def counter_system(cast) -> Caller:  # noqa: F811
    return system("counter software", post=cast.counter.post)


@pytest.fixture
def filing_system(cast) -> Caller:  # noqa: F811
    """A system that files for people and has no staff post."""
    return system("national portal", scopes=("dossiers:file",))


def body(**changes) -> dict:
    """A filing of a procedure that asks for one file at most, as a system sends it."""
    return {
        "procedure": "1.013228",
        "applicant": APPLICANT,
        "territory": "09187",
        "content": "Cấp lại giấy phép xây dựng",
        "documents": [],
        **changes,
    }


SINCE = date(2025, 7, 1)
