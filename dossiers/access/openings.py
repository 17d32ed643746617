"""A supervisor sees figures of every dossier; its personal data only after opening the case with a reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.looks import Seen, record_looks
from accounts.models import StaffPost
from core.refusals import NotAllowed, Refused
from dossiers.models import CaseOpening, Dossier, State

SHORTEST_REASON = 15
HIDDEN = "•••"


def is_supervisor(actor: Actor) -> bool:
    return actor.role == StaffPost.Role.SUPERVISOR


def countable(actor: Actor, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """What a supervisor sees figures of: everything that was sent. Nobody else has this wider view."""
    if not is_supervisor(actor):
        return dossiers.none()
    return dossiers.exclude(state=State.DRAFT, help_desk__isnull=True)


def opened_dossiers(actor: Actor, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those whose case the supervisor has open now."""
    return countable(actor, dossiers).filter(Exists(_openings(actor).filter(dossier=OuterRef("pk"))))


def masked_owner(dossier: Dossier) -> str:
    """The owner as supervisors read it in lists: enterprises by name, people not at all."""
    return dossier.owner_name if dossier.owner_enterprise_id else HIDDEN


def is_open_for(actor: Actor, dossier: Dossier) -> bool:
    return _openings(actor).filter(dossier=dossier).exists()


def opened_among(actor: Actor, pks: list[int]) -> set[int]:
    """Which of these dossiers the supervisor has open, in one query."""
    return set(_openings(actor).filter(dossier__in=pks).values_list("dossier", flat=True))


def open_case(dossier: Dossier, *, reason: str, by: Actor, at: datetime) -> CaseOpening:
    """Open the case for a time and record it where the people concerned see it. Raises Refused."""
    if not is_supervisor(by) or dossier.state == State.DRAFT and dossier.help_desk_id is None:
        raise NotAllowed("not_allowed", _("Vị trí của bạn không mở hồ sơ để giám sát."))
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refused(
            "no_reason",
            _("Hãy nêu rõ lý do, ví dụ số văn bản, kế hoạch kiểm tra hay phản ánh; người dân đọc được lý do này."),
            field="reason",
        )
    with transaction.atomic():
        opening = CaseOpening.objects.create(
            dossier=dossier,
            account=by.account,
            post=by.post,
            reason=reason[:500],
            opened_at=at,
            until=at + timedelta(days=settings.CASE_OPEN_DAYS),
        )
        record_dossier_look(dossier, by=by, at=at, reason=opening.reason)
    return opening


def record_dossier_look(dossier: Dossier, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Record that somebody of the offices, or a system, opened the dossier's data."""
    if is_supervisor(by) and not reason:
        opening = _openings(by).filter(dossier=dossier).first()
        if opening is None:
            return
        reason = opening.reason
    record_looks(people_in(dossier), by=by, at=at, reason=reason)


def record_dossier_looks(dossiers: Iterable[Dossier], *, by: Actor, at: datetime) -> None:
    """The same of a page of them, in one statement; a supervisor's one by one, each with the reason of its opening."""
    if is_supervisor(by):
        for dossier in dossiers:
            record_dossier_look(dossier, by=by, at=at)
    else:
        record_looks([each for dossier in dossiers for each in people_in(dossier)], by=by, at=at)


def people_in(dossier: Dossier) -> list[Seen]:
    """Whose data a dossier holds: its owner's and whoever filed it."""
    keys = dict.fromkeys([dossier.owner_person_id, dossier.filer_id])
    return [Seen(key, dossier.reference, dossier.code or "") for key in keys if key]


def _openings(actor: Actor) -> QuerySet[CaseOpening]:
    return CaseOpening.objects.filter(account=actor.account, post=actor.post, until__gt=timezone.now())
