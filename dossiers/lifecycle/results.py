"""The result of a dossier: drafted with content, approved as it stands, issued with number, day and signer.

What a leader approves is fixed by hash: over the draft's name, its outcome, its text and its file's SHA-256. The hash
stands on the document and in the event of the approval. A draft that was changed since is not issued before somebody
has approved it again.
"""

import hashlib
import json
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from core.typed_keys import typed_key
from dossiers.lifecycle import routing, signatures
from dossiers.lifecycle.transitions import Action
from dossiers.models import Dossier, DossierDocument, Outcome
from vietnam.dates import format_date

_REJECTION = "Văn bản trả lời không chấp thuận"


def results_of(dossier: Dossier) -> QuerySet[DossierDocument]:
    """The results that stand, drafts included; those taken back or replaced are not among them."""
    standing = dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None)
    return standing.select_related("file", "draft_file", "signed_file").order_by("id")


def expected_results(dossier: Dossier) -> list[str]:
    """The names that the catalogue gives to what this procedure issues, by which the register knows their type."""
    return [each["name"] for each in dossier.edition.facts.get("results") or [] if each.get("name")]


def proposed_name(dossier: Dossier) -> str:
    """What a draft is called before anybody typed: as the one that it will replace, else as the only result there may
    be; "" where it may be one of several."""
    drafts = [draft.name for draft in results_of(dossier).filter(issued_on=None)]
    names = drafts or expected_results(dossier)
    return names[0] if len(names) == 1 else ""


def digest_of(document: DossierDocument) -> str:
    """SHA-256 (64 hexadecimal digits) of what is approved. The signed copy that comes later changes nothing in it."""
    file = document.draft_file or (document.file if not document.issued_on else None)
    said = [document.name, document.outcome, document.text, file.sha256 if file else ""]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def is_written(document: DossierDocument) -> bool:
    return bool(document.file_id or document.text.strip())


def draft_has_content(action: Action) -> None:
    """Guard of attaching: a name alone is no draft."""
    if not action.inputs.get("file") and not str(action.inputs.get("text") or "").strip():
        raise Refused(
            "empty_draft", _("Hãy đính kèm tệp dự thảo, hoặc viết nội dung của văn bản kết quả."), field="file"
        )


def attach_draft(action: Action) -> None:
    """Effect: the draft stands; an earlier one of the same name is replaced by it and stays in the history."""
    dossier, inputs = action.dossier, action.inputs
    replaced = results_of(dossier).filter(name=inputs["name"]).update(withdrawn_at=action.at)
    document = DossierDocument.objects.create(
        dossier=dossier,
        kind=DossierDocument.Kind.RESULT,
        name=inputs["name"],
        number=inputs.get("number") or "",
        outcome=inputs.get("outcome") or Outcome.GRANTED,
        text=str(inputs.get("text") or "").strip(),
        file=inputs.get("file"),
        originals=1,
        added_at=action.at,
    )
    _note_files(dossier)
    action.recorded |= {"result": document.name, "number": document.number, "digest": digest_of(document)}
    action.recorded |= {"replaced": replaced} if replaced else {}
    if action.step.carries == "issue":
        void_approval(action)
        _back_to_approval(action)


def draft_fits(action: Action) -> None:
    """Guard of attaching: the outcome is one of ours, and the number as long as numbers are."""
    if (action.inputs.get("outcome") or Outcome.GRANTED) not in Outcome.values:
        raise Refused("unknown_outcome", _("Hãy chọn một kết quả trong danh sách."), field="outcome")
    _check_lengths(action)


def drafts_ready(action: Action) -> None:
    """Guard of approving: there is something to approve, and all of it can be read."""
    drafts = list(results_of(action.dossier).filter(outcome=Outcome.GRANTED))
    if not drafts:
        raise Refused(
            "no_draft", _("Chưa có dự thảo kết quả để phê duyệt. Hãy trả lại để người thụ lý đính kèm dự thảo.")
        )
    if empty := [draft.name for draft in drafts if not is_written(draft)]:
        raise Refused(
            "empty_draft",
            _("Dự thảo chưa có tệp hoặc nội dung: %(names)s. Hãy trả lại để bổ sung.") % {"names": "; ".join(empty)},
        )


