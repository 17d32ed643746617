"""A trial run of a mapping: what would be given of a dossier, what an answer would mean. Nothing is sent or kept."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.refusals import Refused
from dossiers.models import Dossier, Outcome
from exchange.specialised_mapping import Heard, Rules, heard_from, pushed_item, read_rules

# Whoever keeps a mapping sees where each value goes, not whose it is.
_HIDDEN = ("owner_name", "owner_number", "phone", "email", "address", "content")
_WORDS = {
    "name": gettext_lazy("Tên văn bản"),
    "outcome": gettext_lazy("Kết luận"),
    "text": gettext_lazy("Nội dung"),
    "number": gettext_lazy("Số, ký hiệu"),
    "file": gettext_lazy("Tệp kết quả"),
}


def try_mapping(mapping: str, dossier: Dossier | None, answer: str) -> dict[str, Any]:
    """`item` without personal data; `heard` (None without an answer), its result in words as `result`; `warnings`
    name what the mapping leaves out. Raises Refused.
    """
    rules = read_rules(mapping)
    item = pushed_item(dossier, rules) if dossier is not None else {}
    for theirs, ours in rules.dossier.items():
        if item.get(theirs) and ours in _HIDDEN:
            item[theirs] = f"<{ours}>"
    heard: Heard | None = None
    result: dict[str, str] = {}
    warnings: list[str] = []
    if answer:
        try:
            said = json.loads(answer)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Refused("bad_answer", _("Câu trả lời mẫu không phải một đối tượng JSON."))
        heard = heard_from(said, rules)
        result = {str(_WORDS[name]): _in_words(name, value) for name, value in heard.result.items()}
        warnings = _left_out(said, rules)
    return {"item": item, "heard": heard, "result": result, "warnings": warnings}


def _in_words(name: str, value: str) -> str:
    return str(Outcome(value).label) if name == "outcome" and value in Outcome.values else value


def _left_out(said: dict[str, Any], rules: Rules) -> list[str]:
    """What their answer says and the mapping does not know, in sentences."""
    found, status = [], str(said.get(rules.answer["status"], "")).strip()
    if status not in rules.statuses:
        sentence = _(
            "Trạng thái “%s” không có trong bảng ánh xạ (statuses): cán bộ sẽ thấy nguyên mã này và lời nhắc hỏi lại."
        )
        found.append(sentence % status[:60])
    given = said.get(rules.answer.get("result", ""))
    unread = set(said) - set(rules.answer.values())
    if isinstance(given, dict):
        unread |= set(given) - set(rules.result.values())
        if missing := sorted(set(rules.result.values()) - set(given)):
            found.append(_("Kết quả trong câu trả lời mẫu thiếu: %s.") % ", ".join(missing))
    if unread:
        found.append(_("Bảng ánh xạ không đọc: %s.") % ", ".join(name[:60] for name in sorted(unread)[:20]))
    return found
