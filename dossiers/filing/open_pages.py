"""The open pages of a draft: what each keeps of itself, and that two of them never overwrite each other in silence.

Each section of a draft counts its saves, those of the page by itself too. A page names the count that it was drawn with
and a word of its own (`tab`); what another page saved since then is not written over: the second is told and compares.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from dossiers.models import WRITTEN_IN, Dossier, OpenPages, State, SupplementRequest
from procedures.models import Channel

LONGEST_ANSWER = 5000  # characters kept of one field of a page that saves itself
SAVES, TAB = "draft_saves", "draft_tab"  # names of the page's hidden fields


class SavedElsewhere(Refused):
    """Another page has saved this section since this one was drawn."""

    def __init__(self) -> None:
        super().__init__(
            "saved",
            _("Phần này đã được lưu ở một trang hoặc máy khác. Bấm “Lưu và tiếp tục” để so sánh hai bản rồi chọn."),
        )


@dataclass(frozen=True)
class Stamp:
    """What a page says of itself: the count of saves it was drawn with, and its own word."""

    saves: int
    tab: str

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Stamp | None":
        """From a request; None when it does not say."""
        saves = str(given.get(SAVES, ""))
        if not (saves.isascii() and saves.isdigit() and len(saves) < 9):
            return None
        return cls(int(saves), str(given.get(TAB, ""))[:32])


def stamp_for(
    dossier: Dossier, section: str, given: Mapping[str, str] | None = None, *, compared: bool = False
) -> Stamp:
    """The stamp of a page that is drawn now; one that comes back with its mistakes keeps its word.

    It keeps its count too where another page has saved since, until both have been `compared` on it: with a newer count
    its next save would write over what nobody has seen.
    """
    before = Stamp.read(given or {})
    if before is None or not before.tab:
        return Stamp(saves_of(dossier, section), uuid.uuid4().hex)
    if not compared and not _is_current(dossier, section, before):
        return before
    return Stamp(saves_of(dossier, section), before.tab)


def locked_draft(dossier: Dossier) -> Dossier:
    """The draft, locked until the transaction ends. Raises Refused when it was sent or deleted."""
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
    if locked.state not in WRITTEN_IN:
        raise Refused("sent", _("Hồ sơ đã được gửi nên không sửa được nữa."))
    if locked.discarded_at is not None:
        raise Refused("discarded", _("Bản nháp này đã xóa ở một trang khác. Mở “Hồ sơ của tôi” để lấy lại."))
    return locked


def pages_of(dossier: Dossier) -> OpenPages | None:
    """What the dossier's pages keep; None where no page was opened or all were sent."""
    if dossier.state not in WRITTEN_IN or (dossier.state == State.DRAFT and dossier.channel != Channel.ONLINE):
        return None
    return getattr(dossier, "pages", None)


def is_done(dossier: Dossier, section: str) -> bool:
    """Whether a draft's section was answered. An online filing that another system brought whole has no pages."""
    pages = pages_of(dossier)
    return section in pages.done if pages else dossier.channel == Channel.ONLINE


def saves_of(dossier: Dossier, section: str) -> int:
    """How often the section was saved."""
    pages = pages_of(dossier)
    return int(pages.saves.get(section, 0)) if pages else 0


@transaction.atomic
def claim_section(dossier: Dossier, section: str, stamp: Stamp | None) -> None:
    """Let the page with this stamp save the section within the caller's transaction. Raises SavedElsewhere.

    A page without a stamp is another system's, which has no second tab.
    """
    draft = locked_draft(dossier)
    if stamp is not None:
        require_current(draft, section, stamp)
        pages = _pages_to_write(draft)
        pages.writers[section] = stamp.tab
        pages.save()


def _pages_to_write(draft: Dossier) -> OpenPages:
    """The row of a draft that the caller has locked; a new one when it has none yet."""
    return pages_of(draft) or OpenPages(dossier=draft)


def require_current(draft: Dossier, section: str, stamp: Stamp | None) -> None:
    """Raises SavedElsewhere for a page that another has overtaken, whether it could be saved or not."""
    if stamp is not None and not _is_current(draft, section, stamp):
        raise SavedElsewhere


def _is_current(draft: Dossier, section: str, stamp: Stamp) -> bool:
    """What the page itself saved since it was drawn is no other's."""
    pages = pages_of(draft)
    own = bool(stamp.tab) and pages is not None and pages.writers.get(section) == stamp.tab
    return own or stamp.saves == saves_of(draft, section)


def answer_section(request: SupplementRequest) -> str:
    """The name of the page that answers a supplement, for what is typed there."""
    return f"answer-{request.pk}"


def typed_answers(dossier: Dossier, section: str) -> dict[str, str]:
    """What stood on the open page when it last saved itself; empty when the page has been saved since."""
    pages = pages_of(dossier)
    return dict(pages.typed.get(section, {})) if pages else {}


@transaction.atomic
def keep_typed(dossier: Dossier, section: str, fields: Mapping[str, str], stamp: Stamp) -> int:
    """Keep the open page's answers as typed, without judging them; returns the count of saves after it.

    Raises SavedElsewhere, Refused. A page that was saved by its button has nothing more to keep.
    """
    draft = locked_draft(dossier)
    require_current(draft, section, stamp)
    pages = _pages_to_write(draft)
    if stamp.saves < saves_of(draft, section) and section not in pages.typed:
        raise Refused("saved", _("Phần này đã được lưu từ khi trang mở ra. Bấm nút lưu để giữ câu trả lời trên trang."))
    pages.typed[section] = {name: text.replace("\x00", "")[:LONGEST_ANSWER] for name, text in fields.items()}
    pages.writers[section] = stamp.tab
    return _save_counted(pages, section)


@transaction.atomic
def note_save(dossier: Dossier, section: str) -> int:
    """Count a save of the section that leaves it as unfinished as it was; returns the count."""
    return _save_counted(_pages_to_write(locked_draft(dossier)), section)


def mark_done(draft: Dossier, section: str) -> None:
    """The section of a locked draft is answered: what was typed on the way there is not needed any more."""
    pages = _pages_to_write(draft)
    pages.done = sorted({*pages.done, section})
    pages.typed.pop(section, None)
    _save_counted(pages, section)


def reopen_sections(draft: Dossier, sections: Collection[str], *, forget_typed: bool = False) -> None:
    """Sections of a locked draft are to be answered again; `forget_typed` where they ask something else now."""
    pages = _pages_to_write(draft)
    pages.done = sorted(set(pages.done) - set(sections))
    if forget_typed:
        pages.typed = {name: fields for name, fields in pages.typed.items() if name not in sections}
    pages.save()


def close_pages(dossier: Dossier, target: int) -> None:
    """End what the pages keep when a locked dossier goes on to a state in which its applicant writes nothing."""
    if target not in WRITTEN_IN and (pages := pages_of(dossier)):
        pages.delete()


def _save_counted(pages: OpenPages, section: str) -> int:
    """One save more of the section; returns the count."""
    pages.saves[section] = pages.saves.get(section, 0) + 1
    pages.save()
    return int(pages.saves[section])
