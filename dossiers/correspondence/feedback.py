"""Complaints and suggestions about a dossier or a desk, answered within ten working days by the agency's head.

Source of the limit: rule of the one-stop shop on feedback, ten working days, counted by the agency's own calendar. It
is watched as due dates are: due soon and overdue are told once.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import policy, queryset_rule
from agencies.calendars import calendar_of, lock_calendars
from agencies.models import Agency, Desk
from core.refusals import NotAllowed, Refused
from digitization import scans, uploads
from digitization.models import StoredFile
from dossiers.access.relations import is_applicant
from dossiers.models import Dossier, Feedback
from journal import outbox
from vietnam import working_time

Role = StaffPost.Role
ANSWERED_WITHIN = working_time.Period(10, working_time.Unit.WORKING_DAY)
HEADS = (Role.UNIT_HEAD, Role.LEADER)
LONGEST = 4000
FILES_AT_MOST = 10
BATCH = 200
HIGHEST = 5  # agencies above one another that are looked at for a head
PREFIX = "feedback"


def agency_responsible(agency: Agency, *, at: datetime) -> StaffPost | None:
    """Who answers for an agency: its unit head, else its leader; None while it has neither."""
    holding = posts.posts_held(StaffPost.objects.filter(agency=agency, role__in=HEADS), on=timezone.localdate(at))
    found = {post.role: post for post in holding.select_related("account").order_by("-id")}
    return found.get(Role.UNIT_HEAD) or found.get(Role.LEADER)


def agency_answering(agency: Agency, *, at: datetime) -> tuple[Agency, StaffPost | None]:
    """The agency that answers for `agency` and its head: the nearest one above that has a head, itself first.

    A centre without a head of its own is answered for by the committee it belongs to. Without any, itself and None.
    """
    agency = agency.doing_the_work(on=timezone.localdate(at)) or agency
    above: Agency | None = agency
    for _step in range(HIGHEST):
        if above is None:
            break
        if post := agency_responsible(above, at=at):
            return above, post
        above = above.parent
    return agency, None


@transaction.atomic
def file_feedback(
    kind: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
    dossier: Dossier | None = None,
    desk: Desk | None = None,
    author: str = "",
    email: str = "",
    phone: str = "",
    files: Sequence[File] = (),
    key: str = "",
) -> Feedback:
    """Keep it, count its limit, give it to whoever answers and tell both sides. The same `key` makes one.

    Whether `by` may speak about the dossier is the caller's to know: they are the applicant, or gave its PIN.
    Raises Refused, digitization.uploads.UploadRefused.
    """
    if key and (known := Feedback.objects.filter(key=key).first()):
        return known
    if dossier is not None and dossier.destroyed_at is not None:
        raise Refused("destroyed", destroyed_sentence())
    agency = desk.agency if desk else (dossier.settling_agency or dossier.receiving_agency if dossier else None)
    if agency is None:
        raise Refused("no_agency", _("Hồ sơ này chưa gửi đến cơ quan nào. Hãy gửi hồ sơ trước."))
    if not text.strip():
        raise Refused("empty", _("Hãy viết nội dung phản ánh, kiến nghị."), field="text")
    if len(files) > FILES_AT_MOST:
        raise Refused("many_files", _("Mỗi lần gửi kèm tối đa 10 tệp."), field="attachments")
    agency, assigned = agency_answering(agency, at=at)
    lock_calendars(agency)
    made = Feedback.objects.create(
        kind=kind,
        dossier=dossier,
        desk=desk,
        agency=agency,
        account=by.account,
        author=(author or by.label)[:200],
        contact_email=email,
        contact_phone=phone,
        text=text.strip()[:LONGEST],
        filed_at=at,
        due_at=due_at(agency, at),
        assigned=assigned,
        key=key or None,
    )
    for sent in files:
        stored = uploads.store_file(sent, sent.name or "", f"{PREFIX}:{made.pk}", by)
        scans.queue_scan(stored)
        made.files.add(stored)
    outbox.record_message("dossiers.feedback", {"feedback": made.pk, "what": "filed"})
    return made


def destroyed_sentence() -> str:
    """Why nothing is written about a dossier that was destroyed: what it says of people would never be erased."""
    return _("Hồ sơ này đã hết thời hạn bảo quản và được tiêu hủy. Hãy gửi phản ánh, kiến nghị về quầy đã tiếp nhận.")


def due_at(agency: Agency, filed_at: datetime) -> datetime:
    """Until when an agency answers what was filed at `filed_at`."""
    found = working_time.due(calendar_of(agency), filed_at, ANSWERED_WITHIN, explain=False).at
    assert found is not None, "only an open pause leaves a period without an end"
    return found


@transaction.atomic
def answer_feedback(feedback: Feedback, by: Actor, text: str, *, at: datetime) -> Feedback:
    """Answer once. Raises Refused when it was answered already or `by` may not."""
    locked = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if not may(by, "answer", locked):
        raise NotAllowed("not_yours", _("Chỉ trưởng phòng hoặc lãnh đạo của cơ quan này trả lời được."))
    if locked.answered_at is not None:
        raise Refused("answered", _("Ý kiến này đã được trả lời. Hãy tải lại trang để xem câu trả lời."))
    if not text.strip():
        raise Refused("empty", _("Hãy viết câu trả lời."), field="answer")
    locked.answer, locked.answered_at, locked.answered_by = text.strip()[:LONGEST], at, by.post
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    outbox.record_message("dossiers.feedback", {"feedback": locked.pk, "what": "answered"})
    return locked


@policy(Feedback)
def may(actor: Actor, action: str, record: Feedback | type[Feedback]) -> bool:
    if not isinstance(record, Feedback):
        return False
    post = actor.post
    heads = post is not None and post.role in HEADS and post.agency_id == record.agency_id
    if action == "answer":
        return heads
    if action == "view_internal":
        return heads or actor.role == Role.SUPERVISOR
    own = actor.account is not None and record.account_id == actor.account.pk
    about_mine = record.dossier is not None and is_applicant(actor, record.dossier)
    return action == "view" and (own or about_mine or may(actor, "view_internal", record))


@queryset_rule(Feedback)
def visible(actor: Actor, queryset: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Heads see their agency's, supervisors all, citizens what they wrote themselves."""
    if actor.role == Role.SUPERVISOR:
        return queryset
    if actor.post is not None:
        return queryset.filter(agency=actor.post.agency_id) if actor.role in HEADS else queryset.none()
    return queryset.filter(account=actor.account) if actor.account else queryset.none()


