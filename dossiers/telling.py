"""Whom an act tells: outbox handlers, each safe to run twice."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Account, StaffPost
from dossiers import notice_kinds  # noqa: F401 - declares the kinds told here
from dossiers.lifecycle import TABLE
from dossiers.models import Dossier, DossierEvent, State
from dossiers.tracking import PIN_ORDER, new_pin
from journal.outbox import handler
from notices.telling import Recipient, tell

Role = StaffPost.Role
AT_MOST = 20
_LOADED = (
    "edition",
    "settling_agency",
    "receiving_agency",
    "holder__account",
    "step",
    "filer__account",
    "owner_person",
)


@handler("dossiers.tell")
def tell_of_act(payload: dict[str, Any]) -> None:
    event = DossierEvent.objects.get(pk=payload["event"])
    dossier = Dossier.objects.select_related(*_LOADED).get(pk=event.dossier_id)
    rule = TABLE[event.action]
    for audience in rule.tells:
        for recipient in _AUDIENCES[audience](dossier):
            if recipient.account is not None and recipient.account.pk == event.account_id:
                continue  # nobody needs to be told what they did themselves
            template = "dossier_applicant" if audience == "applicant" else "dossier_staff"
            tell(
                f"event:{event.pk}:{audience}",
                [recipient],
                template,
                _context(dossier, recipient.language, event),
                link=_link(dossier, audience),
                at=min(event.at, event.recorded_at),
            )


@handler("dossiers.crossing")
def tell_of_crossing(payload: dict[str, Any]) -> None:
    """Due soon: whoever works on it. Overdue: that person, and then the head."""
    dossier = Dossier.objects.select_related(*_LOADED).get(pk=payload["dossier"])
    due_at = datetime.fromisoformat(payload["due_at"])
    if dossier.due_at != due_at or dossier.state not in (State.RECEIVED, State.PROCESSING):
        return  # it moved on before the message was handled
    audiences = ["holder"] if payload["kind"] == "due_soon" else ["holder", "head"]
    for audience in audiences:
        for recipient in _AUDIENCES[audience](dossier):
            tell(
                f"crossing:{payload['kind']}:{dossier.pk}:{payload['due_at']}:{audience}",
                [recipient],
                payload["kind"],
                _context(dossier, recipient.language),
                link=_link(dossier, audience),
                at=timezone.now(),
            )


@handler("dossiers.pin")
def tell_pin(payload: dict[str, Any]) -> None:
    dossier = Dossier.objects.select_related(*_LOADED).get(pk=payload["dossier"])
    applicant = dossier.filer.account
    language = applicant.language if applicant else "vi"
    tell(
        f"pin:{dossier.pk}:{timezone.now().isoformat()}",
        [Recipient(None, dossier.contact_email, language, dossier.contact_phone, order=PIN_ORDER)],
        "pin",
        {**_context(dossier, language), "pin": new_pin(dossier)},
        link=reverse("track-dossier", args=[dossier.code]),
        at=timezone.now(),
        on_portal=False,
    )


def _applicants(dossier: Dossier) -> list[Recipient]:
    """The filer's and the owner's accounts, each once; the addresses given with the dossier are the filer's."""
    accounts: dict[int, Account] = {}
    for person in (dossier.filer, dossier.owner_person):
        if person is not None and person.account is not None:
            accounts[person.account.pk] = person.account
    language = next((account.language for account in accounts.values()), "vi")
    found = [Recipient(account, "", account.language) for account in accounts.values()]
    given = (dossier.contact_email, language, dossier.contact_phone)
    filer = dossier.filer.account
    if filer is not None:
        return [Recipient(filer, *given), *(each for each in found if each.account != filer)]
    return [*found, Recipient(None, *given)]


def _holder(dossier: Dossier) -> list[Recipient]:
    """Who holds the step; while nobody does, everybody who could take it."""
    if dossier.holder is not None:
        return _staff([dossier.holder])
    if dossier.step is None:
        return []
    return _staff(_posts(dossier.step.agency_id, [dossier.step.role]))


def _counter(dossier: Dossier) -> list[Recipient]:
    return _staff(_posts(dossier.receiving_agency_id, [Role.COUNTER]))


def _head(dossier: Dossier) -> list[Recipient]:
    return _staff(_posts(dossier.settling_agency_id, [Role.UNIT_HEAD, Role.LEADER]))


def _receiving_head(dossier: Dossier) -> list[Recipient]:
    return _staff(_posts(dossier.receiving_agency_id, [Role.UNIT_HEAD, Role.LEADER]))


def _consulted(dossier: Dossier) -> list[Recipient]:
    """Those who hand work out at the bodies whose opinion is waited for."""
    agencies = dossier.opinions.filter(ended_at=None).values_list("agency_id", flat=True)[:AT_MOST]
    return [one for agency in agencies for one in _staff(_posts(agency, [Role.UNIT_HEAD, Role.OFFICER]))]


_AUDIENCES = {
    "applicant": _applicants,
    "holder": _holder,
    "counter": _counter,
    "head": _head,
    "receiving_head": _receiving_head,
    "consulted": _consulted,
}


def _posts(agency_id: int | None, roles: list[str]) -> list[StaffPost]:
    posts = StaffPost.objects.filter(agency_id=agency_id, role__in=roles, valid_to__isnull=True)
    return list(posts.select_related("account").order_by("id")[:AT_MOST])


def _staff(posts: list[StaffPost]) -> list[Recipient]:
    return [Recipient(post.account, post.account.email, post.account.language) for post in posts]


def _link(dossier: Dossier, audience: str) -> str:
    if audience == "applicant":
        return reverse("my-dossier", args=[dossier.uid])
    return reverse("dossier", args=[dossier.code])


def _context(dossier: Dossier, language: str, event: DossierEvent | None = None) -> dict[str, Any]:
    edition = dossier.edition
    title = edition.title_en if language == "en" and edition.title_en else edition.title
    due = timezone.localtime(dossier.due_at).strftime("%H:%M %d/%m/%Y") if dossier.due_at else ""
    facts: dict[str, Any] = {"code": dossier.code, "owner": dossier.owner_name, "title": title, "due": due}
    if event is None:
        return facts
    with translation.override(language):
        rule = TABLE[event.action]
        return facts | {
            "done": str(rule.done or rule.label),
            "actor": event.actor,
            "reason": event.reason,
            "items": event.facts.get("items", []),
            "next": _next(dossier),
            "public_url": settings.PUBLIC_URL,
        }


def _next(dossier: Dossier) -> str:
    """What the applicant should expect or do, in the language in force."""
    return {
        State.FILED: _("bộ phận một cửa kiểm tra và trả lời bạn trong giờ làm việc."),
        State.PROCESSING: _("cơ quan giải quyết xử lý hồ sơ, bạn chưa phải làm gì."),
        State.SUPPLEMENT: _("hãy bổ sung giấy tờ nêu trên; thời gian chờ không tính vào hạn."),
        State.FINANCIAL: _("hãy nộp khoản tiền nêu trên; thời gian chờ không tính vào hạn."),
        State.DONE: _("hãy nhận kết quả theo cách bạn đã chọn."),
    }.get(State(dossier.state), "")
