"""What a province must still set before it goes live, each point in words, with where it is set."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import yaml
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, StaffPost
from accounts.posts import posts_held
from agencies.models import Agency, CalendarDay
from core.refusals import Refused
from exchange.connectors.national import arrivals, transport, values
from exchange.connectors.national.applications import application_of
from journal.models import Connection
from journal.outgoing_calls import CallFailed
from oss_portal.deployment import DEMONSTRATION, SERVICES, value
from procedures.models import Edition, Procedure
from procedures.review import queries

Role = StaffPost.Role
_FRESH_SECONDS = 24 * 3600
_SERVICE_NAMES: dict[str, str | Promise] = {
    "payment by bank transfer": gettext_lazy("Thu tiền qua ngân hàng (VietQR)"),
    "payment by VNPAY": gettext_lazy("Thu tiền qua VNPAY"),
    "SMS": gettext_lazy("Tin nhắn SMS"),
    "e-mail": gettext_lazy("Thư điện tử"),
}


@dataclass(frozen=True)
class Point:
    """`must`: without it nobody should go live; otherwise people miss something. `how`: what to do while not done."""

    group: str
    name: str
    done: bool
    must: bool
    how: str = ""
    link: str = ""


def points(*, at: datetime) -> list[Point]:
    """All points in the order in which they are usually done."""
    return [point for group in _GROUPS for point in group(at)]


def _installation(at: datetime) -> Iterator[Point]:
    group = _("Máy chủ")
    yield Point(
        group,
        _("Chạy thật, không dùng giá trị của bản trình diễn"),
        settings.PRODUCTION and not _demonstration_left(),
        True,
        _("Đặt PRODUCTION=1 và thay các giá trị: %(names)s.") % {"names": ", ".join(_demonstration_left()) or "–"},
    )
    yield Point(
        group,
        _("Địa chỉ công khai của cổng bằng https"),
        settings.PUBLIC_URL.startswith("https://"),
        True,
        _("Đặt PUBLIC_URL: địa chỉ này được in trên giấy hẹn và mã QR."),
    )
    yield Point(
        group,
        _("Đường dây nóng và thư điện tử liên hệ"),
        bool(settings.HOTLINE and settings.CONTACT_EMAIL),
        False,
        _("Đặt HOTLINE và CONTACT_EMAIL: hiện ở chân mỗi trang."),
    )
    for service, names in SERVICES.items():
        missing = [name for name in names if not value(name)]
        how = _("Đặt %(names)s, hoặc chủ động không dùng dịch vụ này.") % {"names": ", ".join(missing)}
        yield Point(group, str(_SERVICE_NAMES.get(service, service)), not missing, False, how)
    yield Point(
        group,
        _("Quét mã độc trong tệp người dân gửi"),
        bool(settings.CLAMD_URL),
        False,
        _("Đặt CLAMD_URL là địa chỉ của ClamAV."),
    )


def _demonstration_left() -> list[str]:
    return [name for name, beginning in DEMONSTRATION.items() if value(name).startswith(beginning)]


def _national(at: datetime) -> Iterator[Point]:
    group, must = _("Cổng Dịch vụ công quốc gia"), settings.ONLINE_FILING == "national"
    page = reverse("manage-national")
    yield Point(
        group,
        _("Người dân nộp trực tuyến ở Cổng quốc gia"),
        must,
        False,
        _("Từ 01/7/2025 người dân nộp ở Cổng quốc gia: đặt ONLINE_FILING=national."),
    )
    yield Point(
        group,
        _("Địa chỉ, tên và mật khẩu của kết nối"),
        transport.is_configured(),
        must,
        _("Đặt NATIONAL_URL, NATIONAL_USERNAME, NATIONAL_PASSWORD theo văn bản cấp kết nối."),
        page,
    )
    yield Point(
        group,
        _("Mã đơn vị và trang nộp hồ sơ"),
        bool(settings.NATIONAL_AGENCY and settings.NATIONAL_PORTAL_URL),
        must,
        _("Đặt NATIONAL_AGENCY (madonvi) và NATIONAL_PORTAL_URL."),
    )
    fault = mapping_fault()
    yield Point(group, _("Bảng ánh xạ đọc được và đủ giá trị"), not fault, must, fault)
    known = Connection.objects.filter(name="national").first()
    answered = known is not None and known.last_success_at is not None and not known.failures
    fresh = answered and (at - known.last_success_at).total_seconds() < _FRESH_SECONDS  # type: ignore[union-attr,operator]
    yield Point(
        group,
        _("Cổng quốc gia trả lời trong 24 giờ qua"),
        bool(fresh),
        must,
        _("Bấm “Thử kết nối” ở đầu trang. Lỗi gần nhất: %(error)s.")
        % {"error": known.last_error if known and known.last_error else _("chưa gọi lần nào")},
        reverse("manage-connections"),
    )
    parked = arrivals.parked_arrivals().count()
    how = _("%(n)s hồ sơ chưa nhận vào được. Hãy xem nguyên nhân từng hồ sơ.") % {"n": parked}
    yield Point(group, _("Mọi hồ sơ từ Cổng quốc gia đã vào"), not parked, must, how, page)


def mapping_fault() -> str:
    """What is wrong with the mapping in use; "" when nothing. The words name file and field."""
    try:
        mapping = values.present_mapping()
        names = mapping["inbox"]["dossier"]
        application_of({mapping["inbox"]["list"]["code"]: "A", names["procedure"]: "1.000000"})
        missing = sorted({"portal_code", "state", "procedure_code"} - set(mapping["dossier"].values()))
    except (OSError, yaml.YAMLError) as error:
        return _("Không đọc được tệp ở NATIONAL_MAPPING: %(error)s.") % {"error": type(error).__name__}
    except (KeyError, TypeError, AttributeError, StopIteration) as error:
        return _("Bảng ánh xạ thiếu phần %(error)s. Hãy so với mapping.yaml kèm theo.") % {"error": error}
    except Refused as refusal:
        return str(refusal.sentence)
    return _("Bảng ánh xạ không gửi giá trị: %(names)s.") % {"names": ", ".join(missing)} if missing else ""


def _province(at: datetime) -> Iterator[Point]:
    group, today = _("Tỉnh"), timezone.localdate(at)
    held = posts_held(StaffPost.objects.filter(account__is_active=True), on=today)
    centres = Agency.objects.valid(on=today).filter(
        kind__in=(Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)
    )
    bare = centres.exclude(pk__in=held.filter(role=Role.COUNTER).values("agency")).count()
    yield Point(
        group,
        _("Mỗi trung tâm có cán bộ tiếp nhận"),
        not bare,
        True,
        _("%(n)s trung tâm chưa có vị trí tiếp nhận: hồ sơ gửi đến đó không ai thấy.") % {"n": bare},
        reverse("manage-staff"),
    )
    unconfirmed = Agency.objects.valid(on=today).filter(code_confirmed=False).count()
    yield Point(
        group,
        _("Mã định danh của các cơ quan đã xác nhận"),
        not unconfirmed,
        False,
        _("%(n)s mã chưa xác nhận; mã hồ sơ in từ các mã này.") % {"n": unconfirmed},
        reverse("manage-agencies"),
    )
    year = today.year + 1
    yield Point(
        group,
        _("Lịch nghỉ của năm sau"),
        CalendarDay.objects.filter(date__year=year).exists(),
        False,
        _("Nhập ngày nghỉ, ngày làm bù của năm %(year)s để ngày hẹn trả không phải tính lại.") % {"year": year},
        reverse("manage-calendars"),
    )
    demonstration = Account.objects.filter(email__endswith=".example", is_active=True).exists()
    yield Point(
        group,
        _("Không còn tài khoản trình diễn"),
        not demonstration,
        True,
        _("Khóa các tài khoản có thư điện tử .example."),
        reverse("manage-staff"),
    )
    twice = held.filter(role=Role.ADMINISTRATOR).values("account").distinct().count()
    yield Point(
        group,
        _("Ít nhất hai quản trị viên"),
        twice >= 2,
        True,
        _("Việc khôi phục, mở khóa cần người thứ hai."),
        reverse("manage-staff"),
    )


def _catalogue(at: datetime) -> Iterator[Point]:
    group = _("Danh mục thủ tục")
    published = Edition.objects.filter(status=Edition.Status.PUBLISHED, procedure__kind=Procedure.Kind.RECEIVABLE)
    yield Point(
        group,
        _("Có thủ tục đang tiếp nhận"),
        published.exists(),
        True,
        _("Công khai thủ tục, hoặc nạp danh mục bằng manage.py load_catalogue."),
    )
    open_queries = queries.undecided_queries().count()
    yield Point(
        group,
        _("Dữ liệu chờ xác nhận đã xác nhận xong"),
        not open_queries,
        False,
        _("%(n)s điểm của danh mục còn chờ xác nhận.") % {"n": open_queries},
    )


_GROUPS: tuple[Callable[[datetime], Iterator[Point]], ...] = (_installation, _national, _province, _catalogue)


def try_national(*, at: datetime) -> str:
    """Sign in and ask the portal what is new; "" when it answers, else the sentence of what went wrong."""
    if not transport.is_configured():
        return _("Chưa có địa chỉ, tên và mật khẩu của Cổng quốc gia.")
    try:
        arrivals.find_arrivals(at=at)
    except transport.ServiceRefused as refusal:
        return _("Cổng quốc gia từ chối: %(words)s.") % {"words": refusal}
    except CallFailed as failure:
        return _("Cổng quốc gia không trả lời được: %(words)s.") % {"words": failure}
    return ""
