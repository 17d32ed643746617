"""Enterprises by tax number, other bodies by their founding decision, and who may act for them."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Enterprise, Person, Representation
from agencies.models import Territory
from core.refusals import Refused
from core.word_search import having_words
from journal import audit_log
from vietnam.documents import VIETNAM, decision_number
from vietnam.identity import InvalidNumber, TaxNumber
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
    return _fitting(found, name), made


def _fitting(known: Enterprise, name: str) -> Enterprise:
    """`known` when that is its name too, whatever its accents and case. Raises `EnterpriseDiffers`."""
    if name and fold(name) != fold(known.name):
        raise EnterpriseDiffers(known, name)
    return known


@transaction.atomic
def correct_enterprise(
    enterprise: Enterprise, *, name: str, phone: str, email: str, address: str, reason: str, by: Actor
) -> None:
    """Write what the certificate says, seen by a counter; the record keeps both. Dossiers keep the name they were
    filed under."""
    locked = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    facts = {"name": " ".join(name.split()), "phone": phone, "email": email.strip(), "address": address.strip()}
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
        before={field: before[field] for field in changed},
        after=changed,
    )


def find_by_decision(number: str, country: str = VIETNAM) -> Enterprise | None:
    """The body founded by this decision or licence. Raises `vietnam.identity.InvalidNumber`."""
    found = Enterprise.objects.select_related("territory")
    return found.filter(decision_number=decision_number(number), decision_country=country).first()


def bodies_with_decision(number: str) -> list[Enterprise]:
    """Every body, of whatever country, with a decision of this number; none when it cannot be one."""
    try:
        wanted = decision_number(number)
    except InvalidNumber:
        return []
    return list(Enterprise.objects.select_related("territory").filter(decision_number=wanted).order_by("id")[:LIMIT])


def find_or_create_organisation(
    number: str, country: str = VIETNAM, *, name: str, phone: str = "", email: str = "", address: str = ""
) -> tuple[Enterprise, bool]:
    """A body without a tax number, by the decision or licence that founded it; and whether it was made.

    Raises `EnterpriseDiffers`, `vietnam.identity.InvalidNumber`, `vietnam.phone.InvalidPhone`.
    """
    number, name, phone = decision_number(number), " ".join(name.split()), normalise_phone(phone)
    found, made = Enterprise.objects.get_or_create(
        decision_number=number,
        decision_country=country,
        defaults={
            "name": name,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "search_key": search_key(name, number, phone),
        },
    )
    return _fitting(found, name), made


def search_key(name: str, number: str, phone: str) -> str:
    """`number` is a tax number, or a decision's ("123/QĐ-UBND" is found by "123 qd ubnd")."""
    plain = number if number.replace("-", "").isdigit() else fold(number)
    return f"{fold(name)} {plain} {phone}".strip()[:400]


def search_enterprises(
    text: str, *, within: QuerySet[Enterprise] | None = None, limit: int = LIMIT
) -> list[Enterprise]:
    """Enterprises whose name, tax number or telephone has words beginning as typed, at most `limit`."""
    enterprises = Enterprise.objects.all() if within is None else within
    return list(having_words(enterprises, text).select_related("territory").order_by("search_key", "id")[:limit])


def representations(person: Person, *, on: date) -> QuerySet[Representation]:
    """The enterprises a person may act for on a day, each with its ground."""
    return (
        Representation.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("enterprise")
        .order_by("enterprise__search_key", "id")
    )


def representation_of(person: Person, enterprise: Enterprise, *, on: date) -> Representation | None:
    """On what ground `person` may act for `enterprise` on a day; None when on none."""
    return representations(person, on=on).filter(enterprise=enterprise).first()
