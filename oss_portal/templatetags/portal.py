"""Words, numbers, dates, states and pictures; built into every template (docs/design/pages.md)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import durations
from digitization.uploads import limit_sentence
from dossiers.models import State
from journal.failure_words import failure_in_words
from oss_portal import form_rules, form_sentences
from oss_portal.icons import ICONS
from vietnam.dates import BirthDate, Language, format_birth_date, format_date, format_long
from vietnam.legal_acts import with_act_kinds
from vietnam.money import format_money
from vietnam.numbers import format_number
from vietnam.text import excerpt

register = template.Library()

# State → (tone, icon, word of daily life). The legal word is the state's own label.
_STATES: dict[int, tuple[str, str, str | Promise]] = {
    State.DRAFT: ("draft", "pencil", gettext_lazy("Đang soạn")),
    State.FILED: ("waiting", "inbox", gettext_lazy("Đã gửi, chờ tiếp nhận")),
    State.RECEIVED: ("working", "tick", gettext_lazy("Đã tiếp nhận")),
    State.NOT_RECEIVED: ("refused", "cross", gettext_lazy("Không được tiếp nhận")),
    State.PROCESSING: ("working", "working", gettext_lazy("Đang giải quyết")),
    State.SUPPLEMENT: ("paused", "file", gettext_lazy("Thiếu giấy tờ")),
    State.FINANCIAL: ("paused", "money", gettext_lazy("Chờ nộp phí, lệ phí")),
    State.WITHDRAWN: ("refused", "undo", gettext_lazy("Đã rút hồ sơ")),
    State.STOPPED: ("refused", "stop", gettext_lazy("Đã dừng giải quyết")),
    State.DONE: ("done", "tick", gettext_lazy("Đã có kết quả")),
    State.RETURNED: ("done", "hand-over", gettext_lazy("Đã trả kết quả")),
}

# How a dossier stands against its due date → (icon, word while it is open, word when it has ended).
_STANDINGS: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "early": ("double-tick", gettext_lazy("Sớm hạn"), gettext_lazy("Sớm hạn")),
    "on-time": ("tick", gettext_lazy("Trong hạn"), gettext_lazy("Đúng hạn")),
    "due-soon": ("hourglass", gettext_lazy("Sắp đến hạn"), gettext_lazy("Đúng hạn")),
    "overdue": ("bar", gettext_lazy("Quá hạn"), gettext_lazy("Quá hạn")),
    "paused": ("pause", gettext_lazy("Tạm dừng"), gettext_lazy("Tạm dừng")),
}


def _language() -> Language:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A picture from `oss_portal.icons`; without a label it is hidden from screen readers."""
    return _icon(name, str(label) if isinstance(label, Promise) else label)


