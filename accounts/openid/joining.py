"""Whom an electronic identity belongs to here: decided by number and name, agreed to by its holder, never silently."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.identities import Proof, ProofRefused, claim_on, prove_account, reject_claim, settle_level
from accounts.models import Account, Identity, Level, Person
from accounts.openid.configuration import STAFF, Provider, provider_named
from accounts.people import BirthDateDiffers, PersonDiffers, differences
from core.refusals import Refused
from vietnam.dates import InvalidDate, parse_date
from vietnam.identity import InvalidNumber, PersonalNumber
from vietnam.text import normalise_name

KEPT = timedelta(minutes=10)  # for which an identity waits to be joined


class Join(StrEnum):
    """What has to be agreed to before an identity opens an account."""

    NEW = "new"  # nobody is known by the number
    KNOWN = "known"  # a counter knows the person, who has no account
    ACCOUNT = "account"  # the person has a proven account
    CLAIM = "claim"  # an unproven account states the number
    OWN = "own"  # the account that is signed in states it
    STAFF = "staff"  # a member of staff's account of the same sign-in name


class JoinRefused(Refused):
    """The identity opens nothing; the sentence says why and what to do."""


@dataclass(frozen=True)
class Vouched:
    """What a provider has said about somebody, as it waits in the session; all plain text."""

    provider: str
    issuer: str
    subject: str
    level: int
    number: str
    name: str
    birth_date: str
    username: str
    sid: str
    second_factor: bool
    at: str

    def as_session(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Found:
    """Either the account that the identity opens, or what must be agreed to first."""

    account: Account | None = None
    identity: Identity | None = None
    join: Join | None = None
    needs_password: bool = False
    differs: bool = False  # the provider now gives another name or day of birth than our record


_LOW = _(
    "Mức định danh điện tử của bạn chưa đủ để dùng ở đây. Hãy nâng mức trong ứng dụng định danh rồi đăng nhập lại."
)
_LOCKED = _("Tài khoản này đang bị khóa. Hãy liên hệ quầy một cửa; cán bộ liên hệ quản trị viên.")
_NO_NUMBER = _("Nơi định danh không cho biết số định danh cá nhân của bạn. Hãy đăng nhập bằng cách khác.")
_DIFFERS = _(
    "Họ tên hoặc ngày sinh theo định danh điện tử không khớp với hồ sơ đã lưu của số này. Hãy mang căn cước đến "
    "quầy một "
    "cửa để sửa; chưa có gì được nối."
)
_OTHER_NUMBER = _(
    "Định danh này trước đây mang số định danh khác. Chưa có gì được mở; hãy mang căn cước đến quầy một cửa."
)
_OTHER_PERSON = _(
    "Định danh này thuộc người có số định danh khác với tài khoản đang dùng. Hãy đăng xuất rồi đăng nhập bằng định "
    "danh đó; nếu tài khoản đang dùng cũng là của bạn, sau đó chuyển hồ sơ của nó sang ở trang “Tài khoản của tôi”."
)
_NO_STAFF = _("Không có cán bộ nào dùng tên đăng nhập này. Hãy liên hệ quản trị viên của cơ quan.")


def vouched_person(provider: Provider, claims: dict[str, Any], *, at: datetime) -> Vouched:
    """Read a believed id_token by the provider's configuration. Raises `JoinRefused`."""
    level, number = provider.level(claims), ""
    if provider.audience != STAFF:
        if level is None or level < provider.minimum_level:
            raise JoinRefused("level", _LOW)
        try:
            number = str(PersonalNumber.parse(provider.claim_text(claims, "number"), timezone.localdate(at)))
        except InvalidNumber:
            raise JoinRefused("no_number", _NO_NUMBER) from None
    return Vouched(
        provider=provider.id,
        issuer=str(claims["iss"])[:300],
        subject=str(claims["sub"])[:255],
        level=level or 0,
        number=number,
        name=normalise_name(provider.claim_text(claims, "name"))[:150],
        birth_date=_day(provider.claim_text(claims, "birth_date")),
        username=provider.claim_text(claims, "username").lower()[:150],
        sid=str(claims.get("sid", ""))[:255],
        second_factor=provider.used_second_factor(claims),
        at=at.isoformat(),
    )


def _day(text: str) -> str:
    try:
        return parse_date(text).isoformat() if text else ""
    except InvalidDate:
        return ""


def waiting_person(kept: Any, *, at: datetime) -> Vouched | None:
    """What waits in the session, unless it has waited too long or its provider is gone."""
    if not isinstance(kept, dict) or not kept:
        return None
    found = Vouched(**kept)
    late = at - datetime.fromisoformat(found.at) > KEPT
    return None if late or provider_named(found.provider) is None else found


def find_account(who: Vouched, *, signed_in: Account | None) -> Found:
    """The account that this identity opens, or how it may be joined to one. Changes nothing. Raises `JoinRefused`."""
    held = Identity.objects.select_related("account__person").filter(
        issuer=who.issuer, subject=who.subject, ended_at=None
    )
    if identity := held.first():
        return _known(who, identity)
    if _provider(who).audience == STAFF:
        return _staff(who)
    return _citizen(who, signed_in)


