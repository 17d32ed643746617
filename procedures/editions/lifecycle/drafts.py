"""What a draft says: started from the edition in force, changed part by part, brought up to what holds meanwhile."""

import copy
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import NotAllowed, Refused, Stale
from procedures.editions import rows
from procedures.editions.document import Facts, canonical_text, digest_of, problems_of
from procedures.editions.lifecycle.execution import has_relation, lock_edition, record_action
from procedures.editions.lifecycle.transitions import Relation
from procedures.models import UNDER_WAY, Edition, Field, Procedure


def start_draft(procedure: Procedure, by: Actor, at: datetime, *, facts: Facts | None = None) -> Edition:
    """A draft from the edition in force (with `facts` instead of its own, if given). One at a time a procedure.

    Raises Refused when one is under way or nothing is in force.
    """
    require_drafter(by)
    with transaction.atomic():
        locked = Procedure.objects.select_for_update(of=("self",)).select_related("current").get(pk=procedure.pk)
        current = locked.current
        if current is None:
            raise Refused("none", _("Thủ tục không có bản đang áp dụng để lập dự thảo."))
        if under_way(locked) is not None:
            raise Refused("under_way", _("Thủ tục đã có một dự thảo. Hãy mở dự thảo đó để sửa tiếp."))
        try:
            draft = _write_new(locked, facts or current.facts, by, based_on=current)
        except IntegrityError as error:
            raise Refused("under_way", _("Thủ tục đã có một dự thảo.")) from error
        record_action(draft, "draft", by, at, before="", facts={"based_on": current.number})
    return draft


def write_first(procedure: Procedure, facts: Facts, by: Actor) -> Edition:
    """The draft that begins a procedure (`new_procedure`), which is locked by the caller."""
    return _write_new(procedure, facts, by, based_on=None)


def _write_new(procedure: Procedure, facts: Facts, by: Actor, *, based_on: Edition | None) -> Edition:
    last = procedure.editions.order_by("-number").values_list("number", flat=True).first()
    draft = Edition(
        procedure=procedure,
        number=(last or 0) + 1,
        origin=Edition.Origin.CONTROLLER,
        status=Edition.Status.DRAFT,
        based_on=based_on,
        drafted_by=by.account,
        editors=[by.account_id] if by.account_id else [],
    )
    _put(draft, facts)
    draft.save()
    rows.rewrite_rows(draft)
    return draft


def under_way(procedure: Procedure) -> Edition | None:
    """The procedure's edition between draft and publication, if there is one."""
    return procedure.editions.filter(status__in=UNDER_WAY).first()


def write_part(draft: Edition, part: str, value: dict[str, Any], by: Actor, at: datetime, *, seen: str) -> Edition:
    """Replace keys of the draft's facts by those of `value` (None: leave the key out). `part` is for the history.

    `seen` is `part_digest` of what the page showed: somebody else's change meanwhile is not overwritten. Raises
    Refused.
    """
    require_drafter(by)
    with transaction.atomic():
        locked = lock_edition(draft.pk)
        if locked.status != Edition.Status.DRAFT:
            raise Stale("stale", _("Bản này không còn là dự thảo nên không sửa được. Hãy tải lại trang."))
        if seen != part_digest(locked.facts, value):
            raise Stale("stale", _("Người khác vừa sửa phần này. Hãy tải lại trang, xem điều họ sửa rồi nhập lại."))
        facts = {**copy.deepcopy(locked.facts), **value}
        _forget_queries(facts, value)
        facts = canonical_text({key: kept for key, kept in facts.items() if kept is not None})
        if found := problems_of(facts):
            raise Refused("invalid", _("Chưa lưu được: %(problems)s") % {"problems": "; ".join(found[:5])})
        if digest_of(facts) != locked.facts_sha256:
            before = locked.facts
            locked.drafted_by = by.account
            note_editor(locked, by)
            _put(locked, facts)
            locked.save()
            rows.rewrite_rows(locked)
            changed = [key for key in value if before.get(key) != facts.get(key)]
            record_action(locked, "edit", by, at, before=locked.status, facts={"part": part, "changed": changed})
    return locked


def note_editor(edition: Edition, by: Actor) -> None:
    """`by` has a part in what the edition says; the caller saves."""
    if by.account_id is not None and by.account_id not in edition.editors:
        edition.editors = [*edition.editors, by.account_id]


def part_digest(facts: Facts, keys: Any) -> str:
    """What the keys of a part say now, as a short text for a page to send back."""
    return digest_of({key: facts.get(key) for key in sorted(keys)})[:16]


def rebase_draft(draft: Edition, by: Actor, at: datetime) -> list[str]:
    """Bring a draft up to the edition now in force: what the draft left alone follows it, what the draft changed
    stays. Returns the parts that both have changed; a person looks at them. Raises Refused.
    """
    require_drafter(by)
    with transaction.atomic():
        locked = lock_edition(draft.pk)
        current = locked.procedure.current
        if locked.status != Edition.Status.DRAFT or current is None:
            raise Stale("stale", _("Bản này không còn là dự thảo nên không cập nhật được."))
        # A new procedure has no base; a source may have published its code meanwhile.
        base: Facts = locked.based_on.facts if locked.based_on else {}
        facts = copy.deepcopy(current.facts)
        both = []
        for part in {*base, *locked.facts}:
            ours = locked.facts.get(part)
            if ours == base.get(part) or part == "doubts":
                continue
            if current.facts.get(part) not in (base.get(part), ours):
                both.append(part)
            if ours is None:
                facts.pop(part, None)
            else:
                facts[part] = copy.deepcopy(ours)
        locked.based_on = current
        note_editor(locked, by)
        _put(locked, facts)
        locked.save()
        rows.rewrite_rows(locked)
        record_action(
            locked, "rebase", by, at, before=locked.status, facts={"onto": current.number, "both": sorted(both)}
        )
    return sorted(both)


def _forget_queries(facts: Facts, value: dict[str, Any]) -> None:
    """A part that a person has written anew leaves no open query of its reading."""
    left = [open_query for open_query in facts.get("doubts", []) if open_query["path"].split("/")[0] not in value]
    if left:
        facts["doubts"] = left
    else:
        facts.pop("doubts", None)


def _put(edition: Edition, facts: Facts) -> None:
    field = facts["field"]
    rows.write_fields([field])
    edition.field = Field.objects.get(key=field["key"])
    edition.facts, edition.facts_sha256 = facts, digest_of(facts)
    edition.title, edition.title_en = facts["title"], facts.get("title_en", "")
    edition.ministry, edition.levels, edition.applicants = (
        facts.get("ministry", ""),
        facts["levels"],
        facts["applicants"],
    )
    edition.online_level = facts["online_level"]["value"]


def require_drafter(by: Actor) -> None:
    if not has_relation(by, Relation.DRAFTER):
        raise NotAllowed("not_allowed", _("Chỉ người quản lý danh mục được soạn dự thảo."))
