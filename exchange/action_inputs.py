"""The inputs of an action as a program sends them, each of the kind that the life-cycle table declares.

| kind | JSON |
| --- | --- |
| text, line, choice, step_back | a text |
| items | a list of texts, or of objects with a `name` |
| decimal | a number, or a text such as "1,5" |
| amount, money | whole đồng |
| date | "2026-11-23" |
| yes, tick | true or false |
| post, opinion | the record's number |
| file | an id from /files/ |
| claims | a list of exemptions by key |
| agencies | a list of codes |
| papers | a list of {"key" or "name", "originals", "copies", "file"} |
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import Refused
from core.transitions import ActionField
from digitization.models import StoredFile
from dossiers.filing.papers_brought import Brought
from dossiers.lifecycle.transitions import Transition
from dossiers.models import Dossier
from exchange.fields import refuse_unknown_names
from exchange.filing import hand_over, staged_files
from procedures.editions.papers import papers_of_case
from vietnam.dates import InvalidDate, parse_date
from vietnam.typed import plain_characters
from vietnam.working_time import InvalidPeriod, parse_amount

LONGEST, LONGEST_LINE, MOST_ITEMS, MOST_COUNT = 4000, 300, 100, 99
_LARGEST = 2**63 - 1


def typed_inputs(rule: Transition, given: Mapping[str, Any], actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """The inputs as the transition takes them, records in place of what names them. Empty ones are left out. Raises
    Refused, at the field; ValidationError for names that the action does not know."""
    refuse_unknown_names(given, [asked.name for asked in rule.fields], within=["facts"])
    found = {name: value for name, value in given.items() if value not in (None, "", [])}
    for asked in rule.fields:
        if asked.name in found:
            found[asked.name] = _READERS.get(asked.kind, _text)(asked, found[asked.name], actor, dossier)
    return found


def _refused(asked: ActionField, code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field=asked.name)


def _text(asked: ActionField, value: Any, *_around: Any) -> str:
    longest = LONGEST_LINE if asked.kind == "line" else LONGEST
    if not isinstance(value, str):
        raise _refused(asked, "not_text", _("%(label)s phải là chữ.") % {"label": asked.label})
    if len(value) > longest:
        sentence = _("%(label)s chỉ được dài tối đa %(limit)s ký tự.")
        raise _refused(asked, "too_long", sentence % {"label": asked.label, "limit": longest})
    return value.strip()


def _choice(asked: ActionField, value: Any, *_around: Any) -> str:
    keys = [str(key) for key, _label in asked.choices]
    if not isinstance(value, str) or value not in keys:
        sentence = _("%(label)s: hãy gửi một trong các giá trị %(keys)s.")
        raise _refused(asked, "unknown_choice", sentence % {"label": asked.label, "keys": ", ".join(keys)})
    return value


def _items(asked: ActionField, value: Any, *_around: Any) -> list[dict[str, Any]]:
    _check_rows(asked, value, ["name"])
    named = [each.get("name") if isinstance(each, dict) else each for each in _list(asked, value)]
    if not all(isinstance(name, str) and name.strip() and len(name) <= 500 for name in named):
        sentence = _("%(label)s: mỗi mục là chữ, hoặc một đối tượng có “name”, tối đa 500 ký tự.")
        raise _refused(asked, "bad_item", sentence % {"label": asked.label})
    return [{"name": name.strip()} for name in named]


def _check_rows(asked: ActionField, value: Any, known: list[str]) -> None:
    for number, row in enumerate(value if isinstance(value, list) else []):
        if isinstance(row, dict):
            refuse_unknown_names(row, known, within=["facts", asked.name, str(number)])


def _list(asked: ActionField, value: Any) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_ITEMS:
        sentence = _("%(label)s phải là một danh sách từ 1 đến %(n)s mục.")
        raise _refused(asked, "not_a_list", sentence % {"label": asked.label, "n": MOST_ITEMS})
    return value


def _decimal(asked: ActionField, value: Any, *_around: Any) -> Decimal:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise InvalidPeriod
        return parse_amount(str(value))
    except InvalidPeriod:
        sentence = _("%(label)s phải là số, ví dụ 5 hoặc 0,5.") % {"label": asked.label}
        raise _refused(asked, "not_a_number", sentence) from None


def _whole(value: Any) -> int | None:
    """A whole number, also written as text; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value <= _LARGEST else None
    text = plain_characters(value).strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _money(asked: ActionField, value: Any, *_around: Any) -> int:
    amount = _whole(value)
    if amount is None or amount >= 10**15:
        raise _refused(asked, "bad_amount", _("Hãy nhập số tiền là số nguyên đồng."))
    return amount