def approve_drafts(action: Action) -> None:
    """Effect: what is granted is fixed as it stands; drafts of a refusal are taken back."""
    _decide(action, Outcome.GRANTED)
    action.dossier.outcome = Outcome.GRANTED


def reject_drafts(action: Action) -> None:
    """Effect: the written answer is the draft of a refusal; where nobody wrote one, the leader's reason."""
    if not any(is_written(draft) for draft in results_of(action.dossier).filter(outcome=Outcome.REFUSED)):
        DossierDocument.objects.create(
            dossier=action.dossier,
            kind=DossierDocument.Kind.RESULT,
            name=_REJECTION,
            outcome=Outcome.REFUSED,
            text=action.inputs["reason"],
            originals=1,
            added_at=action.at,
        )
    _decide(action, Outcome.REFUSED)
    action.dossier.outcome = Outcome.REFUSED


def _decide(action: Action, outcome: str) -> None:
    standing = results_of(action.dossier)
    standing.exclude(outcome=outcome).update(withdrawn_at=action.at, approved_digest="")
    approved = []
    for draft in standing.filter(outcome=outcome):
        draft.approved_digest = digest_of(draft)
        draft.save(update_fields=["approved_digest"])
        approved.append({"name": draft.name, "digest": draft.approved_digest})
    _note_files(action.dossier)
    action.recorded["approved"] = approved


def void_approval(action: Action) -> None:
    """Effect of what takes a dossier back from its issuing: what was approved must be approved again."""
    if action.step.carries == "issue":
        standing = results_of(action.dossier)
        standing.filter(signed_file__isnull=False).update(signed_file=None, signer="")
        standing.update(approved_digest="")
        action.dossier.outcome = ""
        action.recorded["approval_void"] = True


def approved_as_they_stand(action: Action) -> None:
    """Guard of issuing: every result is what was approved, to the byte."""
    results = list(results_of(action.dossier))
    if not results:
        raise Refused("no_result", _("Hãy đính kèm văn bản kết quả trước khi phát hành."), field="result")
    changed = [result.name for result in results if result.approved_digest != digest_of(result)]
    if changed:
        raise Refused(
            "not_approved",
            _("Chưa được phê duyệt đúng như hiện nay: %(names)s. Hãy trả lại bước trước để trình phê duyệt.")
            % {"names": "; ".join(changed)},
        )


def several(dossier: Dossier) -> bool:
    """Whether more than one result is to be issued, so that each is recorded by itself."""
    return len(results_of(dossier)[:2]) > 1


def to_sign(dossier: Dossier) -> DossierDocument | None:
    """The result that number, day, signer and signed copy are still to be recorded of; else the last one."""
    results = list(results_of(dossier))
    return next((result for result in results if gaps_of(result)), results[-1] if results else None)


def gaps_of(result: DossierDocument) -> list[str]:
    """What a result lacks to be issued, as names of the fields that ask for it."""
    file = result.file_id or result.signed_file_id
    known = {"number": result.number, "issued_on": result.issued_on, "signer": result.signer, "file": file}
    return [name for name, value in known.items() if not value]


def can_be_issued(action: Action) -> None:
    """Guard: number, day, signer and a file or scan of each result are known, or come with the action."""
    asked = to_sign(action.dossier)
    for result in results_of(action.dossier):
        _require_signed(result, action.inputs if asked and result.pk == asked.pk else _shared(action.inputs))
    _check_day(action)
    _check_lengths(action)


def chosen_can_be_recorded(action: Action) -> None:
    """Guard: the same of the one result that is recorded by itself."""
    if (chosen := _chosen(action)) is not None:
        _require_signed(chosen, action.inputs)
    _check_day(action)
    _check_lengths(action)


def _require_signed(result: DossierDocument, given: dict[str, Any]) -> None:
    for gap in gaps_of(result):
        if not given.get(gap):
            raise Refused("result_incomplete", _sentences()[gap] % {"name": result.name}, field=gap)


