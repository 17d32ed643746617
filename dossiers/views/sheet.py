"""What pages show of one dossier, the same for citizen, counter and officer."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.calendars import calendar_of
from digitization.cards import read_card
from digitization.models import StoredFile
from dossiers import recalculation
from dossiers.deadlines import clock
from dossiers.fees import display
from dossiers.filing import declaration
from dossiers.lifecycle import SET_BASED, linked
from dossiers.lifecycle.lacking import LACKING_GROUNDS
from dossiers.lifecycle.table import action_title, reason_for_applicant
from dossiers.models import Dossier, DossierDocument, DossierEvent, MovedDate, State
from dossiers.views.office import action_context
from papers.models import Paper
from procedures import display as wording
from procedures.editions import time_limits
from vietnam import working_time
from vietnam.dates import format_moment
from vietnam.money import format_money

LOADED = (
    "edition__procedure",
    "edition__field",
    "settling_agency__calendar",
    "receiving_agency",
    "help_desk",
    "return_desk",
    "step",
    "holder__account",
    "filer",
    "owner_person",
    "owner_enterprise",
    "authorisation",
)
EVENTS_SHOWN = 200


def title_of(dossier: Dossier) -> str:
    """The procedure's title in the reader's language."""
    return wording.value_text(dossier.edition.title, dossier.edition.title_en)


def case_of(dossier: Dossier) -> str:
    """The case in words; empty where the procedure knows none."""
    cases = dossier.edition.facts.get("cases") or []
    return next((wording.fact_text(case) for case in cases if case["key"] == dossier.case), "")


def documents_of(dossier: Dossier) -> list[DossierDocument]:
    found = dossier.documents.select_related("file__scan", "required_document").prefetch_related("further__file__scan")
    return list(found.order_by("kind", "position", "id"))


def files_of(documents: list[DossierDocument]) -> list[dict[str, Any]]:
    """File cards, each under the name of the paper it is, with its number where the paper has several."""
    return [read_card(file, note=note) for file, note in named_files(documents)]


def named_files(documents: list[DossierDocument]) -> list[tuple[StoredFile, str]]:
    """Every file of these papers with what it is: the paper's name, and its place where there are several."""
    found = []
    for document in documents:
        files = document.files
        for place, file in enumerate(files, start=1):
            count = f" ({place}/{len(files)})" if len(files) > 1 else ""
            found.append((file, name_of(document) + count))
    return found


def name_of(document: DossierDocument) -> str:
    """What the paper is called, in the reader's language."""
    return document.local_name


def timeline(dossier: Dossier, *, public: bool) -> list[dict[str, Any]]:
    """Events, newest first; the applicant sees the public ones and the agency, not the officer's name."""
    events = dossier.events.order_by("-revision")
    if public:
        events = events.filter(public=True)
    return [_line(event, public=public) for event in events[:EVENTS_SHOWN]]


def _line(event: DossierEvent, *, public: bool) -> dict[str, Any]:
    reason = reason_for_applicant(event) if public else event.reason
    text = [reason] if reason else []
    text += [f"– {item.get('name', '')}" for item in event.facts.get("items", [])]
    if event.facts.get("correction"):
        text.insert(0, action_context.corrected_words(event.facts))
    if event.action in SET_BASED:
        text += _moved(event, public=public)
    if event.facts.get("lacking"):
        ground = dict(LACKING_GROUNDS).get(event.facts.get("lacking_ground", ""), "")
        text.append(_("Còn thiếu: %(names)s") % {"names": "; ".join(event.facts["lacking"])})
        text.append(_("Căn cứ tiếp nhận: %(ground)s") % {"ground": ground})
    if event.facts.get("opened") and not public:
        text.append(_("Mở hồ sơ %(code)s") % {"code": event.facts["opened"]})
    if event.facts.get("not_opened") and not public:
        text.append(_("Chưa mở được hồ sơ liên thông: %(reason)s") % {"reason": event.facts["not_opened"]})
    if event.facts.get("requested_by") and not public:
        text.append(_("Người đến rút: %(name)s") % {"name": event.facts["requested_by"]})
    approved = _("Đã duyệt: %(name)s") if public else _("Đã duyệt: %(name)s (SHA-256 %(digest)s)")
    text += [approved % each for each in event.facts.get("approved", [])]
    if event.facts.get("approval_void"):
        text.append(_("Phê duyệt trước không còn hiệu lực, phải phê duyệt lại."))
    text += display.exemptions_text(event.facts.get("exemptions", []))
    if event.facts.get("fee") or "fee_fixed" in event.facts:
        amount = event.facts.get("fee") or event.facts["fee_fixed"]
        text.append(_("Phí, lệ phí: %(amount)s") % {"amount": format_money(amount)})
    if event.system:
        by = _("Hệ thống kết nối") if public else _("Hệ thống kết nối: %(name)s") % {"name": event.actor}
    else:
        by = event.local_actor
        if public and event.post_id:  # the title without the name
            by = by.partition(", ")[2] or by
    return {
        "title": action_title(event.action),
        "at": event.at,
        "by": by,
        "text": "\n".join(text),
    }


