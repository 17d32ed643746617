"""Messages between the applicant and the staff of a dossier.

A message answers whatever the other side still waits for. An applicant's question is to be answered within a few
working days of the agency; staff may name the day by which they want an answer. The legal time is not touched:
whoever needs papers asks for a supplement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of, lock_calendars
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from core.refusals import NotAllowed, Refused
from digitization import scans, uploads
from digitization.models import StoredFile
from dossiers.access.relations import is_applicant
from dossiers.filing import upload_targets
from dossiers.models import Dossier, DossierMessage, State
from journal import outbox
from vietnam import working_time

Role = StaffPost.Role
LONGEST = 4000
FILES_AT_MOST = 10
LATEST_ANSWER = timedelta(days=60)
_SETTLING = (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)


def writes_as_staff(actor: Actor, dossier: Dossier) -> bool:
    """Staff of the competent agency, and the counter that receives or received it."""
    post = actor.post
    if post is None or dossier.state == State.DRAFT or dossier.destroyed_at is not None:
        return False
    if post.role == Role.COUNTER:
        return post.agency_id == dossier.receiving_agency_id
    return post.role in _SETTLING and post.agency_id == dossier.settling_agency_id


def writes_as_applicant(actor: Actor, dossier: Dossier) -> bool:
    return dossier.state != State.DRAFT and dossier.destroyed_at is None and is_applicant(actor, dossier)


def messages_of(dossier: Dossier) -> QuerySet[DossierMessage]:
    return dossier.messages.prefetch_related("files__scan").order_by("id")


def waiting_for_staff() -> QuerySet[DossierMessage]:
    """Applicants' questions without an answer."""
    return _open().filter(from_applicant=True)


def waiting_for_applicant() -> QuerySet[DossierMessage]:
    """Staff's questions without an answer."""
    return _open().filter(from_applicant=False)


def _open() -> QuerySet[DossierMessage]:
    return DossierMessage.objects.filter(answer_by__isnull=False, answered_at__isnull=True)


def upload_owner(dossier: Dossier, by: Actor, *, as_applicant: bool) -> str:
    """Where the files of the writer's next message wait (dossiers.filing.upload_targets)."""
    side = "applicant" if as_applicant else "staff"
    return f"{upload_targets.MESSAGE}:{dossier.pk}:{side}:{by.account.pk if by.account else ''}"


def may_use_upload(actor: Actor, reference: str, file: StoredFile | None = None) -> bool:
    """The writer, while they may write about the dossier."""
    _prefix, _colon, rest = reference.partition(":")
    pk, _colon, rest = rest.partition(":")
    side = rest.partition(":")[0]
    if actor.account is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return False
    dossier = Dossier.objects.filter(pk=int(pk)).first()
    if dossier is None or reference != upload_owner(dossier, actor, as_applicant=side == "applicant"):
        return False
    return (writes_as_applicant if side == "applicant" else writes_as_staff)(actor, dossier)


def waiting_files(dossier: Dossier, by: Actor, *, as_applicant: bool) -> QuerySet[StoredFile]:
    """What the writer has sent for a message that is not sent yet, in the order of arrival."""
    return StoredFile.objects.present().filter(owner=upload_owner(dossier, by, as_applicant=as_applicant))


