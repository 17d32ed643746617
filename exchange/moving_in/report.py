"""What is wrong with a row, or worth knowing, in words; rows keep codes, so that everybody reads their language."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("Không đọc được giá trị. Hãy xem lại bảng ánh xạ (mục dates, values)."),
    "no_code": gettext_lazy("Không có mã hồ sơ cũ, hoặc mã ngắn đến mức không tra cứu được."),
    "code_twice": gettext_lazy("Mã hồ sơ cũ này có ở hàng khác của tệp."),
    "code_here": gettext_lazy("Hồ sơ mang mã này đã có ở đây."),
    "unknown_procedure": gettext_lazy("Không có thủ tục này trong danh mục đang dùng. Hãy thêm vào values.procedure."),
    "unknown_case": gettext_lazy("Thủ tục không có trường hợp này."),
    "unknown_agency": gettext_lazy("Không có cơ quan nào đang hoạt động mang mã này. Hãy thêm vào values.agency."),
    "unknown_state": gettext_lazy("Không biết trạng thái này. Hãy thêm vào values.state, từ 1 đến 10."),
    "unknown_value": gettext_lazy("Giá trị này không thuộc các giá trị nhận được."),
    "no_name": gettext_lazy("Không có tên người đứng tên hồ sơ."),
    "bad_number": gettext_lazy("Số định danh hoặc mã số thuế không đúng."),
    "no_filer": gettext_lazy("Hồ sơ của doanh nghiệp phải có số định danh và tên người nộp."),
    "person_differs": gettext_lazy("Số này ở đây thuộc một người có tên khác. Hãy đối chiếu trước khi chuyển."),
    "never_came": gettext_lazy("Không có ngày nộp hoặc ngày tiếp nhận."),
    "not_received": gettext_lazy("Trạng thái này cần ngày tiếp nhận."),
    "not_finished": gettext_lazy("Trạng thái này cần ngày có kết quả."),
    "no_end": gettext_lazy("Hồ sơ đã kết thúc phải có ngày kết thúc."),
    "no_due_date": gettext_lazy("Hồ sơ đang chạy có thời hạn phải có hạn trả."),
    "no_pause": gettext_lazy("Hồ sơ đang chờ bổ sung hoặc nghĩa vụ tài chính phải có lúc bắt đầu tạm dừng."),
    "order": gettext_lazy("Các ngày không theo thứ tự nộp, tiếp nhận, có kết quả, trả."),
    "future": gettext_lazy("Ngày này ở tương lai."),
    "bad_amount": gettext_lazy("Số này không đọc được hoặc âm."),
    "unknown_step": gettext_lazy("Quy trình nội bộ của thủ tục không có bước này. Hãy thêm vào values.step."),
    "unknown_holder": gettext_lazy("Không có vị trí nào của cơ quan do tài khoản này giữ. Hãy thêm vào values.holder."),
    "no_file": gettext_lazy("Không thấy tệp trong thư mục, hoặc đường dẫn ra ngoài thư mục."),
    "file_refused": gettext_lazy("Tệp không nhận được: sai loại, quá lớn hoặc hỏng."),
    "due_differs": gettext_lazy("Hạn trả giữ như hệ thống cũ; lịch của cổng này sẽ cho hạn khác."),
    "paper_unknown": gettext_lazy("Giấy tờ không có trong thành phần hồ sơ, được giữ là giấy tờ khác."),
}


def sentence_of(entry: Mapping[str, Any]) -> str:
    """One problem or note with the field it concerns and what was said there."""
    said = str(SENTENCES.get(entry["code"], entry["code"]))
    parts = [f"{entry['field']}: {said}" if entry.get("field") else said]
    if entry.get("said"):
        parts.append(_("Trong tệp: %(value)s") % {"value": entry["said"]})
    if entry.get("ours"):
        parts.append(_("Theo lịch ở đây: %(value)s") % {"value": entry["ours"]})
    return " ".join(parts)
