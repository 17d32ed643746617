"""Lists of dossiers for destruction: drawn up, looked through, approved by a second person, carried out, certified."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, automatic_actor
from agencies.models import Agency
from core.refusals import Refused
from core.second_person import Author
from core.versions import Status, VersionRefused, Workflow
from dossiers.letters import destruction as certificate
from dossiers.lifecycle import execute_transition
from dossiers.lifecycle.retention import due, erasure
from dossiers.lifecycle.retention.permissions import lists_of
from dossiers.models import LARGEST_LIST, DestructionItem, DestructionList, Dossier
from journal import audit_log, outbox

TOPIC = "dossiers.destroy"
PREFIX = "destruction"


class DestructionWorkflow(Workflow[DestructionList]):
    model = DestructionList
    scope = ("uid",)
    needs_reason = True  # the decision of the agency's head

    def record(self, verb: str, version: DestructionList, by: str, **facts: Any) -> None:
        audit_log.record_entry(f"destruction.{verb}", f"{PREFIX}:{version.uid}", by=by, **facts)

    def blockers(self, version: DestructionList) -> list[str]:
        if not version.items.filter(kept_reason="").exists():
            return [_("Danh mục không còn hồ sơ nào để tiêu hủy. Hãy bỏ danh mục này.")]
        return []

    def came_into_force(self, version: DestructionList) -> None:
        outbox.record_message(TOPIC, {"list": version.pk}, key=f"{TOPIC}:{version.pk}")

    def was_undone(self, version: DestructionList) -> None:
        raise VersionRefused(_("Danh mục đã duyệt không hủy được: hồ sơ đã hoặc đang được tiêu hủy."))


DESTRUCTION = DestructionWorkflow()


def draw_up_list(agency: Agency, *, by: Author, at: datetime) -> DestructionList:
    """A draft with what is due of an agency, the oldest first, at most `LARGEST_LIST`. Raises Refused when nothing is
    due, or when a list of the agency is not decided."""
    rows = due.due_dossiers([agency], at).select_related("edition").order_by("ended_at", "pk")
    periods = due.Periods()
    try:
        with transaction.atomic():
            found = list(rows.only("id", "edition__procedure", "edition__field")[:LARGEST_LIST])
            if not found:
                raise Refused("nothing_due", _("Không có hồ sơ nào của cơ quan này hết thời hạn bảo quản."))
            made = DESTRUCTION.begin_draft(DestructionList(agency=agency), by=by, at=at)
            DestructionItem.objects.bulk_create(
                DestructionItem(
                    list=made,
                    dossier=dossier,
                    period=periods.of(dossier),
                    ended_on=timezone.localdate(dossier.ended_at),
                )
                for dossier in found
            )
    except IntegrityError as error:
        raise Refused("list_waits", _("Cơ quan này đang có một danh mục chưa duyệt. Hãy mở danh mục đó.")) from error
    return made


def keep_dossier(
    item: DestructionItem, *, reason: str, until: date, revision: int, by: Author, at: datetime
) -> DestructionItem:
    """Leave a dossier of a draft out until a day: a lawsuit, an inspection, a use that is foreseen. Raises Refused."""
    if not reason.strip():
        raise Refused("missing", _("Hãy ghi lý do giữ lại."), field="reason")
    if until <= timezone.localdate(at):
        raise Refused("bad_date", _("Ngày giữ đến phải sau hôm nay."), field="until")
    with transaction.atomic():
        DESTRUCTION.save_draft(item.list, revision=revision, by=by, at=at)
        item.kept_reason, item.kept_until = reason.strip()[:300], until
        item.save(update_fields=["kept_reason", "kept_until"])
        audit_log.record_entry(
            "destruction.kept", f"{PREFIX}:{item.list.uid}", by=by.label, item=item.pk, until=until.isoformat()
        )
    return item


@outbox.handler(TOPIC)
def carry_out(payload: dict[str, Any]) -> None:
    """Destroy what an approved list names, then issue its certificate. Begun again it goes on where it was."""
    at = timezone.now()
    made = DestructionList.objects.select_for_update(of=("self",)).filter(pk=payload["list"], status=Status.IN_FORCE)
    found = made.select_related("agency").first()
    if found is None or found.finished_at is not None:
        return
    for item in found.items.filter(kept_reason="", destroyed_at__isnull=True, hindrance="").select_related("dossier"):
        _destroy(item, at)
    for item in found.items.filter(destroyed_at__isnull=False).select_related("dossier__filer"):
        erasure.forget_people(item.dossier, at)
    by = automatic_actor("retention")
    paper = certificate.issue_certificate(found, owner=f"{PREFIX}:{found.uid}", by=by, at=at)
    found.finished_at, found.paper_code = at, paper.code
    found.save(update_fields=["finished_at", "paper_code"])


def _destroy(item: DestructionItem, at: datetime) -> None:
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=item.dossier_id)
        item.hindrance = due.hindrance(dossier, at)
        if not item.hindrance:
            execute_transition(dossier, "destroy", automatic_actor("retention"), at=at, item=item.pk)
            item.destroyed_at = at
        item.save(update_fields=["hindrance", "destroyed_at"])


def may_read_certificate(actor: Actor, owner: str, _paper: Any) -> bool:
    """Whoever may see the list."""
    return lists_of(actor).filter(uid=owner.partition(":")[2]).exists()
