"""A procedure's page as plain values in the reader's language, read from the edition's rows and facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from agencies.models import Agency
from procedures import display
from procedures.competence.lookup import COMMUNE_AGENCIES, keys_by_level
from procedures.display import database_name, value_text
from procedures.editions.document import served_levels
from procedures.editions.papers import Need, need_of_paper, papers_of_case
from procedures.editions.time_limits import is_unverified, term_for
from procedures.fees import headline
from procedures.fees.sentences import counting, kind_name, per_name
from procedures.models import FREE, UNDER_WAY, Edition, FeeLine, RequiredDocument
from procedures.routes import planning
from procedures.routes.words import act_name, role_name
from vietnam.dates import format_date
from vietnam.money import format_money

_CHANNEL_ORDER = ("online", "counter", "post")


@dataclass(frozen=True)
class LimitRow:
    channel: str
    words: str
    is_unverified: bool
    note: str


@dataclass(frozen=True)
class FeeRow:
    """The fee of one channel: its lines as sentences and the total in words."""

    channel: str
    lines: list[dict[str, str]]
    total: str
    is_unverified: bool


def case_names(edition: Edition) -> list[dict[str, str]]:
    """{key, name} of each case, in the edition's order."""
    return [{"key": case["key"], "name": display.fact_text(case)} for case in edition.facts.get("cases", [])]


def channels_of(edition: Edition) -> list[str]:
    offered = {term.channel for term in edition.terms.all()} | {line.channel for line in edition.fee_lines.all()}
    return [channel for channel in _CHANNEL_ORDER if channel in offered]


def limit_rows(edition: Edition, case: str) -> list[LimitRow]:
    """How long, by channel, in a case."""
    rows = []
    for channel in channels_of(edition):
        term = term_for(edition, channel, case)
        note = value_text(term.note, term.note_en) if term else ""
        if term and term.after_15h_next_day and not note:
            note = _("Nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo")
        words = display.limit_words(term) or str(display.TO_BE_CONFIRMED)
        rows.append(LimitRow(str(display.CHANNELS[channel]), words, is_unverified(term), note))
    return rows


def fee_rows(edition: Edition, case: str, on: date | None = None) -> list[FeeRow]:
    """How much, by channel, in a case; each line with what it is, its amount and who is exempt."""
    lines = list(edition.fee_lines.all())
    rows = []
    for channel in channels_of(edition):
        found = headline.fee_range(lines, [channel], [case], on)
        held = [line for line in lines if line.channel == channel and line.case in ("", case)]
        rows.append(
            FeeRow(
                channel=str(display.CHANNELS[channel]),
                lines=[_fee_line(line) for line in held if line.kind != FREE and not _ended(line, on)],
                total=display.range_words(found),
                is_unverified=found.waiting or found.free_to_be_confirmed,
            )
        )
    return rows


def _ended(line: FeeLine, on: date | None) -> bool:
    return on is not None and line.valid_to is not None and line.valid_to < on


def _fee_line(line: FeeLine) -> dict[str, str]:
    language = "en" if display.english() else "vi"
    amount = str(display.TO_BE_CONFIRMED)
    if line.known and line.amount is not None:
        amount = format_money(line.amount) if line.amount else _("Không thu")
        if line.per != "dossier":
            amount = f"{amount}/{per_name(line.per, language)}"
    elif line.set_by:
        amount = _("Do Hội đồng nhân dân tỉnh quy định")
    return {
        "name": (value_text(line.name, line.name_en) or kind_name(line.kind, language)) + _band(line),
        "amount": amount,
        "exempt": "; ".join(_reliefs(line)) if line.amount != 0 else "",
        "basis": line.legal_basis,
    }


def _band(line: FeeLine) -> str:
    """For which units, value and days the line holds, in brackets."""
    language = "en" if display.english() else "vi"
    parts = counting(line.per, line.counts_from, line.counts_to, line.each, line.at_most, language)
    low, high = line.value_from, line.value_below
    if high is not None:
        between = {"low": format_money(low or 0), "high": format_money(high)}
        parts.append(_("giá trị từ %(low)s đến dưới %(high)s") % between)
    elif low is not None:
        parts.append(_("giá trị từ %(low)s") % {"low": format_money(low)})
    if line.on_request:
        parts.append(_("khi có yêu cầu"))
    if line.valid_from:
        parts.append(_("thu từ %(day)s") % {"day": format_date(line.valid_from)})
    if line.valid_to:
        parts.append(_("đến hết %(day)s") % {"day": format_date(line.valid_to)})
    return f" ({', '.join(parts)})" if parts else ""


def _reliefs(line: FeeLine) -> list[str]:
    told = []
    for row in line.reliefs:
        share = _("miễn") if row["percent"] == 0 else _("nộp %(percent)s %%") % {"percent": row["percent"]}
        told.append(f"{display.fact_text(row)}: {share}")
    return told