def _date(asked: ActionField, value: Any, *_around: Any) -> date:
    try:
        return parse_date(value if isinstance(value, str) else "")
    except InvalidDate:
        raise _refused(asked, "bad_date", _("Hãy ghi ngày dạng 2026-11-23.")) from None


def _yes(asked: ActionField, value: Any, *_around: Any) -> bool:
    if not isinstance(value, bool):
        raise _refused(asked, "not_yes_or_no", _("%(label)s: hãy gửi true hoặc false.") % {"label": asked.label})
    return value


def _post(asked: ActionField, value: Any, *_around: Any) -> StaffPost:
    number = _whole(value)
    post = StaffPost.objects.filter(pk=number).first() if number is not None else None
    if post is None:
        raise _refused(asked, "unknown_post", _("Không có vị trí này."))
    return post


def _opinion(asked: ActionField, value: Any, *_around: Any) -> int:
    number = _whole(value)
    if number is None:
        raise _refused(asked, "unknown_opinion", _("Cơ quan này không còn được chờ ý kiến."))
    return number


def _file(asked: ActionField, value: Any, actor: Actor, dossier: Dossier) -> StoredFile:
    file = staged_files([value], actor).get(str(value)) if isinstance(value, str) else None
    if file is None:
        raise _refused(asked, "unknown_file", _("Không có tệp này."))
    hand_over([file], dossier)
    return file


def _claims(asked: ActionField, value: Any, *_around: Any) -> list[str]:
    keys = [value] if isinstance(value, str) else _list(asked, value)
    if not all(isinstance(key, str) for key in keys):
        raise _refused(asked, "bad_item", _("%(label)s: hãy gửi danh sách khóa.") % {"label": asked.label})
    return keys


def _agencies(asked: ActionField, value: Any, *_around: Any) -> list[Agency]:
    """Agencies by their codes, each known and in force."""
    codes = _claims(asked, value)
    found = {agency.code: agency for agency in Agency.objects.valid(on=timezone.localdate()).filter(code__in=codes)}
    for code in codes:
        if code not in found:
            sentence = _("Không có cơ quan nào mang mã “%(code)s”.") % {"code": code}
            raise _refused(asked, "unknown_agency", sentence)
    return [found[code] for code in dict.fromkeys(codes)]


def _papers(asked: ActionField, value: Any, actor: Actor, dossier: Dossier) -> list[Brought]:
    known = {paper.key: paper for paper in papers_of_case(dossier.edition, dossier.case)}
    found = []
    rows = _list(asked, value)
    _check_rows(asked, rows, ["key", "name", "originals", "copies", "file"])
    for row in rows:
        facts = row if isinstance(row, dict) else {}
        key, name, wanted = facts.get("key"), facts.get("name"), facts.get("file")
        paper = known.get(key) if isinstance(key, str) else None
        counts = [_whole(facts.get(part, 0)) for part in ("originals", "copies")]
        if paper is None and not (key is None and isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_LINE):
            raise _refused(asked, "unknown_document", _("Mỗi giấy tờ có “key” trong danh mục, hoặc “name”."))
        if any(count is None or count > MOST_COUNT for count in counts):
            raise _refused(asked, "bad_count", _("Số bản chính, bản sao là số nguyên từ 0 đến 99."))
        file = _file(asked, wanted, actor, dossier) if wanted is not None else None
        originals, copies = (count or 0 for count in counts)
        found.append(
            Brought(paper.name if paper else str(name).strip(), paper, originals, copies, (file,) if file else ())
        )
    return found


_READERS: dict[str, Callable[[ActionField, Any, Actor, Dossier], Any]] = {
    "choice": _choice,
    "items": _items,
    "decimal": _decimal,
    "amount": _money,
    "money": _money,
    "date": _date,
    "yes": _yes,
    "tick": _yes,
    "post": _post,
    "opinion": _opinion,
    "file": _file,
    "claims": _claims,
    "agencies": _agencies,
    "papers": _papers,
}
