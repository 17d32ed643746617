"""The open pages of a draft: what each keeps of itself, and that two of them never overwrite each other in silence.

Each section of a draft counts its saves, those of the page by itself too. A page names the count that it was drawn with
and a word of its own (`tab`); what another page saved since then is not written over: the second is told and compares.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from dossiers.models import Dossier, State, SupplementRequest

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


def stamp_for(dossier: Dossier, section: str, given: Mapping[str, str] | None = None) -> Stamp:
    """The stamp of a page that is drawn now; one that comes back with its mistakes keeps its word."""
    before = Stamp.read(given or {})
    return Stamp(saves_of(dossier, section), before.tab if before and before.tab else uuid.uuid4().hex)


def locked_draft(dossier: Dossier) -> Dossier:
    """The draft, locked until the transaction ends. Raises Refused when it was sent or deleted."""
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
    if locked.state not in (State.DRAFT, State.SUPPLEMENT):
        raise Refused("sent", _("Hồ sơ đã được gửi nên không sửa được nữa."))
    if locked.discarded_at is not None:
        raise Refused("discarded", _("Bản nháp này đã xóa ở một trang khác. Mở “Hồ sơ của tôi” để lấy lại."))
    return locked


def saves_of(dossier: Dossier, section: str) -> int:
    """How often the section was saved."""
    return int(dossier.answers.get("saves", {}).get(section, 0))


@transaction.atomic
def claim_section(dossier: Dossier, section: str, stamp: Stamp | None) -> None:
    """Let the page with this stamp save the section within the caller's transaction. Raises SavedElsewhere.

    A page without a stamp is another system's, which has no second tab.
    """
    draft = locked_draft(dossier)
    if stamp is not None:
        _require_current(draft, section, stamp)
        draft.answers["writers"] = {**draft.answers.get("writers", {}), section: stamp.tab}
        draft.save(update_fields=["answers"])


def _require_current(draft: Dossier, section: str, stamp: Stamp) -> None:
    """What the page itself saved since it was drawn is no other's."""
    own = bool(stamp.tab) and draft.answers.get("writers", {}).get(section) == stamp.tab
    if stamp.saves != saves_of(draft, section) and not own:
        raise SavedElsewhere


def answer_section(request: SupplementRequest) -> str:
    """The name of the page that answers a supplement, for what is typed there."""
    return f"answer-{request.pk}"


def typed_answers(dossier: Dossier, section: str) -> dict[str, str]:
    """What stood on the open page when it last saved itself; empty when the page has been saved since."""
    return dict(dossier.answers.get("typed", {}).get(section, {}))


@transaction.atomic
def keep_typed(dossier: Dossier, section: str, fields: Mapping[str, str], stamp: Stamp) -> int:
    """Keep the open page's answers as typed, without judging them; returns the count of saves after it.

    Raises SavedElsewhere, Refused. A page that was saved by its button has nothing more to keep.
    """
    draft = locked_draft(dossier)
    _require_current(draft, section, stamp)
    if stamp.saves < saves_of(draft, section) and section not in draft.answers.get("typed", {}):
        raise Refused("saved", _("Phần này đã được lưu từ khi trang mở ra. Bấm nút lưu để giữ câu trả lời trên trang."))
    kept = {name: text.replace("\x00", "")[:LONGEST_ANSWER] for name, text in fields.items()}
    draft.answers["typed"] = {**draft.answers.get("typed", {}), section: kept}
    draft.answers["writers"] = {**draft.answers.get("writers", {}), section: stamp.tab}
    count_save(draft, section)
    draft.save(update_fields=["answers"])
    return saves_of(draft, section)


def count_save(draft: Dossier, section: str) -> None:
    """One save more of the section. The caller saves the draft."""
    draft.answers["saves"] = {**draft.answers.get("saves", {}), section: saves_of(draft, section) + 1}
