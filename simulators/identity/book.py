"""What the provider knows: people, keys, codes it has given and who is signed in; and its faults."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CODE_SECONDS, TOKEN_SECONDS = 60, 300
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Fault(StrEnum):
    NONE = ""
    WRONG_NONCE = "wrong-nonce"  # the token answers another request
    OLD_KEY = "old-key"  # signed with a key that is no longer published
    EXPIRED = "expired"  # the token is older than it may be
    LOW_LEVEL = "low-level"  # the person was identified less surely than asked
    NO_LEVEL = "no-level"  # nothing is said of how
    OTHER_PERSON = "other-person"  # the same subject with another personal number
    OTHER_NAME = "other-name"  # the number with another name
    OTHER_AUDIENCE = "other-audience"  # a token for another relying party
    OTHER_ISSUER = "other-issuer"
    UNSIGNED = "unsigned"  # alg none
    SHARED_KEY = "shared-key"  # signed with the public key as if it were a shared secret
    WRONG_STATE = "wrong-state"  # the answer carries another state
    DENIED = "denied"  # the person says no
    TOKEN_REFUSED = "token-refused"  # noqa: S105 - the token endpoint answers 400
    SILENT = "silent"  # the token endpoint does not answer
    OTHER_USERINFO = "other-userinfo"  # userinfo is of somebody else


@dataclass(frozen=True)
class Holder:
    """Somebody the provider knows. `subject` is its own name for them."""

    subject: str
    name: str
    number: str = ""
    birth_date: str = ""  # ISO 8601
    username: str = ""  # of staff, for single sign-on


HOLDERS = (
    Holder("vneid-1", "Nguyễn Thị Mai", "024158990001", "1958-01-01"),
    Holder("vneid-2", "Trần Văn Hùng", "027065990002", "1965-06-12"),
    Holder("vneid-7", "Đặng Thị Hạnh", "024159990007", "1959-07-11"),
    Holder("vneid-99", "Nguyễn Thị Ánh", "027198123456", "1998-03-05"),
    Holder("sso-1", "", "", "", "giamsat"),
    Holder("sso-2", "", "", "", "chuyenvien.tuphap"),
)


@dataclass
class Grant:
    """One sign-in on its way: what the relying party asked, who said yes and how surely they were identified."""

    asked: Mapping[str, str]
    holder: Holder
    level: str
    given_at: float
    sid: str
    used: bool = False


@dataclass
class Key:
    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def new(cls) -> Key:
        return cls(uuid.uuid4().hex[:12], rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def public(self) -> dict[str, Any]:
        shown = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**shown, "kid": self.kid, "use": "sig", "alg": "RS256"}


@dataclass
class Client:
    client_id: str
    secret: str
    redirect_uris: tuple[str, ...]
    logout_uri: str


@dataclass
class Book:
    issuer: str
    clients: dict[str, Client]
    fault: Fault = Fault.NONE
    holders: list[Holder] = field(default_factory=lambda: list(HOLDERS))
    keys: list[Key] = field(default_factory=lambda: [Key.new()])
    retired: Key = field(default_factory=Key.new)
    grants: dict[str, Grant] = field(default_factory=dict)
    signed_in: dict[str, Grant] = field(default_factory=dict)  # by sid
    tokens: dict[str, Grant] = field(default_factory=dict)  # by access token
    keys_asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def holder(self, subject: str) -> Holder | None:
        return next((h for h in self.holders if h.subject == subject), None)

    def grant(self, asked: Mapping[str, str], holder: Holder, level: str) -> str:
        code, sid = secrets.token_urlsafe(24), uuid.uuid4().hex
        with self._lock:
            self.grants[code] = Grant(asked, holder, level, time.time(), sid)
        return code

    def redeem(self, form: Mapping[str, str], client: Client) -> dict[str, Any] | str:
        """The tokens for a code, or why there are none (an OAuth 2.0 error)."""
        with self._lock:
            grant = self.grants.get(form.get("code", ""))
            if grant is None or grant.used or time.time() - grant.given_at > CODE_SECONDS:
                return "invalid_grant"
            grant.used = True
        if grant.asked["client_id"] != client.client_id or grant.asked["redirect_uri"] != form.get("redirect_uri"):
            return "invalid_grant"
        if not proves_key(form.get("code_verifier", ""), grant.asked.get("code_challenge", "")):
            return "invalid_grant"
        access = secrets.token_urlsafe(24)
        with self._lock:
            self.tokens[access] = grant
            self.signed_in[grant.sid] = grant
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "id_token": self.id_token(grant, client),
        }

    def claims(self, grant: Grant) -> dict[str, str]:
        """What is said of the person; empty statements are left out."""
        holder = grant.holder
        said = {
            "sub": holder.subject,
            "name": "Lê Văn Khác" if self.fault is Fault.OTHER_NAME else holder.name,
            "citizen_pid": "027198999999" if self.fault is Fault.OTHER_PERSON else holder.number,
            "birthdate": holder.birth_date,
            "preferred_username": holder.username,
        }
        return {name: value for name, value in said.items() if value}

    def id_token(self, grant: Grant, client: Client) -> str:
        now = int(time.time())
        late = 2 * TOKEN_SECONDS if self.fault is Fault.EXPIRED else 0
        level = {Fault.LOW_LEVEL: "0", Fault.NO_LEVEL: ""}.get(self.fault, grant.level)
        body = {
            **self.claims(grant),
            "iss": "https://khac.example" if self.fault is Fault.OTHER_ISSUER else self.issuer,
            "aud": "another-party" if self.fault is Fault.OTHER_AUDIENCE else client.client_id,
            "iat": now - late,
            "exp": now + TOKEN_SECONDS - late,
            "auth_time": now - late,
            "nonce": "another" if self.fault is Fault.WRONG_NONCE else grant.asked.get("nonce", ""),
            "sid": grant.sid,
            **({"acr": level} if level else {}),
        }
        return self._signed(body)

    def logout_token(self, grant: Grant, client: Client, **other: Any) -> str:
        now = int(time.time())
        body = {
            "iss": self.issuer,
            "aud": client.client_id,
            "iat": now,
            "exp": now + 120,
            "jti": uuid.uuid4().hex,
            "sub": grant.holder.subject,
            "sid": grant.sid,
            "events": {LOGOUT_EVENT: {}},
            **other,
        }
        return self._signed({name: value for name, value in body.items() if value is not None}, kind="logout+jwt")

    def _signed(self, body: dict[str, Any], kind: str = "JWT") -> str:
        key = self.retired if self.fault is Fault.OLD_KEY else self.keys[-1]
        if self.fault is Fault.UNSIGNED:
            return jwt.encode(body, "", algorithm="none", headers={"kid": key.kid, "typ": kind})
        if self.fault is Fault.SHARED_KEY:
            return jwt.encode(body, key.public()["n"], algorithm="HS256", headers={"kid": key.kid, "typ": kind})
        return jwt.encode(body, key.private, algorithm="RS256", headers={"kid": key.kid, "typ": kind})

    def rotate(self) -> None:
        """A new key signs from now on; the one before is no longer published."""
        with self._lock:
            self.retired, self.keys = self.keys[-1], [Key.new()]

    def sign_out(self, sid: str) -> str:
        """End a sign-in and tell the relying party behind the browser's back; returns its answer."""
        grant = self.signed_in.pop(sid, None)
        if grant is None:
            return "unknown"
        client = self.clients[grant.asked["client_id"]]
        body = urlencode({"logout_token": self.logout_token(grant, client)}).encode()
        request = Request(client.logout_uri, body, {"Content-Type": "application/x-www-form-urlencoded"})
        try:
            with urlopen(request, timeout=10) as answer:
                return str(answer.status)
        except HTTPError as error:
            return str(error.code)
        except (URLError, OSError) as error:
            return type(error).__name__


def proves_key(verifier: str, challenge: str) -> bool:
    """RFC 7636, S256: whoever brings the code is the one who asked for it."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return bool(verifier) and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
