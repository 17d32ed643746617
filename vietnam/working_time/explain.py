"""A due date in sentences, in Vietnamese and English, and as JSON for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vietnam.dates import Language, format_long
from vietnam.working_time.calculation import Due, Remaining
from vietnam.working_time.calendar import VIETNAM
from vietnam.working_time.explanation import Day, Reason
from vietnam.working_time.period import Unit

_RECEIVED: dict[Language, str] = {"vi": "tiếp nhận lúc {at}", "en": "received {at}"}
_NOT_COUNTED: dict[Language, str] = {"vi": "ngày đầu không tính", "en": "the first day is not counted"}

_SENTENCES: dict[Language, dict[Reason, str]] = {
    "vi": {
        Reason.RECEIVED: "",
        Reason.RECEIVED_AFTER_HOURS: "ngoài giờ làm việc, tính là nhận vào ngày làm việc tiếp theo",
        Reason.RECEIVED_ON_DAY_OFF: "ngày nghỉ, tính là nhận vào ngày làm việc tiếp theo",
        Reason.AFTER_HOUR_RULE: "sau {rule}, tính là nhận vào ngày làm việc tiếp theo",
        Reason.FIRST_DAY_NOT_COUNTED: "tính là ngày tiếp nhận, ngày đầu không tính",
        Reason.WEEKEND: "nghỉ hằng tuần",
        Reason.HOLIDAY: "nghỉ lễ",
        Reason.SWAPPED_WORK_DAY: "ngày làm bù, có tính",
        Reason.COUNTED: "có tính",
        Reason.PAUSED: "tạm dừng tính thời hạn",
        Reason.MOVED_TO_NEXT_WORKING_DAY: "hết hạn ngoài giờ làm việc, chuyển sang ngày làm việc sau",
        Reason.LAST_DAY: "ngày cuối",
    },
    "en": {
        Reason.RECEIVED: "",
        Reason.RECEIVED_AFTER_HOURS: "outside office hours, counts as received on the next working day",
        Reason.RECEIVED_ON_DAY_OFF: "day off, counts as received on the next working day",
        Reason.AFTER_HOUR_RULE: "after {rule}, counts as received on the next working day",
        Reason.FIRST_DAY_NOT_COUNTED: "counts as the day of receipt, the first day is not counted",
        Reason.WEEKEND: "weekend",
        Reason.HOLIDAY: "holiday",
        Reason.SWAPPED_WORK_DAY: "exchanged working day, counted",
        Reason.COUNTED: "counted",
        Reason.PAUSED: "the clock stands still",
        Reason.MOVED_TO_NEXT_WORKING_DAY: "ends outside working time, moves to the next working day",
        Reason.LAST_DAY: "last day",
    },
}
_NTH: dict[Language, str] = {"vi": "ngày {n}/{of}", "en": "day {n} of {of}"}
_CLOSED: dict[Language, dict[Reason, str]] = {
    "vi": {Reason.RECEIVED_AFTER_HOURS: "ngoài giờ làm việc", Reason.RECEIVED_ON_DAY_OFF: "ngày nghỉ"},
    "en": {Reason.RECEIVED_AFTER_HOURS: "outside office hours", Reason.RECEIVED_ON_DAY_OFF: "day off"},
}
_PROVISIONAL: dict[Language, str] = {"vi": "tạm tính, chưa có thông báo", "en": "computed, no notice yet"}
_DUE: dict[Language, str] = {"vi": "Hạn trả kết quả: {time} {day}", "en": "due {day} {time}"}
_STOPPED: dict[Language, str] = {
    "vi": "Đang tạm dừng tính thời hạn, còn lại {left}",
    "en": "the clock stands still, {left} left",
}
_DAYS_LEFT: dict[Unit, dict[Language, str]] = {
    Unit.WORKING_DAY: {"vi": "{} ngày làm việc", "en": "{} working day(s)"},
    Unit.CALENDAR_DAY: {"vi": "{} ngày", "en": "{} day(s)"},
}
_DURATION: dict[Language, tuple[str, str]] = {"vi": ("{} giờ", "{} phút"), "en": ("{} h", "{} min")}

# The documents that decide days off, named in English.
_DOCUMENTS_IN_ENGLISH = (
    ("Bộ luật Lao động", "Labour Code"),
    ("Bộ luật Dân sự", "Civil Code"),
    ("khoản", "clause"),
    ("Nghị quyết", "Resolution"),
    ("Nghị định", "Decree"),
    ("Quyết định", "Decision"),
    ("Thông báo", "Notice"),
    ("Thông tư", "Circular"),
    ("Công văn", "Letter"),
    ("Văn bản", "Letter"),
    ("Điều", "article"),
    (" số ", " No. "),
    ("ngày", "of"),
)


def describe(due: Due, language: Language) -> list[str]:
    """Return one sentence a day and a last one with the due date, or with what is left of a stopped clock.

    Within months plain days that count go unsaid.
    """
    lines: list[str] = []
    for day in due.explanation:
        if due.period.unit is Unit.MONTH and day.reason is Reason.COUNTED:
            continue
        lines.append(f"{format_long(day.date, language)}: {sentence(day, language)}")
    lines.append(_conclusion(due, language))
    return lines


def sentence(day: Day, language: Language) -> str:
    """What happened on one day, without its date."""
    args, reason = day.args, day.reason
    parts: list[str] = []
    if "at" in args:
        parts.append(_RECEIVED[language].format(at=args["at"]))
    words = _CLOSED[language] if args.get("not_counted") and reason in _CLOSED[language] else _SENTENCES[language]
    if text := words[reason].format(rule=args.get("rule", "")):
        parts.append(_with_note(text, reason, args, language))
    if "n" in args:
        parts.append(_NTH[language].format(n=args["n"], of=args["of"]))
    elif args.get("not_counted"):
        parts.append(_NOT_COUNTED[language] + _ground(args, language))
    elif day.minutes:
        parts.append(_duration(day.minutes, language))
    return ", ".join(parts)


def _ground(args: Mapping[str, Any], language: Language) -> str:
    ground = str(args.get("ground", ""))
    if not ground:
        return ""
    return f" ({ground if language == 'vi' else document_in_english(ground)})"


def _with_note(text: str, reason: Reason, args: Mapping[str, Any], language: Language) -> str:
    """Add the name and document of a day off or exchanged, as "holiday (document): name"."""
    if "name" not in args or reason in (Reason.COUNTED, Reason.PAUSED):
        return text
    name, document = args["name"], args["document"]
    if language == "en":
        name, document = args["name_en"] or name, document_in_english(document)
    if args["provisional"]:
        document = f"{document}; {_PROVISIONAL[language]}" if document else _PROVISIONAL[language]
    return f"{text} ({document}): {name}" if document else f"{text}: {name}"


def document_in_english(document: str) -> str:
    """The kind of a legal act named in English; its number stays."""
    for vietnamese, english in _DOCUMENTS_IN_ENGLISH:
        document = document.replace(vietnamese, english)
    return document


def _conclusion(due: Due, language: Language) -> str:
    if due.at is None:
        return _STOPPED[language].format(left=_left(due.remaining or Remaining(0, 0), due.period.unit, language))
    at = due.at.astimezone(VIETNAM)
    return _DUE[language].format(time=f"{at:%H:%M}", day=format_long(at.date(), language))


def _left(remaining: Remaining, unit: Unit, language: Language) -> str:
    counted_as = Unit.CALENDAR_DAY if unit in (Unit.CALENDAR_DAY, Unit.MONTH) else Unit.WORKING_DAY
    parts = []
    if remaining.days or not remaining.minutes:
        parts.append(_DAYS_LEFT[counted_as][language].format(remaining.days))
    if remaining.minutes:
        parts.append(_duration(remaining.minutes, language))
    return " ".join(parts)


def _duration(minutes: int, language: Language) -> str:
    amounts = zip(divmod(minutes, 60), _DURATION[language], strict=True)
    return " ".join(text.format(amount) for amount, text in amounts if amount)


def to_json(due: Due) -> dict[str, Any]:
    """Return the due date and its days as plain JSON values.

    `due_at` is ISO 8601 with Vietnam's offset, null while the clock stands still; each day has `date`,
    `counted`, `reason` (a code of `Reason`), `minutes`, and its sentence as `vi` and `en`.
    """
    return {
        "due_at": None if due.at is None else _iso(due.at),
        "start": _iso(due.start),
        "amount": str(due.period.amount),
        "unit": due.period.unit.value,
        "calendar_version": due.calendar_version,
        "remaining": None if due.remaining is None else due.remaining._asdict(),
        "days": [
            {
                "date": day.date.isoformat(),
                "counted": day.counted,
                "reason": day.reason.value,
                "minutes": day.minutes,
                "vi": sentence(day, "vi"),
                "en": sentence(day, "en"),
            }
            for day in due.explanation
        ],
    }


def _iso(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat(timespec="minutes")