def _known(who: Vouched, identity: Identity) -> Found:
    person = getattr(identity.account, "person", None)
    if not identity.account.is_active:
        raise JoinRefused("locked", _LOCKED)
    if who.number and person is not None and person.personal_number != who.number:
        raise JoinRefused("other_number", _OTHER_NUMBER)
    differs = bool(who.number) and person is not None and _unlike(person, who)
    return Found(account=identity.account, identity=identity, differs=differs)


def _staff(who: Vouched) -> Found:
    account = Account.objects.filter(username=who.username, posts__isnull=False).first() if who.username else None
    if account is None:
        raise JoinRefused("no_staff", _NO_STAFF)
    if not account.is_active:
        raise JoinRefused("locked", _LOCKED)
    return Found(account=account, join=Join.STAFF, needs_password=True)


def _citizen(who: Vouched, signed_in: Account | None) -> Found:
    person = Person.objects.select_related("account").filter(personal_number=who.number).first()
    if person is not None and _unlike(person, who):
        raise JoinRefused("differs", _DIFFERS)
    own = getattr(signed_in, "person", None) if signed_in else None
    if own is not None and own.stated_identity and own.stated_identity.key == who.number:
        return Found(account=signed_in, join=Join.OWN)
    if own is not None:
        raise JoinRefused("other_person", _OTHER_PERSON)
    if person is not None and person.account is not None:
        if not person.account.is_active:
            raise JoinRefused("locked", _LOCKED)
        return Found(account=person.account, join=Join.ACCOUNT, needs_password=who.level < person.account.level)
    claim = claim_on(who.number)
    if claim is not None and claim.account is not None:
        return Found(account=claim.account, join=Join.CLAIM)
    return Found(join=Join.KNOWN if person is not None else Join.NEW)


def _unlike(person: Person, who: Vouched) -> bool:
    born = date.fromisoformat(who.birth_date) if who.birth_date else None
    return not who.name or bool(differences(person, full_name=who.name, birth_date=born))


@transaction.atomic
def join_identity(
    who: Vouched, found: Found, *, theirs: bool = True, language: str = "vi", by: Actor, at: datetime
) -> tuple[Account, Identity]:
    """Do what was agreed to. `theirs`: whether the unproven account of `Join.CLAIM` is the holder's own; if it is
    not, it loses the number.

    The caller has asked for a password where `found` needs one, and for a claim that is theirs. Raises
    `JoinRefused` when something has changed since it was asked.
    """
    account = found.account
    if found.join is Join.CLAIM and not theirs:
        if claim := claim_on(who.number):
            reject_claim(claim, by=by, at=at)
        account = None
    try:
        if found.join is Join.STAFF and account is not None:
            return account, _keep_staff(account, who, at)
        if account is None:
            account = _open_account(who, language)
        identity = prove_account(account, _proof(who), by=by, at=at)
    except (PersonDiffers, BirthDateDiffers):
        raise JoinRefused("differs", _DIFFERS) from None
    except ProofRefused as refused:
        raise JoinRefused(refused.code, refused.sentence) from None
    return Account.objects.get(pk=account.pk), identity


def renew_identity(who: Vouched, identity: Identity, *, at: datetime) -> None:
    """The identity was used again; what the provider now says of its level holds."""
    changed = ["last_used_at"]
    identity.last_used_at = at
    if _provider(who).audience != STAFF and who.level > identity.level:
        identity.level, identity.proven_at = who.level, at
        changed += ["level", "proven_at"]
    identity.save(update_fields=changed)
    if "level" in changed:
        settle_level(identity.account)


def _open_account(who: Vouched, language: str) -> Account:
    """An account without a password: its holder signs in with the identity."""
    taken = Account.objects.filter(username=who.number).exists()
    name = f"dinh-danh-{secrets.token_hex(5)}" if taken else who.number
    return Account.objects.create_account(name, None, full_name=who.name, language=language)


def _keep_staff(account: Account, who: Vouched, at: datetime) -> Identity:
    """Single sign-on says who signs in, not who somebody is as a citizen: it carries no level."""
    return Identity.objects.create(
        account=account,
        issuer=who.issuer,
        subject=who.subject,
        level=Level.DECLARED,
        method=Identity.Method.OPENID,
        proven_at=at,
        last_used_at=at,
    )


def _proof(who: Vouched) -> Proof:
    return Proof(
        issuer=who.issuer,
        subject=who.subject,
        level=Level(who.level),
        method=Identity.Method.OPENID,
        number=who.number,
        full_name=who.name,
        birth_date=date.fromisoformat(who.birth_date) if who.birth_date else None,
    )


def _provider(who: Vouched) -> Provider:
    provider = provider_named(who.provider)
    if provider is None:
        raise JoinRefused("gone", _("Cách đăng nhập này không còn dùng được. Hãy chọn cách khác."))
    return provider
