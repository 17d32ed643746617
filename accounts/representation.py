"""Who acts for an enterprise by law: as the register of enterprises says, or by the papers that a counter has seen."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enterprises import find_by_tax_number, find_or_create_enterprise, representation_of
from accounts.models import Account, Enterprise, Level, Person, Registry, RegistryLookup, Representation
from accounts.registries.lookups import look_up
from accounts.signals import account_notice
from core.refusals import Refused
from core.sealed_numbers import number_word
from journal import audit_log
from vietnam.dates import format_date
from vietnam.identity import TaxNumber
from vietnam.text import fold

TRIES_AN_HOUR = 10  # of one person at the register
_TOO_OFTEN = _("Bạn đã thử quá nhiều lần. Hãy thử lại sau một giờ, hoặc mang giấy tờ đến quầy một cửa.")
_LOW = _("Chỉ tài khoản xác thực mức độ 2 tự nhận làm người đại diện được. Hãy xác thực tài khoản trước.")
_NOT_CONFIRMED = _(
    "Cơ sở dữ liệu đăng ký doanh nghiệp không xác nhận bạn là người đại diện theo pháp luật của mã số thuế này. Hãy "
    "xem lại mã số thuế, hoặc mang giấy chứng nhận đăng ký và căn cước đến quầy một cửa."
)
_UNANSWERED = _(
    "Cơ sở dữ liệu đăng ký doanh nghiệp chưa trả lời. Hãy thử lại sau ít phút, hoặc mang giấy chứng nhận đăng ký và "
    "căn cước đến quầy một cửa."
)


def represent_by_register(person: Person, number: str, *, level: int, by: Actor, at: datetime) -> Representation:
    """Let a person act for the enterprise of a tax number where its register names them, by number and by name.

    Of the enterprise nothing is told to anybody else. `level`: how the holder was identified at this sign-in. Raises
    `Refused`, `vietnam.identity.InvalidNumber`.
    """
    tax_number = str(TaxNumber.parse(number))
    if level < Level.IDENTITY or not person.personal_number:
        raise Refused("level", _LOW)
    record = f"person:{person.pk}"
    lately = RegistryLookup.objects.filter(record=record, registry=Registry.ENTERPRISE, at__gt=at - timedelta(hours=1))
    if lately.count() >= TRIES_AN_HOUR:
        raise Refused("too_often", _TOO_OFTEN)
    said = look_up(
        Registry.ENTERPRISE,
        tax_number,
        purpose="Xác minh người đại diện theo pháp luật",
        by=Actor(system="công dân tự khai", request_id=by.request_id),
        at=at,
        record=record,
    )
    if said.outcome == RegistryLookup.Outcome.UNANSWERED:
        raise Refused("unanswered", _UNANSWERED)
    facts = said.facts
    same_number = facts.get("representative_number") == number_word(person.personal_number)
    if not (same_number and fold(facts.get("representative", "")) == fold(person.full_name) and facts.get("name")):
        raise Refused("not_confirmed", _NOT_CONFIRMED, field="number")
    with transaction.atomic():
        enterprise = (
            find_by_tax_number(tax_number)  # known by its name here, which the register may write otherwise
            or find_or_create_enterprise(tax_number, name=facts["name"], address=facts.get("address", ""))[0]
        )
        ground = f"Cơ sở dữ liệu đăng ký doanh nghiệp, ngày {format_date(timezone.localdate(at))}"
        return grant_representation(person, enterprise, ground=ground, by=by, at=at)


@transaction.atomic
def grant_representation(
    person: Person, enterprise: Enterprise, *, ground: str, by: Actor, at: datetime
) -> Representation:
    """Let a person act for an enterprise from today on; who does already goes on. `ground`: the paper or register.

    The person and whoever else acts for the enterprise are told. Raises `Refused`.
    """
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    today = timezone.localdate(at)
    if person.merged_into_id:
        raise Refused("merged", _("Hồ sơ người này đã gộp vào hồ sơ khác. Hãy tìm lại theo số định danh."))
    if held := representation_of(person, enterprise, on=today):
        return held
    others = list(present_representations(enterprise, at=at))
    made = Representation.objects.create(
        person=person, enterprise=enterprise, ground=ground.strip()[:200], valid_from=today
    )
    _record("representation_granted", made, by, ground=made.ground)
    _tell(made, person, "representation_granted", at)
    for other in others:
        _tell(made, other.person, "representation_added", at)
    return made


@transaction.atomic
def end_representation(held: Representation, *, reason: str, by: Actor, at: datetime) -> None:
    """From now on the person does not act for the enterprise; what they filed goes on. Twice changes nothing more."""
    row = Representation.objects.select_for_update(of=("self",)).select_related("person", "enterprise").get(pk=held.pk)
    yesterday = timezone.localdate(at) - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= yesterday:
        return
    row.valid_to = yesterday
    row.save(update_fields=["valid_to"])
    _record("representation_ended", row, by, reason=reason[:300])
    _tell(row, row.person, "representation_ended", at)


def present_representations(enterprise: Enterprise, *, at: datetime) -> list[Representation]:
    """Who acts for an enterprise now, with their persons and accounts."""
    today = timezone.localdate(at)
    rows = Representation.objects.filter(enterprise=enterprise, valid_from__lte=today).exclude(valid_to__lt=today)
    return list(rows.select_related("person__account").order_by("id")[:100])


def _record(verb: str, row: Representation, by: Actor, **facts: str) -> None:
    audit_log.record_entry(verb, f"enterprise:{row.enterprise_id}", by=by, person=row.person_id, **facts)


def _tell(row: Representation, person: Person, kind: str, at: datetime) -> None:
    if person.account is not None:
        facts = {"enterprise": row.enterprise.name}
        account_notice.send(sender=Account, account=person.account, kind=kind, facts=facts, at=at)
