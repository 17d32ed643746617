"""Enterprises by tax number, and who may act for them. Bodies without one: `accounts.organisations`."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Enterprise, Person, Representation
from agencies.models import Territory
from core.refusals import Refused
from core.word_search import having_words, in_byte_order
from journal import audit_log
from vietnam.decisions import FoundingDecision
from vietnam.identity import TaxNumber
from vietnam.phone import normalise_phone
from vietnam.text import fold

LIMIT = 20


class EnterpriseDiffers(Refused):
    """The number is on record for a body of another name; the sentence does not tell which."""

    def __init__(self, enterprise: Enterprise, name: str) -> None:
        sentence = _(
            "Tên không khớp với số này trong hệ thống. Hãy xem lại giấy chứng nhận; nếu đúng như đã nhập, "
            "quầy một cửa sửa lại khi thấy giấy chứng nhận."
        )
        super().__init__("enterprise_differs", sentence, field="name")
        self.enterprise, self.name = enterprise, name


def find_by_tax_number(number: str) -> Enterprise | None:
    """The enterprise with this tax number. Raises `vietnam.identity.InvalidNumber`."""
    return Enterprise.objects.select_related("territory").filter(tax_number=str(TaxNumber.parse(number))).first()


def find_or_create_enterprise(
    number: str,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    territory: Territory | None = None,
) -> tuple[Enterprise, bool]:
    """The enterprise with this tax number, made when there is none; and whether it was made.

    What is on record is never changed here (`correct_enterprise` does). Raises `EnterpriseDiffers`,
    `vietnam.identity.InvalidNumber`, `vietnam.phone.InvalidPhone`.
    """
    tax_number, name, phone = str(TaxNumber.parse(number)), " ".join(name.split()), normalise_phone(phone)
    found, made = Enterprise.objects.get_or_create(
        tax_number=tax_number,
        defaults={
            "name": name,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "territory": territory,
            "search_key": search_key(name, tax_number, phone),
        },
    )
    return fitting(found, name), made


def fitting(known: Enterprise, name: str) -> Enterprise:
    """`known` when that is its name too, whatever its accents and case. Raises `EnterpriseDiffers`."""
    if name and fold(name) != fold(known.name):
        raise EnterpriseDiffers(known, name)
    return known


def correct_enterprise(
    enterprise: Enterprise,
    *,
    name: str,
    phone: str,
    email: str,
    address: str,
    reason: str,
    by: Actor,
    decision: FoundingDecision | None = None,
) -> None:
    """Write what the certificate says, seen by a counter; the record keeps both. Dossiers keep the name they were
    filed under. Raises Refused when another body has that `decision`."""
    facts = {"name": " ".join(name.split()), "phone": phone, "email": email.strip(), "address": address.strip()}
    if decision is not None:
        facts |= decision_columns(decision)
    write_facts(enterprise, facts, reason=reason, by=by)


def write_facts(enterprise: Enterprise, facts: dict[str, Any], *, reason: str, by: Actor) -> None:
    """Change what differs on the record, and keep both in the audit log. Raises Refused as `correct_enterprise`."""
    try:
        _write_facts(enterprise, facts, reason, by)
    except IntegrityError:
        sentence = _("Tổ chức khác đã mang quyết định này. Hãy xem lại số, ngày và cơ quan ra quyết định.")
        raise Refused("decision_taken", sentence, field="number") from None


@transaction.atomic
def _write_facts(enterprise: Enterprise, facts: dict[str, Any], reason: str, by: Actor) -> None:
    locked = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    before = {field: getattr(locked, field) for field in facts}
    changed = {field: value for field, value in facts.items() if before[field] != value}
    if not changed:
        return
    for field, value in changed.items():
        setattr(locked, field, value)
    locked.search_key = search_key(locked.name, locked.number, locked.phone)
    locked.save(update_fields=[*changed, "search_key"])
    audit_log.record_entry(
        "enterprise_corrected",
        f"enterprise:{locked.pk}",
        by=by,
        reason=reason,
        before={field: _as_text(before[field]) for field in changed},
        after={field: _as_text(value) for field, value in changed.items()},
    )


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def decision_columns(decision: FoundingDecision) -> dict[str, Any]:
    """The columns of a body that say `decision`."""
    return {
        "decision_number": decision.number,
        "decision_country": decision.country,
        "decision_date": decision.day,
        "decision_issuer": decision.issuer,
        "decision_issuer_key": decision.issuer_key,
    }


def search_key(name: str, number: str, phone: str) -> str:
    """`number` is a tax number, or a decision's ("123/QĐ-UBND" is found by "123 qd ubnd")."""
    plain = number if number.replace("-", "").isdigit() else fold(number)
    return f"{fold(name)} {plain} {phone}".strip()[:400]


def search_enterprises(
    text: str, *, within: QuerySet[Enterprise] | None = None, limit: int = LIMIT
) -> list[Enterprise]:
    """Enterprises whose name, tax number or telephone has words beginning as typed, at most `limit`."""
    enterprises = Enterprise.objects.all() if within is None else within
    return list(
        having_words(enterprises, text).select_related("territory").order_by(in_byte_order("search_key"), "id")[:limit]
    )


def representations(person: Person, *, on: date) -> QuerySet[Representation]:
    """The enterprises a person may act for on a day, each with its ground."""
    return (
        Representation.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("enterprise")
        .order_by(in_byte_order("enterprise__search_key"), "id")
    )


def representation_of(person: Person, enterprise: Enterprise, *, on: date) -> Representation | None:
    """On what ground `person` may act for `enterprise` on a day; None when on none."""
    return representations(person, on=on).filter(enterprise=enterprise).first()