def documents(
    edition: Edition, case: str, *, show_only: bool, forms: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """What to bring in a case, as items of the checklist component: first what is always asked for.

    `forms` is where the form of a paper is taken from, by the paper's key, unless the catalogue has a file for it.
    """
    rows = [row for row in papers_of_case(edition, case) if row.show_only == show_only]
    return [_document(row, forms or {}) for row in sorted(rows, key=lambda row: (not row.required, row.position))]


def process_steps(edition: Edition, case: str) -> list[dict[str, str]]:
    """{name, who} of each step by which a dossier filed at the counter is settled; empty where no route is known.

    Times are left out: those of a standard route are shares that no agency has decided.
    """
    level = next(iter(served_levels(edition.facts)), "")
    if not level:
        return []
    planned = planning.route_for(edition, case, level)
    return [
        {"name": value_text(step.name, step.name_en) or act_name(step.carries), "who": role_name(step.role)}
        for step in planned
    ]


def _document(row: RequiredDocument, forms: Mapping[str, str]) -> dict[str, Any]:
    notes = [value_text(row.when, row.when_en)] if row.when else []
    if not row.required and not row.when:
        notes.append(_("Nếu có"))
    if row.form:
        notes.append(_("Mẫu: %(form)s") % {"form": row.form})
    if row.state != "confirmed":
        notes.append(_("Giấy tờ này chờ xác nhận"))
    if row.secret:
        notes.append(_("Giấy tờ mật: nộp bản giấy trong phong bì niêm phong"))
    if row.from_store and not row.verification:
        notes.append(_("Lấy được từ kho dữ liệu của bạn nếu đã có ở đó"))
    if row.partly_replaced_by:
        notes.append(
            _("Một phần lấy từ %(database)s; phần còn lại vẫn nộp")
            % {"database": database_name(row.partly_replaced_by)}
        )
    return {
        "title": value_text(row.name, row.name_en),
        "note": ". ".join(notes),
        "originals": row.originals,
        "copies": row.copies,
        # Struck through only where nobody may be asked for it; data may still be missing.
        "state": "held" if need_of_paper(row) is Need.BY_AGENCY else "",
        "reason": display.why_not_demanded(row),
        **_form_link(row, forms),
    }


def _form_link(row: RequiredDocument, forms: Mapping[str, str]) -> dict[str, str]:
    """Where the paper's form is taken from: a file of the catalogue, else the procedure's own form, printed empty."""
    if row.template:
        return {"url": reverse("paper-template", args=[row.pk]), "url_label": _("Tải mẫu để điền")}
    url = forms.get(row.key, "")
    return {"url": url, "url_label": _("Tải tờ khai để in và điền tay (PDF)") if url else ""}


def agency_names(keys: Iterable[str], on: date) -> dict[str, str]:
    """How the agencies of these keys are called; a key that no agency bears on that day is left out."""
    names = {key: str(name) for key, name in COMMUNE_AGENCIES.items()}
    wanted = set(keys) - set(names)
    return names | {
        agency.key: value_text(agency.name, agency.name_en)
        for agency in (Agency.objects.valid(on=on).filter(key__in=wanted) if wanted else [])
    }


def settled_by(edition: Edition, on: date) -> list[dict[str, str]]:
    """{level, agency} for each level of ours; an unknown agency is said to be confirmed."""
    keys = keys_by_level(edition)
    if edition.status in UNDER_WAY:  # a draft's own word goes into the table when it comes into force
        said_here = edition.facts.get("settled_by", {})
        keys |= said_here if isinstance(said_here, dict) else dict.fromkeys(edition.levels, said_here)
    names = agency_names(keys.values(), on)
    return [
        {
            "level": str(display.LEVELS[level]),
            "agency": names.get(keys.get(level, ""), str(display.TO_BE_CONFIRMED)),
        }
        for level in ("province", "commune")
        if level in edition.levels
    ]


def online_words(edition: Edition) -> str:
    """How far it goes online, and that this waits for confirmation where it does."""
    words = str(display.ONLINE_LEVELS[edition.online_level])
    if edition.facts["online_level"]["state"] != "confirmed":
        return _("%(words)s (chờ xác nhận)") % {"words": words}
    return words


def fileable_online(edition: Edition) -> bool:
    """Whether the page offers filing online: full or partial, and received by a one-stop shop of the province."""
    receivable = bool({"province", "commune"} & set(edition.levels))
    return receivable and edition.online_level != Edition.OnlineLevel.NONE


def file_url(code: str, edition: Edition) -> str:
    """Where the procedure is filed online in this edition, which may be a ministry's system; empty where it is not."""
    if edition.status != Edition.Status.PUBLISHED:
        return ""
    if elsewhere(edition):
        return edition.facts["authoritative_system"].get("address") or settings.NATIONAL_PORTAL_URL
    if not fileable_online(edition):
        return ""
    if settings.ONLINE_FILING != "here":
        return settings.NATIONAL_PORTAL_URL
    try:
        return reverse("file-start", args=[code])
    except NoReverseMatch:
        return ""


def elsewhere(edition: Edition) -> str:
    """The name of a ministry's own system that is authoritative; empty when ours is."""
    value = edition.facts.get("authoritative_system", {}).get("value", "ours")
    return value.removeprefix("ministry:") if value.startswith("ministry:") else ""
