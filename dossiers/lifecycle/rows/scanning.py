"""Paper is scanned when there is time for it: the dossier takes scans from its reception to its end."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.filing import register, scans_added
from dossiers.lifecycle import effects
from dossiers.lifecycle.transitions import ActionField, Transition
from dossiers.models import State

ROWS = (
    Transition(
        "add_scan",
        _("Thêm bản quét"),
        (
            State.FILED,
            State.RECEIVED,
            State.PROCESSING,
            State.SUPPLEMENT,
            State.FINANCIAL,
            State.DONE,
        ),
        effects.same_state,
        (Relation.COUNTER, Relation.STEP, Relation.OFFICER),
        done=_("Đã thêm bản quét vào hồ sơ"),
        law=_("Nghị định số 118/2025/NĐ-CP; Thông tư số 01/2023/TT-VPCP"),
        fields=(
            ActionField("scan", _("Bản quét"), kind="file"),
            ActionField("paper", _("Giấy tờ của hồ sơ"), kind="line", required=False),
        ),
        effects=(scans_added.file_scan, register.register_accepted),
        # Done by the codes of sheets and in the tray of scanned stacks, which know the paper; it is no button.
        offered=lambda dossier: False,
    ),
    Transition(
        "edit_pages",
        _("Sửa trang của bản quét"),
        (
            State.FILED,
            State.RECEIVED,
            State.PROCESSING,
            State.SUPPLEMENT,
            State.FINANCIAL,
        ),
        effects.same_state,
        (Relation.COUNTER, Relation.STEP, Relation.OFFICER),
        done=_("Đã sửa trang của bản quét, bản gốc được giữ"),
        fields=(ActionField("scan", _("Bản mới"), kind="file"),),
        effects=(scans_added.replace_scan,),
        # Done on the page of a file's pages, which makes the new version.
        offered=lambda dossier: False,
        public=False,
    ),
)