@transaction.atomic
def write_message(
    dossier: Dossier,
    by: Actor,
    text: str,
    *,
    as_applicant: bool,
    at: datetime,
    files: Sequence[File] = (),
    answer_by: date | None = None,
    key: str = "",
) -> DossierMessage:
    """Keep a message with its files, those sent before it included, and tell the other side. The same `key` of one
    writer makes one message.

    `answer_by`: the last day on which staff want an answer. Raises Refused, digitization.uploads.UploadRefused.
    """
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if not (writes_as_applicant if as_applicant else writes_as_staff)(by, locked):
        raise NotAllowed("not_yours", _("Chỉ người nộp và cán bộ đang xử lý hồ sơ này nhắn tin được về hồ sơ."))
    lock_calendars()
    text = text.strip()
    if not text:
        raise Refused("empty", _("Hãy viết nội dung tin nhắn."), field="text")
    own_key = f"{locked.pk}:{by.account.pk if by.account else ''}:{key}"[:80] if key else None
    if own_key and (known := DossierMessage.objects.filter(key=own_key).first()):
        return known
    arrived = list(waiting_files(locked, by, as_applicant=as_applicant).select_for_update())
    if len(files) + len(arrived) > FILES_AT_MOST:
        raise Refused(
            "many_files", _("Mỗi tin nhắn kèm tối đa 10 tệp. Hãy gửi phần còn lại ở tin sau."), field="attachments"
        )
    waited = list(_open().filter(dossier=locked, from_applicant=not as_applicant).order_by("id"))
    message = DossierMessage.objects.create(
        dossier=locked,
        from_applicant=as_applicant,
        account=by.account,
        post=None if as_applicant else by.post,
        author=(by.account.full_name if as_applicant and by.account else by.label)[:200],
        text=text[:LONGEST],
        sent_at=at,
        answer_by=_wanted_by(locked, answer_by, at, as_applicant=as_applicant, is_answer=bool(waited)),
        answers=waited[-1] if waited else None,
        key=own_key,
    )
    for file in files:
        stored = uploads.store_file(file, file.name or "", locked.reference, by)
        scans.queue_scan(stored)
        message.files.add(stored)
    message.files.add(*(upload_targets.adopt_file(locked, file) for file in arrived))
    DossierMessage.objects.filter(pk__in=[each.pk for each in waited]).update(answered_at=at)
    outbox.record_message("dossiers.message", {"message": message.pk})
    return message


def _wanted_by(
    dossier: Dossier, day: date | None, at: datetime, *, as_applicant: bool, is_answer: bool
) -> datetime | None:
    if as_applicant:
        return None if is_answer else answer_wanted_by(dossier, at)
    if day is None:
        return None
    today = timezone.localtime(at).date()
    if not today <= day <= today + LATEST_ANSWER:
        raise Refused("answer_by", _("Ngày cần trả lời phải từ hôm nay đến 60 ngày tới."), field="answer_by")
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def answer_wanted_by(dossier: Dossier, sent_at: datetime) -> datetime | None:
    """Until when the agency answers a question that the applicant sent at `sent_at`."""
    agency = dossier.settling_agency or dossier.receiving_agency
    if agency is None:
        return None
    period = working_time.Period(settings.MESSAGE_ANSWER_DAYS, working_time.Unit.WORKING_DAY)
    return working_time.due(calendar_of(agency), sent_at, period, explain=False).at


@dataclass(frozen=True)
class Summary:
    """What a dossier's own page says of its messages, for one side."""

    count: int
    unread: int
    asks_me: DossierMessage | None  # the oldest question that this side has not answered
    feedback: int  # complaints and suggestions about the dossier without an answer


def summary_of_messages(dossier: Dossier, *, as_applicant: bool) -> Summary:
    theirs = Q(from_applicant=not as_applicant)
    counted = dossier.messages.aggregate(count=Count("pk"), unread=Count("pk", filter=theirs & Q(read_at__isnull=True)))
    waiting = waiting_for_applicant() if as_applicant else waiting_for_staff()
    return Summary(
        counted["count"],
        counted["unread"],
        waiting.filter(dossier=dossier).order_by("id").first() if counted["count"] else None,
        dossier.feedback.filter(answered_at__isnull=True).count(),
    )


def mark_read(dossier: Dossier, *, as_applicant: bool, at: datetime) -> int:
    """What the other side wrote was seen; returns how many were new."""
    unread = dossier.messages.filter(from_applicant=not as_applicant, read_at__isnull=True)
    return unread.update(read_at=at)


def asked_of_applicant(dossiers: Iterable[Dossier]) -> set[int]:
    """Which of these dossiers have a question of staff's that the applicant has not answered."""
    keys = [dossier.pk for dossier in dossiers]
    return set(waiting_for_applicant().filter(dossier__in=keys).values_list("dossier_id", flat=True))


_ASKED_OF_STAFF = KeptQuery(
    lambda keys: waiting_for_staff().filter(Among("dossier", keys)).only("dossier", "answer_by").order_by("-answer_by"),
    keys=ANY_KEYS,
)


def asked_of_staff(dossiers: Iterable[Dossier]) -> dict[int, datetime]:
    """Which of these dossiers have an applicant's question without an answer, and until when it is to be answered."""
    keys = [dossier.pk for dossier in dossiers]
    if not keys:
        return {}
    return {asked.dossier_id: asked.answer_by for asked in _ASKED_OF_STAFF.records(keys=keys) if asked.answer_by}