# Whether a text is safe as it stands is told by its type, so the kept markup is told apart by it too.
@lru_cache(maxsize=1_000, typed=True)
def _icon(name: str, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    frame = f'<svg class="oss-icon" viewBox="0 0 24 24" focusable="false" {spoken}>'
    return mark_safe(f"{frame}{ICONS[name]}</svg>")  # noqa: S308 (our own pictures)


@register.simple_tag
def state_tag(state: int, legal: bool = False, text: str = "") -> SafeString:
    """The state of a dossier in words of daily life; `legal=True` takes the national portal's."""
    return _state(int(state), legal, str(text) if isinstance(text, Promise) else text, get_language())


@lru_cache(maxsize=1_000, typed=True)
def _state(state: int, legal: bool, text: str, _shown_in: str | None) -> SafeString:
    tone, picture, plain = _STATES[state]
    return tone_tag(tone, text or (State(state).label if legal else plain), picture)


@register.simple_tag
def due_badge(
    standing: str, minutes: int | None = None, ended: bool = False, whose: str = "", plain: bool = False
) -> SafeString:
    """How a dossier stands: early, on_time, due_soon, overdue or paused.

    `minutes`: working minutes left or over, the sign does not matter. `whose`: whose turn it is while paused.
    `ended`: the dossier is finished, so nothing is "left".
    """
    length = None if minutes is None else durations.largest_unit(minutes)
    return _badge(
        str(standing), length, ended, str(whose) if isinstance(whose, Promise) else whose, plain, get_language()
    )


@lru_cache(maxsize=4_000, typed=True)
def _badge(
    standing: str, length: tuple[str, int] | None, ended: bool, whose: str, plain: bool, _shown_in: str | None
) -> SafeString:
    """A list draws one in each row, and few of them differ."""
    tone = standing.replace("_", "-")
    picture, while_open, at_end = _STANDINGS[tone]
    more = ""
    if tone == "paused":
        more = whose
    elif length is not None:
        counted_down = tone in ("on-time", "due-soon") and not ended
        more = _length(length, counted_down=counted_down)
        if ended and tone in ("on-time", "due-soon"):
            more = ""
    return tone_tag(tone, at_end if ended else while_open, picture, more, plain)


def _length(length: tuple[str, int], *, counted_down: bool) -> str:
    """How much working time is left or over. None at all is no length: what fell due at closing time is late on the
    weekend, and not "by 0 minutes"."""
    unit, count = length
    if not count:
        return _("phải xong ngay") if counted_down else _("chưa sang giờ làm việc mới")
    words = durations.in_words(unit, count)
    return _("còn %(length)s") % {"length": words} if counted_down else words


@register.simple_tag
def tone_tag(
    tone: str, word: str | Promise, picture: str = "", more: str | Promise = "", plain: bool = False
) -> SafeString:
    """Any other state as word, shape and colour; the tones are those of `frontend/scss/_state.scss`.

    No template of its own, and the markup of the same words is kept: a list draws two in each row.
    """
    word, more = (str(text) if isinstance(text, Promise) else text for text in (word, more))
    return _tone(tone, word, picture, more, plain)


@lru_cache(maxsize=1_000, typed=True)
def _tone(tone: str, word: str, picture: str, more: str, plain: bool) -> SafeString:
    return format_html(
        '<span class="oss-state oss-state--{}{}">{}<span>{}{}</span></span>',
        tone,
        " oss-state--plain" if plain else "",
        icon(picture) if picture else "",
        word,
        format_html(' <span class="oss-state__more">{}</span>', more) if more else "",
    )


@register.filter
def vnd(amount: int | None) -> str:
    """1.500.000 đ; an amount of nothing is said in words, none at all stays empty."""
    if amount is None or amount == "":
        return ""
    return format_money(int(amount)) if int(amount) else _("Miễn phí")


@register.filter
def balance(amount: int | None) -> str:
    """0 đ, -1.500.000 đ: what an account holds, where nothing is no gift."""
    return "" if amount is None or amount == "" else format_money(int(amount))


@register.filter
def vnday(value: date | datetime | None) -> str:
    """23/11/2026."""
    return format_date(_local(value)) if value else ""


@register.filter
def vnbirth(value: BirthDate | None) -> str:
    """22/11/1990, or 05/1938 or 1938 where no more is known."""
    return format_birth_date(value) if value else ""


@register.filter
def vndate(value: date | datetime | None) -> str:
    """Thứ Hai 23/11/2026, or Mon 23/11/2026."""
    return format_long(_local(value), _language()) if value else ""


@register.filter
def vntime(value: datetime | None) -> str:
    """14:05."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def vndatetime(value: datetime | None) -> str:
    """14:05, Thứ Hai 23/11/2026."""
    return f"{vntime(value)}, {vndate(value)}" if value else ""


@register.filter
def failure(kept: str | None) -> str:
    """What was kept of a call that failed, in words."""
    return failure_in_words(kept or "")


@register.filter(name="excerpt")
def excerpt_of(text: object, longest: int) -> str:
    """The beginning of a text of others, in whole words; the page that is linked beside it has all of it."""
    return excerpt(str(text), longest)


@register.filter
def acts(text: object) -> str:
    """Legal acts with their kind: "Thông tư số 85/2019/TT-BTC"; "Circular No. 85/2019/TT-BTC" in English."""
    return with_act_kinds(str(text), english=_language() == "en")


@register.simple_tag
def when(value: date | datetime | None, form: str = "date") -> SafeString | str:
    """A `<time>` element; form is `date` (with weekday), `day`, `time` or `datetime`."""
    return _when(value, form, get_language()) if value else ""


@lru_cache(maxsize=4_000, typed=True)
def _when(value: date | datetime, form: str, _shown_in: str | None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', _local(value).isoformat(), _FORMS[form](value))


_FORMS: dict[str, Callable[[Any], str]] = {"date": vndate, "day": vnday, "time": vntime, "datetime": vndatetime}


@register.filter
def filesize(size: int | None) -> str:
    """2,4 MB; units of 1024, one decimal above a kilobyte."""
    amount, units = float(size or 0), ["B", "KB", "MB", "GB"]
    while amount >= 1024 and len(units) > 1:
        amount /= 1024
        del units[0]
    whole = units[0] in ("B", "KB") or amount >= 100
    return f"{number_format(round(amount, 0 if whole else 1), decimal_pos=0 if whole else 1)} {units[0]}"


@register.filter
def duration_minutes(minutes: int | None) -> str:
    """Working minutes → "2 ngày làm việc 3 giờ"."""
    return "" if minutes is None else durations.in_full(int(minutes))


@register.filter
def points(value: Decimal | float | None, at_most: int | None = None) -> str:
    """Points of an index with two decimals (8,00), or with `at_most` so many where it takes them (8, 0,7692)."""
    if value is None:
        return "–"
    exact = round(Decimal(str(value)), 2 if at_most is None else at_most)
    return format_number(exact if at_most is None else exact.normalize() if exact % 1 else int(exact))


@register.filter
def percent(value: float | None) -> str:
    """97,5 %: a share between 0 and 1; an unknown share is a dash."""
    return "–" if value is None else f"{number_format(round(value * 100, 1), decimal_pos=1)} %"


@register.simple_tag
def upload_sentence() -> str:
    """What files may be sent, the same everywhere."""
    return limit_sentence()


@register.simple_tag
def qr(content: str) -> SafeString:
    """A QR code as an inline picture, without styles or scripts of its own."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None
    )
    return mark_safe(  # noqa: S308 (drawn by segno, no text of others in it)
        drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    )


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(context: Mapping[str, Any], name: str, label: str, exact: bool = False) -> dict[str, Any]:
    """A place in the navigation; left out when the address does not exist in this installation."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return {"url": ""}
    path = getattr(context.get("request"), "path", "")
    current = path == url
    return {"url": url, "label": label, "current": current, "within": not exact and path.startswith(url)}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: Mapping[str, Any], key: str, label: str, default: str = "", numeric: bool = False
) -> dict[str, Any]:
    """A column's head that sorts by `?sort=key` and back by `?sort=-key`; other parts of the address stay."""
    request = context.get("request")
    asked = request.GET.copy() if request else QueryDict(mutable=True)
    current = asked.get("sort", default)
    asked["sort"] = f"-{key}" if current == key else key
    for cursor in ("after", "before", "page"):
        asked.pop(cursor, None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return {"label": label, "url": f"?{asked.urlencode()}", "direction": direction, "numeric": numeric}


@register.filter
def sentences(field: BoundField) -> list[str]:
    """What is wrong with a field, as sentences."""
    return form_sentences.sentences(field)


@register.inclusion_tag("components/checked.html")
def checked(form: BaseForm) -> dict[str, str]:
    """Within a form: the browser says mistakes before it sends."""
    return {"rules": form_rules.page_rules(form)}


@register.simple_tag
def errors_of(form: BaseForm | None, errors: list[Any] | None = None) -> list[dict[str, str]]:
    """Sentences for the error summary, each once, with the address of its field ("" when it belongs to none).

    Django's `errors` of a form that is drawn as one piece repeats those that belong to no field.
    """
    found: list[dict[str, str]] = []
    if form is not None and form.is_bound:
        found += [{"text": str(text), "target": ""} for text in form.non_field_errors()]
        for field in form:
            target = field.id_for_label or field.auto_id
            if field.use_fieldset and field.auto_id:
                target = f"{field.auto_id}_0"
            target = "" if field.is_hidden else target
            found += [{"text": text, "target": target} for text in form_sentences.sentences(field)]
    for error in errors or []:
        found.append(error if isinstance(error, dict) else {"text": str(error), "target": ""})
    return list({(error["text"], error.get("target", "")): error for error in found}.values())
