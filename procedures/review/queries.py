"""Open queries of the catalogue, decided by two controllers. A decision makes a new edition; none is guessed away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Stale
from core.second_person import SecondPersonMissing, second_person_sentence
from journal import audit_log
from procedures.competence import table
from procedures.editions import publishing, source_updates
from procedures.editions.document import Facts, digest_of, require_valid, with_decisions
from procedures.models import Edition, OpenQuery, Procedure
from procedures.models.confirmations import Confirmation, ConfirmationItem

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
    "free_to_be_confirmed": (FEE, _("Miễn phí chờ xác nhận")),
    "fee_to_be_confirmed": (FEE, _("Mức thu chờ xác nhận")),
    "document_without_name": (DOCUMENT, _("Giấy tờ không có tên")),
    "document_without_number": (DOCUMENT, _("Giấy tờ không có số lượng")),
    "document_to_be_confirmed": (DOCUMENT, _("Giấy tờ chờ xác nhận")),
    "documents_missing": (REMARK, _("Không có danh sách giấy tờ")),
    "case_heading": (REMARK, _("Tiêu đề trường hợp trong danh sách giấy tờ")),
    "channels_missing": (REMARK, _("Không có cách nộp")),
    "channels_unread": (REMARK, _("Cách nộp không đọc được")),
    "act_number_unclear": (REMARK, _("Số hiệu văn bản không đọc được")),
    "applicant_unknown": (REMARK, _("Đối tượng không rõ")),
    "code_to_be_confirmed": (REMARK, _("Mã thủ tục chờ xác nhận")),
    "online_level_to_be_confirmed": (ONLINE, _("Mức độ trực tuyến chờ xác nhận")),
    "no_competence": (AGENCY, _("Chưa rõ cơ quan giải quyết")),
    "perhaps_internal": (INTERNAL, _("Có thể là thủ tục nội bộ")),
    source_updates.DIFFERS: (DIFFERENCE, _("Khác với bản đang áp dụng")),
}
EQUAL_RULE = _("Giống nhau là cùng loại, nguồn ghi cùng một câu và cùng đề xuất.")
# Accepting like cases at once stays within one short transaction.
AT_ONCE = 300


class StaleQuery(Stale):
    """Somebody decided the open query, or published another edition, in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "stale", _("Điểm này vừa được người khác quyết định, hoặc thủ tục đã có bản mới. Hãy xem lại.")
        )


@dataclass(frozen=True)
class Decision:
    """`value` as facts.decided takes it; `accept` False dismisses the open query and leaves the facts as they stand."""

    open_query: OpenQuery
    value: Facts | None = None
    accept: bool = True


def kind_label(kind: str) -> str:
    return str(KINDS[kind][1]) if kind in KINDS else kind


def asks_for(open_query: OpenQuery) -> str:
    """What a decision needs: one of the constants above."""
    group = KINDS.get(open_query.kind, (REMARK, ""))[0]
    if group == "glued":
        return LIMIT if open_query.path.startswith("terms/") else FEE
    return group


def undecided_queries() -> QuerySet[OpenQuery]:
    """Open queries of the editions in force that are neither decided nor before a second person."""
    found = OpenQuery.objects.filter(decided_at__isnull=True, edition__status=Edition.Status.PUBLISHED)
    return found.exclude(Exists(_before_a_second_person()))


def _before_a_second_person() -> QuerySet[ConfirmationItem]:
    """Waiting decisions of the outer open query's fact, made for it or for another open query of the same fact."""
    waiting = ConfirmationItem.objects.filter(outcome=ConfirmationItem.Outcome.WAITING)
    return waiting.filter(open_query__edition=OuterRef("edition"), open_query__path=OuterRef("path"))


def proposed_decision(open_query: OpenQuery) -> ConfirmationItem | None:
    """The decision of the open query's fact that waits for a second person."""
    found = ConfirmationItem.objects.filter(
        outcome=ConfirmationItem.Outcome.WAITING,
        open_query__edition=open_query.edition_id,
        open_query__path=open_query.path,
    )
    return found.select_related("confirmation").first()


def items_of(confirmations: Sequence[Confirmation]) -> dict[int, int]:
    """How many decisions each has, by its number."""
    rows = ConfirmationItem.objects.filter(confirmation__in=confirmations).order_by().values("confirmation_id")
    return {row["confirmation_id"]: row["number"] for row in rows.annotate(number=Count("id"))}


def queries_alike(open_query: OpenQuery, *, field: str = "") -> QuerySet[OpenQuery]:
    """Open open queries of procedures received here that EQUAL_RULE makes equal, within a field if given.

    Equal are those of the same kind with the same words in the source and the same proposal: what is judged of one
    holds of the others. A query without words of the source is equal to itself alone. Updates of a source are equal
    in what it now says, however what stood there before differs from one procedure to the next.
    """
    if not tells_words(open_query):
        return undecided_queries().filter(pk=open_query.pk)
    same = Q(proposal__isnull=True) if open_query.proposal is None else Q(proposal=open_query.proposal)
    if open_query.kind != source_updates.DIFFERS:
        same &= Q(raw=open_query.raw)
    found = undecided_queries().filter(same, kind=open_query.kind, procedure__kind=Procedure.Kind.RECEIVABLE)
    return found.filter(edition__field__key=field) if field else found