def _moved(event: DossierEvent, *, public: bool) -> list[str]:
    """The dates that a calendar change moved, a line each; the applicant reads of those that are promised to them."""
    first = {"kind": MovedDate.Kind.DUE, "old": event.facts.get("old_due_at"), "new": event.facts.get("due_at")}
    moved = event.facts.get("moved") or ([first] if first["old"] else [])
    return [
        f"{MovedDate.Kind(each['kind']).label}: {_moment(each['old'])} → {_moment(each['new'])}"
        for each in moved
        if not public or each["kind"] in recalculation.TOLD
    ]


def _moment(moment: str) -> str:
    return format_moment(timezone.localtime(datetime.fromisoformat(moment)))


def steps_bar(dossier: Dossier) -> list[dict[str, Any]]:
    """The internal route, where we are on it, and the working time each finished step used.

    What was sent back or reopened goes through the steps behind the running one again: they are not done.
    """
    english = get_language() == "en"
    ran = list(dossier.steps.all())
    runs: dict[str, Any] = {run.key: run for run in ran}
    bar, passed = [], True
    for step in dossier.route:
        done = runs.get(step["key"])
        current = dossier.step is not None and dossier.step.key == step["key"]
        stopped = done is not None and done.broken_off
        finished = passed and done is not None and done.finished_at and not stopped
        state = "current" if current else "done" if finished else ""
        passed = passed and not current
        bar.append(
            {
                "label": step["name_en"] if english and step["name_en"] else step["name"],
                "state": state,
                "run": done,
                "note": _("Dừng ở bước này") if stopped and dossier.state == State.STOPPED else "",
            }
        )
    return bar


def running_minutes(dossier: Dossier, *, at: datetime) -> int | None:
    """Working time that the running step has taken until `at`; None where none runs."""
    step = dossier.step
    if step is None or step.finished_at is not None or dossier.settling_agency is None:
        return None
    return clock.working_minutes(dossier, step.started_at, max(at, step.started_at))


def time_used(dossier: Dossier, *, at: datetime) -> list[dict[str, Any]]:
    """Whose time was used, in working minutes: of each who had a step, of bodies asked, and of the applicant."""
    used: dict[str, int] = {}
    fetching: int | None = None
    for run in dossier.steps.select_related("agency", "holder__account"):
        minutes = run.used_minutes if run.used_minutes is not None else running_minutes(dossier, at=at)
        if run.follows_the_result:
            fetching = (fetching or 0) + (minutes or 0)
            continue
        who = run.holder.account.full_name if run.holder else wording.value_text(run.name, run.name_en)
        key = f"{who}, {run.agency.local_name}"
        used[key] = used.get(key, 0) + (minutes or 0)
    rows = [{"who": who, "minutes": minutes, "waiting": False} for who, minutes in used.items()]
    if dossier.settling_agency is not None:
        calendar = calendar_of(dossier.settling_agency)
        waits: dict[str, int] = {}
        for pause in dossier.pauses.all():
            minutes = working_time.minutes_between(calendar, pause.began_at, pause.ended_at or max(at, pause.began_at))
            waits[pause.reason] = waits.get(pause.reason, 0) + minutes
        rows += [{"who": _waited_for(reason), "minutes": n, "waiting": True} for reason, n in waits.items()]
    if fetching is not None:
        rows.append({"who": _("Chờ nhận kết quả"), "minutes": fetching, "waiting": True})
    return rows


