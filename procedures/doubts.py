"""Doubts of the catalogue, worked off by a controller. A decision makes a new edition; nothing is guessed away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal import history
from procedures import editions, updates
from procedures.facts import Facts, decided, digest
from procedures.models import Competence, Doubt, Edition, FactState, Procedure

# Kind → (what it asks for, how it is called).
LIMIT, FEE, DOCUMENT, ONLINE, AGENCY, DIFFERENCE, REMARK, INTERNAL = (
    "limit",
    "fee",
    "document",
    "online",
    "agency",
    "difference",
    "remark",
    "internal",
)
KINDS: dict[str, tuple[str, Promise]] = {
    "time_without_unit": (LIMIT, _("Thời hạn không có đơn vị")),
    "time_missing": (LIMIT, _("Không có thời hạn")),
    "time_in_words": (LIMIT, _("Thời hạn ghi bằng lời")),
    "time_several": (LIMIT, _("Một cách nộp có nhiều thời hạn")),
    "limit_to_be_confirmed": (LIMIT, _("Thời hạn chờ xác nhận")),
    "number_fee_glued": ("glued", _("Số ngày và tiền dính liền")),
    "fee_not_amount": (FEE, _("Mức thu không phải số tiền")),
    "fee_below_1000": (FEE, _("Mức thu dưới 1.000 đ")),
    "fee_several": (FEE, _("Nhiều mức thu trong một ô")),
    "fee_usd": (FEE, _("Mức thu bằng đô la Mỹ")),
    "free_beside_amount": (FEE, _("Miễn phí nhưng có ghi số tiền")),
    "fee_set_by_council": (FEE, _("Mức thu do Hội đồng nhân dân tỉnh quy định")),
    "fee_to_be_confirmed": (FEE, _("Mức thu chờ xác nhận")),
    "document_without_name": (DOCUMENT, _("Giấy tờ không có tên")),
    "document_without_number": (DOCUMENT, _("Giấy tờ không có số lượng")),
    "document_to_be_confirmed": (DOCUMENT, _("Giấy tờ chờ xác nhận")),
    "documents_missing": (REMARK, _("Không có danh sách giấy tờ")),
    "case_heading": (REMARK, _("Tiêu đề trường hợp trong danh sách giấy tờ")),
    "channels_missing": (REMARK, _("Không có cách nộp")),
    "channels_unread": (REMARK, _("Cách nộp không đọc được")),
    "applicant_unknown": (REMARK, _("Đối tượng không rõ")),
    "code_to_be_confirmed": (REMARK, _("Mã thủ tục chờ xác nhận")),
    "online_level_to_be_confirmed": (ONLINE, _("Mức độ trực tuyến chờ xác nhận")),
    "no_competence": (AGENCY, _("Chưa rõ cơ quan giải quyết")),
    "perhaps_internal": (INTERNAL, _("Có thể là thủ tục nội bộ")),
    updates.DIFFERS: (DIFFERENCE, _("Khác với bản đang áp dụng")),
}
# Accepting like cases at once stays within one short transaction.
AT_ONCE = 300


class StaleDoubt(Exception):
    """Somebody decided the doubt, or published another edition, in the meantime."""


@dataclass(frozen=True)
class Decision:
    """`value` as facts.decided takes it; `accept` False dismisses the doubt and leaves the facts as they stand."""

    doubt: Doubt
    value: Facts | None = None
    accept: bool = True


def kind_label(kind: str) -> str:
    return str(KINDS[kind][1]) if kind in KINDS else kind


def asks_for(doubt: Doubt) -> str:
    """What a decision needs: one of the constants above."""
    group = KINDS.get(doubt.kind, (REMARK, ""))[0]
    if group == "glued":
        return LIMIT if doubt.path.startswith("terms/") else FEE
    return group


def open_doubts() -> QuerySet[Doubt]:
    """Undecided doubts of the editions in force."""
    return Doubt.objects.filter(decided_at__isnull=True, edition__status=Edition.Status.PUBLISHED)


def alike(doubt: Doubt, *, field: str = "") -> QuerySet[Doubt]:
    """Open doubts of the same kind with the same proposal on procedures received here, within a field if given."""
    same = Q(proposal__isnull=True) if doubt.proposal is None else Q(proposal=doubt.proposal)
    found = open_doubts().filter(same, kind=doubt.kind, procedure__kind=Procedure.Kind.RECEIVABLE)
    return found.filter(edition__field__key=field) if field else found


def acceptable(doubt: Doubt) -> bool:
    """Whether the proposal can be accepted as it stands."""
    needed = {LIMIT: ("amount", "unit"), FEE: ("amount",), ONLINE: ("value",), AGENCY: ("value",)}
    proposal = doubt.proposal or {}
    if doubt.kind == "limit_to_be_confirmed" and proposal.get("unit") == "at_once":
        return True
    return all(proposal.get(key) is not None for key in needed.get(asks_for(doubt), ()))


def accept_proposals(doubts: Iterable[Doubt], by: str, at: datetime) -> int:
    """Accept each proposal that can be accepted as it stands; returns how many were."""
    decisions = [Decision(doubt, doubt.proposal) for doubt in doubts if acceptable(doubt)]
    decide(decisions, by, at)
    return len(decisions)


def decide(decisions: Sequence[Decision], by: str, at: datetime) -> list[Edition]:
    """Apply decisions; returns the new editions, one a procedure. Raises StaleDoubt and then changes nothing."""
    by_procedure: dict[int, list[Decision]] = {}
    for decision in decisions:
        by_procedure.setdefault(decision.doubt.procedure_id, []).append(decision)
    with transaction.atomic():
        locked = Procedure.objects.select_for_update(of=("self",)).filter(pk__in=by_procedure).order_by("code")
        documents: dict[str, Facts] = {}
        for procedure in locked.select_related("current"):
            facts = _decided_facts(procedure, by_procedure[procedure.pk], by, at)
            if digest(facts) != procedure.current.facts_sha256:
                documents[procedure.code] = facts
        return list(editions.publish_all(documents, Edition.Origin.CONTROLLER, by, at).values())


def _decided_facts(procedure: Procedure, decisions: list[Decision], by: str, at: datetime) -> Facts:
    if procedure.current.status != Edition.Status.PUBLISHED:
        raise StaleDoubt
    if any(decision.doubt.edition_id != procedure.current_id for decision in decisions):
        raise StaleDoubt
    facts = procedure.current.facts
    for decision in decisions:
        facts = _applied(procedure, facts, decision)
        _mark(decision, by, at)
    return facts


def _applied(procedure: Procedure, facts: Facts, decision: Decision) -> Facts:
    doubt, group = decision.doubt, asks_for(decision.doubt)
    if group == DIFFERENCE:
        return updates.with_part(facts, doubt.proposal) if decision.accept and doubt.proposal else facts
    if not decision.accept or group in (REMARK, INTERNAL):
        if group == INTERNAL and decision.accept:
            Procedure.objects.filter(pk=procedure.pk).update(kind=Procedure.Kind.INTERNAL)
        return decided(facts, doubt.path, {})
    value = decision.value or {}
    if group == AGENCY:
        Competence.objects.update_or_create(
            procedure=procedure,
            field=None,
            level=doubt.path.partition("/")[2],
            case="",
            territory_code="",
            defaults={"agency_key": value["value"], "state": FactState.CONFIRMED, "source": "controller"},
        )
    return decided(facts, doubt.path, value)


def _mark(decision: Decision, by: str, at: datetime) -> None:
    """Write the decision on the doubt and on the others of the same fact; a decided one is stale."""
    doubt = decision.doubt
    same = Doubt.objects.filter(edition_id=doubt.edition_id, path=doubt.path, decided_at__isnull=True)
    said = {"accepted": decision.accept, **({"value": decision.value} if decision.value else {})}
    if not same.filter(pk=doubt.pk).exists():
        # Another decision of this batch may have settled the same fact; somebody else's makes this one stale.
        if not Doubt.objects.filter(pk=doubt.pk, decided_at=at, decided_by=by).exists():
            raise StaleDoubt
        return
    same.update(decision=said, decided_at=at, decided_by=by)
    history.record(
        "doubt.decided", f"doubt:{doubt.pk}", actor=by, doubt_kind=doubt.kind, path=doubt.path, decision=said
    )
