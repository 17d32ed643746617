"""Authorisations: stated by whoever files, confirmed by a counter that has checked the paper, revoked by who gave them.

Nothing of the grantor is looked up for the one who states an authorisation: number and name stay text until a counter
confirms them, so that typing a stranger's number shows and joins nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enterprises import find_or_create_enterprise
from accounts.models import Account, Authorisation, Enterprise, Person
from accounts.people import find_or_create_person
from accounts.signals import account_notice
from core.refusals import NotAllowed, Refused
from journal import audit_log
from vietnam.dates import format_date
from vietnam.documents import IdentityDocument
from vietnam.text import normalise_name

Scope = Authorisation.Scope


def state_authorisation(
    kept: Authorisation | None, grantee: Person, *, number: str, name: str, paper: str, on: date
) -> Authorisation:
    """Keep what `grantee` says about who authorised them; `kept` is the statement that it replaces, if any.

    Raises Refused for one's own number.
    """
    if grantee.stated_identity and number == grantee.stated_identity.key:
        raise Refused(
            "own_number", _("Đây là số định danh của chính bạn. Hãy chọn “Nộp cho chính mình”."), field="owner_number"
        )
    row = kept if kept is not None and kept.confirmed_at is None else Authorisation(grantee=grantee, valid_from=on)
    row.grantor_number, row.grantor_name, row.paper = number, normalise_name(name), paper
    row.save()
    return row


def _number_of(grantor: Person | Enterprise) -> str:
    if isinstance(grantor, Enterprise):
        return grantor.number
    return grantor.stated_identity.key if grantor.stated_identity else ""


def confirmed_authorisation(
    grantor: Person | Enterprise, grantee: Person, *, paper: str, on: date, by: Actor, at: datetime
) -> Authorisation:
    """An authorisation for one dossier, confirmed at the counter where paper and people are."""
    person = grantor if isinstance(grantor, Person) else None
    enterprise = grantor if isinstance(grantor, Enterprise) else None
    row = Authorisation.objects.create(
        grantee=grantee,
        grantor_person=person,
        grantor_enterprise=enterprise,
        grantor_number=_number_of(grantor),
        grantor_name=str(grantor),
        paper=paper,
        valid_from=on,
        stated_at=at,
        confirmed_at=at,
        confirmed_by=by.post,
    )
    _record("authorisation_confirmed", row, by)
    return row


@transaction.atomic
def confirm_authorisation(
    row: Authorisation,
    *,
    paper: str,
    scope: str,
    procedure_code: str,
    valid_to: date | None,
    by: Actor,
    at: datetime,
    on: date,
) -> Authorisation:
    """A counter has checked the paper: number and name become a record, which must fit.

    Raises Refused (`accounts.people.PersonDiffers` when the number is known under another name).
    """
    row = Authorisation.objects.select_for_update().get(pk=row.pk)
    if row.confirmed_at or row.revoked_at:
        raise Refused("settled", _("Văn bản ủy quyền này đã được xác nhận hoặc đã thu hồi."))
    _check_period(scope, valid_to, on)
    if len(row.grantor_number) in (10, 13, 14):
        row.grantor_enterprise = find_or_create_enterprise(row.grantor_number, name=row.grantor_name)[0]
    else:
        paper_of = IdentityDocument.of_key(row.grantor_number) if ":" in row.grantor_number else row.grantor_number
        row.grantor_person = find_or_create_person(paper_of, full_name=row.grantor_name)[0]
    row.paper, row.scope, row.valid_to = paper, scope, valid_to
    row.procedure_code = procedure_code if scope == Scope.PROCEDURE else ""
    row.confirmed_at, row.confirmed_by = at, by.post
    row.save()
    _record("authorisation_confirmed", row, by, scope=scope, valid_to=valid_to.isoformat() if valid_to else None)
    _notify_grantor(row, "authorisation_confirmed", at)
    return row


def _check_period(scope: str, valid_to: date | None, on: date) -> None:
    latest = on + timedelta(days=settings.AUTHORISATION_DAYS)
    if scope != Scope.DOSSIER and valid_to is None:
        raise Refused("no_end", _("Ủy quyền cho nhiều hồ sơ phải có ngày hết hiệu lực."), field="valid_to")
    if valid_to is not None and valid_to < on:
        raise Refused("ended", _("Văn bản ủy quyền đã hết hiệu lực."), field="valid_to")
    if valid_to is not None and valid_to > latest:
        raise Refused(
            "too_long",
            _("Ủy quyền chỉ ghi nhận được đến ngày %(day)s. Hãy nhập ngày sớm hơn.") % {"day": format_date(latest)},
            field="valid_to",
        )


@transaction.atomic
def revoke_authorisation(row: Authorisation, *, reason: str, by: Actor, at: datetime) -> None:
    """From now on nothing can be done by it; what was done stays done."""
    row = Authorisation.objects.select_for_update().get(pk=row.pk)
    if row.revoked_at:
        raise Refused("revoked", _("Ủy quyền này đã được thu hồi trước đó."))
    row.revoked_at, row.revoked_by, row.revoke_reason = at, by.label[:200], reason[:300]
    row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    _record("authorisation_revoked", row, by, reason=reason)
    _notify_grantor(row, "authorisation_revoked", at)
    if row.grantee.account is not None:
        account_notice.send(
            sender=Account,
            account=row.grantee.account,
            kind="authorisation_lost",
            facts={"grantor": row.grantor_name},
            at=at,
        )


def still_holds(row: Authorisation, *, on: date) -> bool:
    """Whether it may be acted by on a day. What is only stated holds for its own filing until a counter decides."""
    return row.revoked_at is None and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def usable_authorisations(grantee: Person, *, procedure_code: str, on: date) -> QuerySet[Authorisation]:
    """Confirmed ones by which `grantee` may file another dossier of a procedure, without a new paper."""
    covers = Q(scope=Scope.ALL) | Q(scope=Scope.PROCEDURE, procedure_code=procedure_code)
    return Authorisation.objects.filter(
        covers, grantee=grantee, confirmed_at__isnull=False, revoked_at=None, valid_from__lte=on, valid_to__gte=on
    )


def authorisations_given(person: Person) -> QuerySet[Authorisation]:
    """Confirmed ones that the person gave, those in force first."""
    return (
        Authorisation.objects.filter(grantor_person=person, confirmed_at__isnull=False)
        .select_related("grantee")
        .order_by("-revoked_at", "-id")
    )


def require_grantor(row: Authorisation, by: Actor) -> None:
    """Only who gave it takes it back; a counter does it in their presence. Raises NotAllowed."""
    person = by.person
    if by.role == "counter" or (person is not None and row.grantor_person_id == person.pk):
        return
    raise NotAllowed("not_yours", _("Chỉ người ủy quyền, hoặc quầy một cửa khi họ có mặt, thu hồi được ủy quyền."))


def _notify_grantor(row: Authorisation, kind: str, at: datetime) -> None:
    account = row.grantor_person.account if row.grantor_person else None
    if account is not None:
        facts = {"grantee": row.grantee.full_name, "scope": str(Scope(row.scope).label)}
        account_notice.send(sender=Account, account=account, kind=kind, facts=facts, at=at)


def _record(verb: str, row: Authorisation, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(
        verb,
        f"authorisation:{row.pk}",
        by=by,
        grantee=row.grantee_id,
        grantor=row.grantor_person_id or f"enterprise:{row.grantor_enterprise_id}",
        **changes,
    )
