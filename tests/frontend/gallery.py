"""Every component on two pages, one in the manner of citizens and one of staff, for the eye and for axe."""

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory, override_settings

PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


class SampleForm(forms.Form):
    full_name = forms.CharField(
        label="Họ, chữ đệm và tên",
        help_text="Như ghi trên thẻ căn cước",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birthday = forms.DateField(label="Ngày sinh", widget=forms.DateInput(attrs={"autocomplete": "bday"}))
    copies = forms.IntegerField(label="Số bản sao", required=False)
    ward = forms.ChoiceField(
        label="Phường, xã", choices=[("", "Chọn"), ("1", "Phường Kinh Bắc"), ("2", "Phường Võ Cường")]
    )
    receive = forms.ChoiceField(
        label="Nhận kết quả bằng cách nào?",
        help_text="Nhận qua bưu chính có phí chuyển phát",
        choices=[("counter", "Nhận tại quầy"), ("post", "Qua bưu chính"), ("download", "Tải bản điện tử")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="Giấy tờ kèm theo",
        choices=[("a", "Giấy chứng sinh"), ("b", "Giấy chứng nhận kết hôn")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    password = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    paper = forms.FileField(label="Giấy chứng sinh")
    agree = forms.BooleanField(label="Tôi chịu trách nhiệm về lời khai trên")


def sample_context() -> dict:
    days = [("Tiếp nhận", "done"), ("Thẩm định", "current"), ("Ký duyệt", ""), ("Trả kết quả", "")]
    file = SimpleNamespace(
        name="giay-chung-sinh-ban-scan-trang-1-den-3.pdf",
        size=2_516_582,
        url="#",
        state="ready",
        pages=3,
        sha256="9f2c" * 16,
    )
    running = SimpleNamespace(
        name="so-ho-khau.jpg",
        size=812_000,
        state="running",
        pages=5,
        pages_done=2,
        progress_url="/progress",
        renews="every 2s",
    )
    parked = SimpleNamespace(
        name="anh-mo.png", size=91_000, state="parked", reason="Ảnh quá mờ, không đọc được chữ. Hãy chụp lại."
    )
    return {
        "form": SampleForm(data={"copies": "x"}),
        "clean_form": SampleForm(),
        "at": AT,
        "files": [file, running, parked],
        "states": range(11),
        "standings": [
            ("early", 960, True),
            ("on_time", 2000, False),
            ("due_soon", 190, False),
            ("overdue", 1100, False),
        ],
        "steps": [{"label": label, "state": state, "note": "2 ngày"} for label, state in days],
        "crumbs": [
            {"label": "Trang chủ", "url": "#"},
            {"label": "Hộ tịch", "url": "#"},
            {"label": "Khai sinh"},
        ],
        "facts": [
            {"label": "Thời hạn", "value": "1 ngày làm việc", "note": "nhận trước 15 giờ"},
            {"label": "Lệ phí", "value": "Miễn phí"},
            {"label": "Cách nộp", "value": "Trực tuyến toàn trình"},
        ],
        "tiles": [
            {"label": label, "url": "#", "icon": icon}
            for label, icon in [
                ("Sinh con", "birth"),
                ("Kết hôn", "marriage"),
                ("Nhà ở, cư trú", "housing"),
                ("Đất đai", "land"),
                ("Xây dựng", "building"),
                ("Kinh doanh", "business"),
                ("Lái xe", "driving"),
                ("Việc làm", "work"),
                ("Nghỉ hưu", "retirement"),
                ("Qua đời", "death"),
            ]
        ],
        "checklist": [
            {"title": "Tờ khai đăng ký khai sinh", "originals": 1, "state": "done"},
            {
                "title": "Giấy chứng nhận kết hôn của cha mẹ",
                "copies": 1,
                "state": "held",
                "reason": "Đã có trong Cơ sở dữ liệu hộ tịch",
            },
            {
                "title": "Giấy chứng sinh",
                "originals": 1,
                "copies": 1,
                "note": "Không có thì nộp văn bản của người làm chứng",
            },
        ],
        "tasks": [
            {"title": "Thông tin người nộp", "url": "#", "state": "done", "hint": "Lấy từ tài khoản"},
            {"title": "Nội dung đề nghị", "url": "#", "state": "started"},
            {"title": "Giấy tờ", "url": "#", "state": "todo"},
            {"title": "Kiểm tra và gửi", "state": "cannot"},
        ],
        "rows": [
            {"key": "Họ và tên", "value": "Nguyễn Thị Hằng", "change_url": "#"},
            {"key": "Nơi ở", "value": "Số 12 phố Vũ Ninh\nPhường Kinh Bắc, tỉnh Bắc Ninh", "change_url": "#"},
            {"key": "Điện thoại", "value": ""},
        ],
        "timeline": [
            {
                "title": "Đang thẩm định",
                "at": AT,
                "by": "Sở Tư pháp",
                "text": "Đã chuyển cho chuyên viên thụ lý.",
            },
            {"title": "Đã tiếp nhận", "at": AT, "by": "Trung tâm Phục vụ hành chính công", "url": "#"},
        ],
        "chips": [{"label": "Sắp đến hạn", "remove_url": "#"}, {"label": "Hộ tịch", "remove_url": "#"}],
        "views": [
            {"label": "Của tôi", "url": "#", "current": True, "count": 12},
            {"label": "Của phòng", "url": "#", "count": 40},
        ],
        "subnav": [
            {"label": "Danh sách", "url": "#", "current": True, "count": 12},
            {"label": "Chờ tôi ký", "url": "#"},
        ],
        "actions": [
            {
                "label": "Trình lãnh đạo",
                "url": "#",
                "key": "t",
                "effects": ["Thời gian tiếp tục chạy.", "Báo cho lãnh đạo sở."],
            },
            {
                "label": "Yêu cầu bổ sung",
                "url": "#",
                "key": "b",
                "tone": "secondary",
                "effects": ["Dừng tính thời hạn."],
            },
            {"label": "Dừng giải quyết", "url": "#", "method": "get", "tone": "warning"},
        ],
        "sentences": [
            "Nhận lúc 14:05, Thứ Hai 23/11/2026.",
            "Tính từ ngày làm việc tiếp theo, trừ thứ Bảy và Chủ nhật.",
        ],
        "days": [{"date": AT.date(), "text": "Ngày nhận, chưa tính"}],
        "dossiers": [
            {
                "code": f"H05.12-261123-00{n:02d}",
                "owner": name,
                "title": title,
                "state": state,
                "standing": standing,
                "minutes": m,
            }
            for n, (name, title, state, standing, m) in enumerate(
                [
                    ("Nguyễn Thị Hằng", "Đăng ký khai sinh", 4, "due_soon", 200),
                    ("Trần Quốc Vượng", "Cấp giấy phép xây dựng nhà ở riêng lẻ", 4, "overdue", 900),
                    (
                        "Công ty TNHH Thương mại và Dịch vụ Kinh Bắc",
                        "Đăng ký thành lập doanh nghiệp",
                        5,
                        "paused",
                        None,
                    ),
                    ("Lê Văn Đức", "Chứng thực bản sao", 2, "on_time", 3000),
                ]
                * 4,
                start=1,
            )
        ],
    }


def gallery_page(audience: str) -> str:
    """HTML of the gallery for `citizen` or `staff`."""
    request = RequestFactory().get("/gallery/", {"sort": "due"})
    request.user = AnonymousUser()
    with open(f"{__file__.rsplit('/', 1)[0]}/gallery_{audience}.html", encoding="utf-8") as file:
        source = file.read()
    with override_settings(STORAGES=PLAIN_STATIC):
        return engines["django"].from_string(source).render(sample_context(), request)
