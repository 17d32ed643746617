"""One look-up: recorded with its purpose, answered anew or from what was heard lately, never a reason to stop work."""

from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Registry, RegistryLookup
from accounts.registries import client
from core.refusals import Refused
from journal.outgoing_calls import CallFailed
from vietnam.dates import format_date
from vietnam.text import fold

Outcome = RegistryLookup.Outcome
FACTS: dict[str, str | Promise] = {
    "full_name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "address": gettext_lazy("Địa chỉ"),
    "name": gettext_lazy("Tên doanh nghiệp, tổ chức"),
    "representative": gettext_lazy("Người đại diện"),
    "status": gettext_lazy("Tình trạng hoạt động"),
    "plot": gettext_lazy("Thửa đất số"),
    "sheet": gettext_lazy("Tờ bản đồ số"),
    "area": gettext_lazy("Diện tích (m²)"),
    "use": gettext_lazy("Mục đích sử dụng đất"),
    "holder": gettext_lazy("Người sử dụng đất"),
}
_NAMED = {"dan cu": Registry.POPULATION, "doanh nghiep": Registry.ENTERPRISE, "dat dai": Registry.LAND}


def look_up(
    registry: str,
    number: str,
    *,
    purpose: str,
    by: Actor,
    at: datetime,
    record: str = "",
    paper: str = "",
    code: str = "",
) -> RegistryLookup:
    """What a register says of a number, kept as a record of who asked and why. `record` is a reference such as
    ``dossier:<uuid>``, `code` what the register is told of it, `paper` the key of the paper that the data stand for.

    Where no answer comes the outcome says so, and whoever asked goes on with the paper. Raises Refused without a
    purpose, without a number, or when the register is not configured.
    """
    number, purpose = " ".join(number.split())[:40], purpose.strip()[:200]
    if registry == Registry.POPULATION:
        number = number.replace(" ", "")
    if not purpose:
        raise Refused("no_purpose", _("Tra cứu phải có mục đích."))
    if not number:
        raise Refused("no_number", _("Chưa có số để tra cứu."), field="number")
    if not client.is_configured(registry):
        raise Refused("not_configured", _("Cổng chưa được kết nối với cơ sở dữ liệu này."))
    row = RegistryLookup(
        registry=registry, number=number, purpose=purpose, record=record[:80], paper=paper[:80], by=by.label[:200],
        post=by.post, at=at,
    )  # fmt: skip
    heard = _heard_lately(registry, number, at)
    if heard is not None:
        row.outcome, row.facts = heard.outcome, heard.facts
        row.asked_at, row.good_until = heard.asked_at, heard.good_until
    else:
        _ask(row, by, code)
    row.save()
    return row


def note_paper_used(failed: RegistryLookup, *, by: Actor, at: datetime) -> RegistryLookup:
    """Staff go on with the paper because no answer came; marked, so that it can be looked up later."""
    return RegistryLookup.objects.create(
        registry=failed.registry,
        number=failed.number,
        purpose=failed.purpose,
        record=failed.record,
        paper=failed.paper,
        by=by.label[:200],
        post=by.post,
        at=at,
        outcome=Outcome.PAPER,
    )


def lookups_for(record: str) -> dict[str, RegistryLookup]:
    """The latest look-up for each paper of a record, by the paper's key."""
    rows = RegistryLookup.objects.filter(record=record).exclude(paper="").order_by("paper", "-id")
    return {row.paper: row for row in rows.distinct("paper")}


def register_named(database: str) -> str:
    """The register that the catalogue means by the name of a database; "" when we know no way to it."""
    name = fold(database)
    return next((str(registry) for part, registry in _NAMED.items() if part in name), "")


def shown_facts(lookup: RegistryLookup) -> list[tuple[str, str]]:
    """What was said, with labels in the reader's language."""
    mapping = client.present_mapping()[lookup.registry]
    shown = [key for key in mapping["facts"] if key not in mapping.get("digests", ())]
    days = mapping.get("days", ())
    facts = {key: _day_written(said) if key in days else said for key, said in lookup.facts.items()}
    return [(str(FACTS.get(key, key)), facts[key]) for key in shown if key in facts]


def _day_written(said: str) -> str:
    """A day as people write it; what the register gave in no form that is known stays as it came."""
    try:
        return format_date(date.fromisoformat(said))
    except ValueError:
        return said


def _heard_lately(registry: str, number: str, at: datetime) -> RegistryLookup | None:
    known = RegistryLookup.objects.filter(registry=registry, number=number, good_until__gt=at)
    return known.order_by("-id").first()


def _ask(row: RegistryLookup, by: Actor, code: str) -> None:
    account = by.account or (by.post.account if by.post else None)
    officer = account.username if account is not None else by.system
    try:
        facts = client.ask_register(
            row.registry, row.number, purpose=row.purpose, officer=officer, record=code, reference=row.record
        )
    except CallFailed:
        row.outcome = Outcome.UNANSWERED
        return
    row.outcome, row.facts = (Outcome.NONE, {}) if facts is None else (Outcome.FOUND, facts)
    hours = client.present_mapping()[row.registry]["cache_hours"]
    row.asked_at, row.good_until = row.at, row.at + timedelta(hours=hours)