def tells_words(open_query: OpenQuery) -> bool:
    """Whether there are words of the source to compare; of an update of the source, its value is the words."""
    return bool(open_query.raw) or open_query.kind == source_updates.DIFFERS


def acceptable_queries(open_query: OpenQuery) -> bool:
    """Whether the proposal can be accepted as it stands."""
    needed = {
        LIMIT: ("amount", "unit"),
        FEE: ("amount",),
        DOCUMENT: ("originals", "copies"),
        ONLINE: ("value",),
        AGENCY: ("value",),
    }
    proposal = open_query.proposal or {}
    if open_query.kind == "limit_to_be_confirmed" and proposal.get("unit") == "at_once":
        return True
    return all(proposal.get(key) is not None for key in needed.get(asks_for(open_query), ()))


def require_open(decisions: Sequence[Decision]) -> None:
    """Lock the procedures and judge the decisions without applying them. Raises StaleQuery or InvalidFacts."""
    by_procedure = _by_procedure(decisions)
    waiting = undecided_queries().filter(pk__in=[d.open_query.pk for d in decisions]).values_list("pk", flat=True)
    for procedure in _locked(by_procedure):
        own = by_procedure[procedure.pk]
        facts = _current_facts(procedure, own)
        for decision in own:
            facts = _changed(facts, decision)
        require_valid(facts)
    if len(set(waiting)) != len({d.open_query.pk for d in decisions}):
        raise StaleQuery


def decide_queries(
    decisions: Sequence[Decision], by: str, at: datetime, *, people: publishing.People | None = None
) -> list[Edition]:
    """Apply decisions; returns the new editions, one a procedure. Raises StaleQuery and then changes nothing.

    What changes an edition in force takes two `people` (procedures.review.confirmations).
    """
    by_procedure = _by_procedure(decisions)
    with transaction.atomic():
        documents: dict[str, Facts] = {}
        for procedure in _locked(by_procedure):
            facts = _decided_facts(procedure, by_procedure[procedure.pk], by, at)
            if digest_of(facts) != procedure.in_force.facts_sha256:
                documents[procedure.code] = facts
        if documents and people is None:
            raise SecondPersonMissing("four_eyes", second_person_sentence())
        return list(publishing.publish_all(documents, Edition.Origin.CONTROLLER, by, at, people=people).values())


def _by_procedure(decisions: Sequence[Decision]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.open_query.procedure_id, []).append(decision)
    return found


def _locked(by_procedure: dict[int, list[Decision]]) -> QuerySet[Procedure]:
    locked = Procedure.objects.select_for_update(of=("self",)).filter(pk__in=by_procedure).order_by("code")
    return locked.select_related("current")


def _current_facts(procedure: Procedure, decisions: list[Decision]) -> Facts:
    current = procedure.current
    if current is None or current.status != Edition.Status.PUBLISHED:
        raise StaleQuery
    if any(decision.open_query.edition_id != current.pk for decision in decisions):
        raise StaleQuery
    return current.facts


def _decided_facts(procedure: Procedure, decisions: list[Decision], by: str, at: datetime) -> Facts:
    facts = _current_facts(procedure, decisions)
    for decision in decisions:
        facts = _changed(facts, decision)
        _tell_the_tables(procedure, decision, by)
        _mark(decision, by, at)
    return facts


def _changed(facts: Facts, decision: Decision) -> Facts:
    """The facts after a decision. Pure."""
    open_query, group = decision.open_query, asks_for(decision.open_query)
    if group == DIFFERENCE:
        return (
            source_updates.with_part(facts, open_query.proposal) if decision.accept and open_query.proposal else facts
        )
    if not decision.accept or group in (REMARK, INTERNAL):
        return with_decisions(facts, open_query.path, {})
    return with_decisions(facts, open_query.path, decision.value or {})


def _tell_the_tables(procedure: Procedure, decision: Decision, by: str) -> None:
    """What a decision says beside the facts: that a procedure is internal, and who settles."""
    group = asks_for(decision.open_query)
    if group == INTERNAL and decision.accept:
        Procedure.objects.filter(pk=procedure.pk).update(kind=Procedure.Kind.INTERNAL)
    if group == AGENCY and decision.accept:
        level = decision.open_query.path.partition("/")[2]
        table.write_row(table.Scope(procedure, None, level), (decision.value or {})["value"], by)


def _mark(decision: Decision, by: str, at: datetime) -> None:
    """Write the decision on the open query and on the others of the same fact; a decided one is stale."""
    open_query = decision.open_query
    same = OpenQuery.objects.filter(edition_id=open_query.edition_id, path=open_query.path, decided_at__isnull=True)
    said = {"accepted": decision.accept, **({"value": decision.value} if decision.value else {})}
    if not same.filter(pk=open_query.pk).exists():
        # Another decision of this batch may have settled the same fact; somebody else's makes this one stale.
        if not OpenQuery.objects.filter(pk=open_query.pk, decided_at=at, decided_by=by).exists():
            raise StaleQuery
        return
    same.update(decision=said, decided_at=at, decided_by=by)
    audit_log.record_entry(
        "doubt.decided",
        f"doubt:{open_query.pk}",
        by=by,
        doubt_kind=open_query.kind,
        path=open_query.path,
        decision=said,
    )