def may_read_file(actor: Actor, reference: str, stored: StoredFile) -> bool:
    key = reference.partition(":")[2]
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return False
    found = Feedback.objects.select_related("dossier__owner_enterprise").filter(pk=int(key)).first()
    return found is not None and may(actor, "view", found)


def watch_feedback(*, at: datetime) -> dict[str, int]:
    """Note what became due soon and overdue until `at`, once each, and queue who must be told; counts by kind."""
    unanswered = Feedback.objects.filter(answered_at__isnull=True)
    late = Q(due_at__lt=at, noticed_overdue_at__isnull=True)
    found = {"overdue": _note("overdue", "noticed_overdue_at", unanswered.filter(late), at=at), "due_soon": 0}
    running = unanswered.filter(due_at__gte=at, noticed_soon_at__isnull=True)
    calendars = running.order_by("agency__calendar_id").values_list("agency__calendar_id", flat=True).distinct()
    for calendar in list(calendars):
        agency = Agency.objects.select_related("calendar").filter(calendar_id=calendar).order_by("id")[0]
        until = working_time.add_minutes(calendar_of(agency), at, settings.DUE_SOON_MINUTES)
        near = running.filter(agency__calendar_id=calendar, due_at__lte=until)
        found["due_soon"] += _note("due_soon", "noticed_soon_at", near, at=at)
    return found


def _note(what: str, field: str, rows: QuerySet[Feedback], *, at: datetime) -> int:
    noted = 0
    while True:
        with transaction.atomic():
            fresh = list(rows.select_for_update(skip_locked=True).order_by("id").values_list("pk", "due_at")[:BATCH])
            if not fresh:
                return noted
            Feedback.objects.filter(pk__in=[pk for pk, _due in fresh]).update(**{field: at})
            for pk, due in fresh:
                key = f"dossiers.feedback:{what}:{pk}:{due.isoformat()}"
                outbox.record_message("dossiers.feedback", {"feedback": pk, "what": what}, key=key)
            noted += len(fresh)
