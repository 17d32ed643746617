"""What several actions ask for in the same words."""

from django.utils.translation import gettext_lazy as _

from dossiers.lifecycle.lacking import LACKING_GROUNDS
from dossiers.lifecycle.transitions import ActionField

LIMIT = ActionField("limit_days", _("Thời hạn giải quyết (ngày làm việc)"), kind="decimal", required=False)
LACKING = ActionField(
    "lacking_ground",
    _("Căn cứ tiếp nhận khi còn thiếu giấy tờ"),
    kind="choice",
    required=False,
    choices=LACKING_GROUNDS,
    hint=_("Không có căn cứ thì yêu cầu bổ sung."),
)
PAPERS = ActionField("papers", _("Giấy tờ nhận được"), kind="papers", required=False)
REASON = ActionField("reason", _("Lý do"))
ITEMS = ActionField("items", _("Giấy tờ cần bổ sung"), kind="items", hint=_("Mỗi dòng một giấy tờ hoặc nội dung."))

FEE = ActionField(
    "fee",
    _("Mức thu phí, lệ phí (đồng)"),
    kind="money",
    required=False,
    hint=_("Danh mục chưa cho biết số tiền; nhập nếu quyết định công bố ghi rõ, ghi 0 nếu không thu."),
)
FEE_GROUND = ActionField("fee_ground", _("Căn cứ của mức thu"), kind="line", required=False)
CLAIMS = ActionField(
    "exemptions",
    _("Diện miễn, giảm có giấy tờ chứng minh"),
    kind="claims",
    required=False,
    hint=_("Người nộp đề nghị các diện sau. Đánh dấu diện đúng; diện không đánh dấu không được áp dụng."),
)
WHY_NO_EXEMPTION = ActionField("reason", _("Lý do không áp dụng miễn, giảm"), required=False)

# Ticked on the page of the decision; the key is that of whoever decides.
SIGN = ActionField(
    "sign",
    _("Ký số văn bản kết quả bằng chữ ký số của tôi"),
    kind="tick",
    required=False,
    hint=_("Văn bản được ký đúng như nội dung đã duyệt. Dự thảo chỉ có nội dung sẽ được lập thành tệp PDF."),
)

# What a signed result says; a number and a file belong to one dossier, day and signer may be those of many.
SIGNED = (
    ActionField("number", _("Số, ký hiệu"), kind="line", required=False, each=True),
    ActionField("issued_on", _("Ngày ký"), kind="date", required=False),
    ActionField("signer", _("Người ký"), kind="line", required=False),
    ActionField(
        "file",
        _("Tệp đã ký hoặc bản quét"),
        kind="file",
        required=False,
        each=True,
        hint=_("Để trống khi phát hành đúng tệp đã được phê duyệt."),
    ),
    ActionField(
        "seal",
        _("Ký số của cơ quan lên văn bản"),
        kind="tick",
        required=False,
        hint=_("Số, ký hiệu và thời gian ký được ghi trên văn bản."),
    ),
)

ANSWER = ActionField("answer", _("Lời nhắn kèm theo"), required=False)
