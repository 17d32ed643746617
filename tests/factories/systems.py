"""Connected systems that call the API over HTTP."""

from dataclasses import dataclass, field
from datetime import date

from django.test import Client

from accounts.models import StaffPost
from exchange.models import ON_BEHALF, ConnectedSystem
from exchange.systems import SCOPES, new_token
from procedures.models import Edition
from tests.factories.scans import pdf_upload

APPLICANT = {
    "personal_number": "027190000011",
    "full_name": "Nguyễn Thị Ánh",
    "phone": "0912345678",
    "email": "anh@example.vn",
    "address": "12 Nguyễn Gia Thiều",
}

MEMBERS = {"type", "title", "status", "detail", "code", "message"}  # of every problem (RFC 9457)


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


def connected_system(name: str, scopes: tuple[str, ...] = SCOPES, post: StaffPost | None = None) -> Caller:
    """`scopes` beside the one to act in a post's place, which comes with a post."""
    token, digest = new_token()
    wanted = [scope for scope in scopes if scope != ON_BEHALF] + ([ON_BEHALF] if post else [])
    second = post.account if post else None
    ConnectedSystem.objects.create(name=name, token_sha256=digest, scopes=wanted, post=post, confirmed_by=second)
    return Caller({"Authorization": f"Bearer {token}", "Accept-Language": "vi"})


def filing(**changes) -> dict:
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


def sent_documents(caller: Caller, edition: Edition) -> list[dict]:
    """One sent file for each paper that must be sent."""
    return [
        {"key": paper.key, "file": caller.send_file(pdf_upload()).json()["id"]}
        for paper in edition.documents.all()
        if paper.required and not paper.show_only
    ]
