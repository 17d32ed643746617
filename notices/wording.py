"""What a notice says, by kind, channel and language: the administrators' text in force, or the shipped one.

Portal and e-mail have a subject and a body; SMS and Zalo a single line that ends with the link.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from core.second_person import Author
from core.versions import Workflow
from journal import audit_log
from notices import placeholders
from notices.kinds import Kind, kind_named
from notices.models import CARRIED, Channel, Wording
from vietnam.text import excerpt, without_accents

LANGUAGES = ("vi", "en")
LONGEST_SUBJECT = 300
LONGEST_BODY = 4000
LONGEST_SHORT = 600  # characters of a text with its placeholders still in it
# Two parts of a joined SMS: 153 characters each without accents, 67 with them (3GPP TS 23.040, 23.038).
SMS_CHARACTERS = {False: 2 * 153, True: 4 * 67}


@dataclass(frozen=True)
class Text:
    """A text with its placeholders; `version` 0 is the shipped one."""

    subject: str
    body: str
    version: int


def render_notice(kind: Kind, channel: str, language: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """(subject, body) as they are sent. A text for telephones is one line, cut so that its link stays whole."""
    language = language if language in LANGUAGES else "vi"
    with translation.override(language):
        return filled(in_force(kind.name, channel, language), channel, facts)


def filled(text: Text, channel: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    # Plain text: nothing is escaped here; the page that shows it escapes it.
    subject = " ".join(placeholders.fill_placeholders(text.subject, facts).split())[:LONGEST_SUBJECT]
    body = placeholders.fill_placeholders(text.body, facts).strip()
    return subject, for_telephone(body, str(facts.get("link", "")), channel) if channel in CARRIED else body


def for_telephone(body: str, link: str, channel: str) -> str:
    """One line no longer than a message may be; SMS without accents unless the setting says otherwise."""
    accents = settings.SMS_ACCENTS or channel == Channel.ZALO
    line = " ".join(body.split())
    line = line if accents else without_accents(line)
    most, dots = SMS_CHARACTERS[settings.SMS_ACCENTS], "…" if accents else "..."
    if len(line) <= most:
        return line
    if link and line.endswith(link):
        room = most - len(link) - len(dots)
        return excerpt(line.removesuffix(link).rstrip(), room).replace("…", dots) + f" {link}"
    return excerpt(line, most - len(dots) + 1).replace("…", dots)


def in_force(kind: str, channel: str, language: str) -> Text:
    stored = WORDINGS.in_force(kind=kind, channel=channel, language=language)
    return Text(stored.subject, stored.body, stored.number or 0) if stored else shipped(kind, channel, language)


def shipped(kind: str, channel: str, language: str) -> Text:
    """Version 0, from the files. A kind without a text for telephones sends its subject and the link."""
    subject, _newline, body = _source(f"notices/{kind}.{language}.txt").strip().partition("\n")
    if channel not in CARRIED:
        return Text(subject.strip(), body.strip(), 0)
    try:
        return Text(subject.strip(), _source(f"notices/{kind}.short.{language}.txt").strip(), 0)
    except TemplateDoesNotExist:
        return Text(subject.strip(), subject.strip() + " {{ link }}", 0)


def _source(name: str) -> str:
    return str(get_template(name).template.source)


def check_wording(kind: Kind, channel: str, subject: str, body: str) -> None:
    """Raise placeholders.BadText unless the text can be sent for `kind` over `channel`."""
    if channel in CARRIED and len(body) > LONGEST_SHORT:
        raise placeholders.BadText(
            _("Tin gửi đến điện thoại dài quá %(most)s ký tự. Hãy viết ngắn lại.") % {"most": LONGEST_SHORT}
        )
    placeholders.check_placeholders(subject, kind.placeholders)
    placeholders.check_placeholders(body, kind.placeholders)
    if channel != Channel.PORTAL and not re.search(r"\{\{\s*link\s*\}\}", body):
        raise placeholders.BadText(_("Nội dung phải có chỗ điền {{ link }}: người nhận mở chi tiết ở đó."))


class WordingWorkflow(Workflow[Wording]):
    """The one writer of the administrators' texts."""

    model = Wording
    scope = ("kind", "channel", "language")

    def record(self, verb: str, version: Wording, by: str, **facts: Any) -> None:
        subject = f"notice:{version.kind}:{version.channel}:{version.language}"
        audit_log.record_entry(f"notice_wording.{verb}", subject, by=by, version=version.number, **facts)

    def blockers(self, version: Wording) -> list[str]:
        kind = kind_named(version.kind)
        if kind is None:
            return [_("Không còn loại thông báo này.")]
        try:
            check_wording(kind, version.channel, version.subject, version.body)
        except placeholders.BadText as problem:
            return [str(problem.sentence)]
        return []


WORDINGS = WordingWorkflow()


def draft_of(kind: str, channel: str, language: str) -> Wording | None:
    """The next text of a kind, begun and not yet decided."""
    return WORDINGS.undecided(kind=kind, channel=channel, language=language)


def write_draft(
    kind: Kind, channel: str, language: str, *, subject: str, body: str, revision: int, by: Author, at: datetime
) -> Wording:
    """Begin the next text, or write over the `revision` of the draft that the page was drawn with (-1: there was none).

    Raises placeholders.BadText, core.refusals.Refused.
    """
    check_wording(kind, channel, subject, body)
    draft = draft_of(kind.name, channel, language) or Wording(kind=kind.name, channel=channel, language=language)
    draft.subject, draft.body = subject, body
    return WORDINGS.write_draft(draft, revision=revision, by=by, at=at)
