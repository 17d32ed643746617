"""The states of a dossier and what they are made of, in the numbers and words that the database holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.IntegerChoices):
    """The national portal's ten states, and the draft."""

    DRAFT = 0, _("Bản nháp")
    FILED = 1, _("Mới đăng ký")
    RECEIVED = 2, _("Được tiếp nhận")
    NOT_RECEIVED = 3, _("Không được tiếp nhận")
    PROCESSING = 4, _("Đang xử lý")
    SUPPLEMENT = 5, _("Yêu cầu bổ sung giấy tờ")
    FINANCIAL = 6, _("Yêu cầu thực hiện nghĩa vụ tài chính")
    WITHDRAWN = 7, _("Công dân yêu cầu rút hồ sơ")
    STOPPED = 8, _("Dừng xử lý")
    DONE = 9, _("Đã xử lý xong")
    RETURNED = 10, _("Đã trả kết quả")


RUNNING_STATES = (State.RECEIVED, State.PROCESSING)
WAITING_STATES = (State.SUPPLEMENT, State.FINANCIAL)  # others must act
OPEN_STATES = (State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL)
ENDED_STATES = (State.NOT_RECEIVED, State.WITHDRAWN, State.STOPPED, State.RETURNED)


class Substate(models.TextChoices):
    """What a state leaves open."""

    SUSPENDED = "suspended", _("Thời hạn tạm dừng theo luật chuyên ngành")  # while the agency works on
    LAPSED = "lapsed", _("Hết thời gian chờ bổ sung")
    FEE_TO_COLLECT = "fee_to_collect", _("Chờ nộp phí, lệ phí")
    TO_COLLECT = "to_collect", _("Chờ nhận kết quả")
    STORED = "stored", _("Lưu kết quả chưa ai nhận")


class Wait(models.TextChoices):
    """What comes by itself when people have let a time pass: an automatic action of the life-cycle table."""

    ANSWER_LATE = "answer_late", _("Quá giờ trả lời hồ sơ trực tuyến")
    REMIND_SUPPLEMENT = "remind_supplement", _("Nhắc bổ sung")
    LAPSE = "lapse", _("Hết thời gian chờ bổ sung")
    REMIND_COLLECT = "remind_collect", _("Nhắc nhận kết quả")
    STORE = "store", _("Lưu kết quả chưa ai nhận")


class Outcome(models.TextChoices):
    """How a dossier that is done was decided."""

    GRANTED = "granted", _("Chấp thuận")
    REFUSED = "refused", _("Không chấp thuận")


class PauseReason(models.TextChoices):
    """Why the clock stands still."""

    SUPPLEMENT = "supplement", _("Chờ bổ sung giấy tờ")
    FINANCIAL = "financial", _("Chờ nghĩa vụ tài chính")
    EXCLUDED = "excluded", _("Thời gian không tính theo luật chuyên ngành")


class DueGround(models.TextChoices):
    """What gave a dossier the due date."""

    RECEIVED = "received", _("Tiếp nhận")
    RESUMED = "resumed", _("Tính tiếp")
    RESTARTED = "restarted", _("Tính lại từ đầu")
    EXTENDED = "extended", _("Gia hạn")
    CALENDAR = "calendar", _("Lịch làm việc thay đổi")
    CORRECTED = "corrected", _("Sửa nhầm")
    MOVED_IN = "moved_in", _("Chuyển từ hệ thống khác")


class AlertKind(models.TextChoices):
    DUE_SOON = "due_soon", _("Sắp đến hạn")
    OVERDUE = "overdue", _("Quá hạn")
    APOLOGY = "apology", _("Thư xin lỗi")
    ESCALATED = "escalated", _("Quá hạn lâu")