def _waited_for(reason: str) -> str:
    return {
        "supplement": _("Người nộp bổ sung giấy tờ"),
        "financial": _("Người nộp đóng tiền"),
    }.get(reason, _("Không tính theo luật chuyên ngành"))


def papers_of(dossier: Dossier) -> list[dict[str, Any]]:
    found = Paper.objects.filter(owner=dossier.reference).order_by("id")
    return [
        {
            "title": paper.title,
            "number": paper.number,
            "issued_at": paper.issued_at,
            "url": reverse("paper", args=[paper.code]),
        }
        for paper in found[:50]
    ]


def explanation(dossier: Dossier) -> list[str]:
    """How the due date was counted, day by day, in the reader's language."""
    if dossier.clock_started_at is None or not dossier.limit_unit:
        return []
    due = clock.count_due(dossier)
    return working_time.describe(due, "en" if get_language() == "en" else "vi") if due else []


def expected(dossier: Dossier, *, at: datetime, days: Decimal | None = None) -> dict[str, Any] | None:
    """When the result would be due if the dossier were received at `at`, and how that is counted; None while the
    limit is unknown. `days`: the limit as the receiver would enter it."""
    term = time_limits.term_for(dossier.edition, dossier.channel, dossier.case)
    period = working_time.Period(days, working_time.Unit.WORKING_DAY) if days else time_limits.period_of(term)
    if period is None or dossier.settling_agency is None:
        return None
    late = bool(term and term.after_15h_next_day)
    due = working_time.due(
        calendar_of(dossier.settling_agency),
        at,
        period,
        after_hour_rule=clock.AFTERNOON_RULE if late else None,
        explain=True,
    )
    return {"at": due.at, "sentences": working_time.describe(due, "en" if wording.english() else "vi")}


def standing(dossier: Dossier, *, at: datetime) -> dict[str, Any] | None:
    """For {% due_badge %}."""
    found = clock.standing_of(dossier, at=at)
    if found is None:
        return None
    whose = ""
    if dossier.state == State.SUPPLEMENT:
        whose = _("chờ người nộp bổ sung")
    elif dossier.state == State.FINANCIAL:
        whose = _("chờ người nộp đóng tiền")
    elif dossier.is_paused:
        whose = _("theo luật chuyên ngành")
    return {
        "standing": str(found.standing),
        "minutes": found.remaining_minutes,
        "ended": dossier.finished_at is not None,
        "whose": whose,
    }


def prefetched(queryset: Any) -> Any:
    """Dossiers with what their pages need, in a constant number of queries."""
    return queryset.select_related(*LOADED).prefetch_related(Prefetch("pauses"), Prefetch("steps"))


def whole(request: HttpRequest, dossier: Dossier, *, public: bool, at: datetime) -> dict[str, Any]:
    """Everything a dossier's own page shows."""
    documents = documents_of(dossier)
    return {
        "dossier": dossier,
        "title": title_of(dossier),
        "case": case_of(dossier),
        "standing": standing(dossier, at=at),
        "documents": documents,
        "files": files_of(documents),
        "declaration": declaration.answers_text(dossier),
        "timeline": timeline(dossier, public=public),
        "steps": steps_bar(dossier),
        "papers": papers_of(dossier),
        "explanation": explanation(dossier),
        "fee": display.fee_display(dossier, at=at, for_staff=not public),
        "fee_answers": display.answers_display(dossier),
        "supplement": dossier.supplement_requests.filter(answered_at__isnull=True).first(),
        **({} if public else _internal(dossier, at=at)),
    }


def _internal(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """What only staff see: opinions of other bodies, and a correction that waits for a second person."""
    correction = dossier.corrections.filter(decided_at=None).select_related("asked_by__account").first()
    return {
        "opinions": dossier.opinions.select_related("agency", "answered_by__account", "file")[:50],
        "linked": linked.opened_dossiers(dossier),
        "opener": Dossier.objects.select_related("settling_agency").filter(pk=dossier.opened_by_id).first()
        if dossier.opened_by_id
        else None,
        "unopened": dossier.links_to_open,
        "running": running_minutes(dossier, at=at),
        "time_used": time_used(dossier, at=at),
        "correction": correction,
        "correction_change": action_context.change_of(correction) if correction else "",
    }
