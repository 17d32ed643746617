"""What a caller says about a dossier, judged by the rules that the pages have, each mistake at its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Territory
from digitization.models import StoredFile
from dossiers.filing import declaration
from dossiers.lifecycle import Refused
from procedures.fees import inputs as fee_facts
from procedures.models import Edition, Questionnaire, RequiredDocument
from procedures.questionnaire import versions
from procedures.questionnaire.counting import counted_answers
from procedures.questionnaire.layout import Layout, read_layout


class Unacceptable(Refused):
    """Several things are wrong: (field, sentence) for each, the first one in front."""

    def __init__(self, mistakes: Iterable[tuple[str, str]]) -> None:
        self.mistakes = list(mistakes)
        field, sentence = self.mistakes[0]
        super().__init__("not_accepted", sentence, field=field)


@dataclass(frozen=True)
class ValidatedData:
    """The judged part of a request: the case, the form's answers as a dossier keeps them, the fee facts."""

    case: str
    form: dict[str, Any] | None
    fee_facts: dict[str, Any]
    content: str
    stands_for: str  # key of the paper that the answers are, so that none has to be sent


def validated_filing(edition: Edition, channel: str, facts: Mapping[str, Any], *, at: datetime) -> ValidatedData:
    """Judge `case`, `answers`, `fee_facts` and `content` of a request. Raises Refused, or Unacceptable with all
    that is wrong."""
    case = _case(edition, facts["case"])
    asked = versions.form_of(edition)
    mistakes: list[tuple[str, str]] = []
    form = _form(asked, facts.get("answers"), case, at, mistakes)
    needed = fee_facts.needed_inputs(edition.fee_lines.all(), channel, case, timezone.localdate(at))
    said = facts.get("fee_facts") or {}
    if asked and form:
        needed, said = _without_declared(needed, said, read_layout(asked.layout), form["values"])
    judged = fee_facts.validate_inputs(needed, said)
    mistakes += [(f"fee_facts.{name}", sentence) for name, sentence in judged.mistakes]
    if mistakes:
        raise Unacceptable(mistakes)
    written = declaration.declaration_content(asked, form["values"]) if asked and form else ""
    content = written or facts["content"]
    if not content:
        raise Refused("no_content", _("Hãy ghi nội dung đề nghị."), field="content")
    stands_for = str(asked.layout.get("document", "")) if asked and form else ""
    return ValidatedData(case, form, judged.facts, content, stands_for)


def _without_declared(
    needed: fee_facts.Needed, said: Mapping[str, Any], layout: Layout, answers: Mapping[str, Any]
) -> tuple[fee_facts.Needed, dict[str, Any]]:
    """What the fee still asks for beside the answers; the same number said again is no mistake, another one is."""
    declared = counted_answers(layout, answers)
    numbers = said.get("quantities") or {}
    again = {per: number for per, number in numbers.items() if declared.get(per) != number}
    return needed.without(declared), {**said, "quantities": again}


def _case(edition: Edition, case: str) -> str:
    """One of the edition's cases, where it has any: they decide papers, fee, limit and route."""
    cases = [known["key"] for known in edition.facts.get("cases") or []]
    if case and case not in cases:
        raise Refused("unknown_case", _("Thủ tục không có trường hợp này."), field="case")
    if cases and not case:
        raise Refused("no_case", _("Hãy chọn trường hợp: %s.") % ", ".join(cases), field="case")
    return case


def _form(
    asked: Questionnaire | None,
    answers: Mapping[str, Any] | None,
    case: str,
    at: datetime,
    mistakes: list[tuple[str, str]],
) -> dict[str, Any] | None:
    """Answers as a dossier keeps them; None when none were sent (the form comes on paper then)."""
    if not answers:
        return None
    if asked is None:
        mistakes.append(("answers", _("Thủ tục này không có tờ khai điện tử. Hãy bỏ trường “answers”.")))
        return None
    on = timezone.localdate(at)
    judged = declaration.answers_carried_over(asked, answers, on=on, case=case)
    mistakes += [(_path(field), sentence) for field, sentence in judged.mistakes]
    return declaration.stored_form(asked, judged.values, on)


def _path(field: str) -> str:
    """`members-0-name` of a page as `answers.members.0.name`."""
    return ".".join(["answers", *filter(None, field.split("-"))])


def territory(code: str) -> Territory | None:
    if not code:
        return None
    found = Territory.objects.filter(code=code, valid_to__isnull=True).first()
    if found is None:
        raise Refused("unknown_territory", _("Không có xã, phường mang mã này."), field="territory")
    return found


@dataclass
class SentPaper:
    """One paper of a request: counts as handed over, and its files in their order."""

    paper: RequiredDocument
    originals: int = 0
    copies: int = 0
    files: list[StoredFile] = field(default_factory=list)


def papers_of(
    edition: Edition, case: str, given: list[dict[str, Any]], files: Mapping[str, StoredFile]
) -> list[SentPaper]:
    """The papers that are sent, each one of the case's. A paper with several files is named once for each of them, in
    their order; its counts are added up. Raises Refused."""
    required = {paper.key: paper for paper in edition.documents.all() if paper.case in ("", case)}
    found: dict[int, SentPaper] = {}
    used: set[Any] = set()
    for document in given:
        paper, wanted = required.get(document["key"]), document.get("file")
        file = files.get(str(wanted)) if wanted else None
        if paper is None or (wanted and (file is None or file.pk in used)):
            raise Refused("unknown_document", _("Không rõ giấy tờ hoặc tệp: %s.") % document["key"], field="documents")
        row = found.setdefault(paper.pk, SentPaper(paper))
        row.originals += document.get("originals", 0)
        row.copies += document.get("copies", 0)
        if file is not None:
            row.files.append(file)
            used.add(file.pk)
    return list(found.values())