def _check_lengths(action: Action) -> None:
    """As long as their columns: pages cut earlier, other systems send anything."""
    for name, longest in (("number", 60), ("signer", 150)):
        if len(str(action.inputs.get(name) or "")) > longest:
            raise Refused("too_long", _("Chỉ ghi tối đa %(n)s ký tự.") % {"n": longest}, field=name)


def _shared(inputs: dict[str, Any]) -> dict[str, Any]:
    """What may be the same for several results."""
    return {name: inputs[name] for name in ("issued_on", "signer") if inputs.get(name)}


def _sentences() -> dict[str, str]:
    return {
        "number": _("Hãy ghi số, ký hiệu của văn bản “%(name)s”."),
        "issued_on": _("Hãy ghi ngày ký của văn bản “%(name)s”."),
        "signer": _("Hãy ghi người ký văn bản “%(name)s”."),
        "file": _("Hãy đính kèm tệp đã ký hoặc bản quét của văn bản “%(name)s”."),
    }


def _check_day(action: Action) -> None:
    day = action.inputs.get("issued_on")
    if isinstance(day, date) and day > timezone.localdate(action.at):
        raise Refused("future_day", _("Ngày ký không thể sau hôm nay."), field="issued_on")
    received_on = timezone.localdate(action.dossier.received_at) if action.dossier.received_at else None
    if isinstance(day, date) and received_on and day < received_on:
        said = _("Ngày ký không thể trước ngày tiếp nhận hồ sơ, %(day)s.") % {"day": format_date(received_on)}
        raise Refused("day_before_reception", said, field="issued_on")


def record_signed(action: Action) -> None:
    """Effect: what the signed paper says. A file beside it is the signed copy; the approved draft is kept."""
    asked = _chosen(action)
    if asked is None:
        return
    alone = bool(action.inputs.get("result"))
    for result in results_of(action.dossier):
        if result.pk != asked.pk and (alone or not gaps_of(result)):
            continue
        given = action.inputs if result.pk == asked.pk else _shared(action.inputs)
        if result.issued_on is None:
            result.draft_file = result.file  # what was approved; none where it was a text
        result.file = given.get("file") or result.signed_file or result.file
        result.number = given.get("number") or result.number
        result.issued_on = given.get("issued_on") or result.issued_on
        result.signer = given.get("signer") or result.signer
        if action.inputs.get("seal") and result.file is not None:
            result.file = signatures.sealed_result(action, result, result.file)
        result.save(update_fields=["file", "draft_file", "number", "issued_on", "signer"])
    _note_files(action.dossier)
    action.recorded["issued"] = [
        {
            "name": result.name,
            "number": result.number,
            "on": result.issued_on.isoformat() if result.issued_on else None,
            "signer": result.signer,
            "file": result.file.sha256 if result.file else "",
        }
        for result in results_of(action.dossier)
    ]


def _chosen(action: Action) -> DossierDocument | None:
    """The result that the inputs are about: the one named, else the first that lacks something."""
    wanted = action.inputs.get("result")
    if not wanted:
        return to_sign(action.dossier)
    key = str(getattr(wanted, "pk", wanted))
    found = results_of(action.dossier).filter(pk=typed_key(key)).first()
    if found is None:
        raise Refused("unknown_result", _("Không có văn bản kết quả này."), field="result")
    return found


def _note_files(dossier: Dossier) -> None:
    dossier.has_digital_result = results_of(dossier).filter(file__isnull=False).exists()


def _back_to_approval(action: Action) -> None:
    """The approving step that stood last before this one begins anew, by who had it."""
    dossier = action.dossier
    here = [step["key"] for step in dossier.route].index(action.step.key)
    approving = [s["key"] for s in dossier.route[:here] if (s.get("act") or s["key"]) == "approve"]
    if approving:
        back = approving[-1]
        routing.begin_step(dossier, back, at=action.at, last_held=True)
        action.recorded["step"] = back
