"""Bodies without a tax number: known by the decision or licence that founded them, here or abroad.

Whoever takes one in says the decision; whether a body on record is the same, may be, or is another, `likeness` says.
"""

from collections.abc import Sequence
from datetime import date
from enum import Enum, auto
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enterprises import LIMIT, decision_columns, fitting, search_key, write_facts
from accounts.models import Enterprise
from core.countries import is_country
from core.refusals import Refused
from vietnam.decisions import FoundingDecision, decision_number
from vietnam.documents import VIETNAM
from vietnam.identity import InvalidNumber, TaxNumber
from vietnam.phone import normalise_phone
from vietnam.text import fold


class Likeness(Enum):
    SAME = auto()
    DOUBTFUL = auto()  # a person looks at both
    OTHER = auto()


class BodyInDoubt(Refused):
    """A body on record may be the one that is meant, and only a person can tell. `known`: those that may be it."""

    status = 409

    def __init__(self, decision: FoundingDecision, known: Sequence[Enterprise]) -> None:
        self.decision, self.known = decision, known
        on_record = "; ".join(each.number_in_full for each in known[:3])
        if decision.is_whole:
            sentence = _(
                "Số này đã có trong hệ thống: %s. Hãy xem lại số, ngày và cơ quan ra quyết định rồi xác nhận có phải "
                "cùng một tổ chức."
            )
        else:
            sentence = _(
                "Số này đã có trong hệ thống: %s. Hãy ghi đủ ngày và cơ quan ra quyết định để phân biệt các tổ chức."
            )
        super().__init__("which_body", sentence % on_record, field="name")


def likeness(decision: FoundingDecision, name: str, known: Enterprise) -> Likeness:
    """Whether a body stated by `decision` and `name` is `known`, whose decision has the same number and country.

    Day and authority together name one decision. Where one of them is not known, or one differs, the name decides;
    where the name differs too, it is another body or somebody has to look.
    """
    day, issuer = _agree(decision.day, known.decision_date), _agree(decision.issuer_key, known.decision_issuer_key)
    if day and issuer:
        return Likeness.SAME
    if fold(name) == fold(known.name):
        if day is not False and issuer is not False:
            return Likeness.SAME
        return Likeness.OTHER if day is issuer is False else Likeness.DOUBTFUL
    if day is False or (day is None and issuer is False):
        return Likeness.OTHER
    return Likeness.DOUBTFUL


def _agree(stated: Any, known: Any) -> bool | None:
    """None when one of them is not known."""
    return stated == known if stated and known else None


def founding_decision_of(
    number: str, *, country: str = "", day: date | None = None, issuer: str = ""
) -> FoundingDecision | None:
    """The founding decision that a sheet or another system states for a body; None where it states none.

    A tax number is never one. Any other number is, where a day or an authority stands beside it or it is written with
    a stroke, as numbers of decisions are. `country`: two letters, Vietnam where nothing is said.
    Raises `vietnam.identity.InvalidNumber`, `Refused`.
    """
    if _is_tax_number(number) or not (day or issuer or "/" in number):
        return None
    country = country.upper() or VIETNAM
    if not is_country(country):
        raise Refused("bad_country", _("Nước thành lập ghi bằng mã hai chữ, ví dụ VN, KR."))
    return FoundingDecision.parse(number, country, day, issuer)


def _is_tax_number(number: str) -> bool:
    try:
        TaxNumber.parse(number)
    except InvalidNumber:
        return False
    return True


def bodies_with_decision(number: str) -> list[Enterprise]:
    """Every body with a decision of this number, whoever issued it; none when it cannot be one."""
    try:
        wanted = decision_number(number)
    except InvalidNumber:
        return []
    return list(Enterprise.objects.select_related("territory").filter(decision_number=wanted).order_by("id")[:LIMIT])


def find_organisation(decision: FoundingDecision, *, name: str) -> Enterprise | None:
    """The body on record that `decision` founded; None when there is none. Raises `BodyInDoubt`."""
    alike = [(each, likeness(decision, name, each)) for each in _maybe_the_same(decision, name)]
    same = [each for each, how in alike if how is Likeness.SAME]
    exact = [each for each in same if decision.is_whole and each.decision.is_whole]
    if exact or len(same) == 1:
        return (exact or same)[0]
    if doubtful := [each for each, how in alike if how is not Likeness.OTHER]:
        raise BodyInDoubt(decision, doubtful)
    return None


@transaction.atomic
def find_or_create_organisation(
    decision: FoundingDecision,
    *,
    name: str,
    by: Actor,
    phone: str = "",
    email: str = "",
    address: str = "",
    another: bool = False,
) -> tuple[Enterprise, bool]:
    """The body that `decision` founded, and whether it was made. What is not known of it yet is completed.

    `another`: somebody looked, and it is none of those on record that may be it; heard only of a whole decision.
    Raises `BodyInDoubt`, `accounts.enterprises.EnterpriseDiffers`, `vietnam.phone.InvalidPhone`.
    """
    name, phone = " ".join(name.split()), normalise_phone(phone)
    try:
        known = find_organisation(decision, name=name)
    except BodyInDoubt:
        if not (another and decision.is_whole):
            raise
        known = None
    if known is not None and not _is_another(another, decision, known):
        return choose_organisation(known, decision, name=name, by=by), False
    columns = decision_columns(decision)
    del columns["decision_issuer"]  # spelt as whoever came first spelt it
    made, new = Enterprise.objects.get_or_create(
        **columns,
        defaults={
            "decision_issuer": decision.issuer,
            "name": name,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "search_key": search_key(name, decision.number, phone),
        },
    )
    return fitting(made, name), new


def _is_another(another: bool, decision: FoundingDecision, known: Enterprise) -> bool:
    """Whether somebody who looked says so, and two whole decisions do not say otherwise."""
    return another and decision.is_whole and not known.decision.is_whole


def _maybe_the_same(decision: FoundingDecision, name: str) -> list[Enterprise]:
    """Bodies with that number and country that are not clearly others."""
    named = Q(search_key__startswith=fold(name)[:200])
    maybe = Q(decision_date=decision.day) | Q(decision_date=None) | named if decision.day else Q()
    found = Enterprise.objects.filter(decision_number=decision.number, decision_country=decision.country).filter(maybe)
    return list(found.order_by("id")[:LIMIT])


def choose_organisation(known: Enterprise, decision: FoundingDecision, *, name: str, by: Actor) -> Enterprise:
    """`known` is the body that was stated: what its record does not say of the decision is written; what it says stays.

    Raises `accounts.enterprises.EnterpriseDiffers`.
    """
    body = fitting(known, name)
    held = body.decision
    whole = FoundingDecision(held.number, held.country, held.day or decision.day, held.issuer or decision.issuer)
    if whole != held:
        write_facts(body, decision_columns(whole), reason=str(_("Quyết định thành lập ghi đủ hơn")), by=by)
        body.refresh_from_db()
    return body
