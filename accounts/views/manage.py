"""The front page of management, and the list of agencies."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.administration import administered_agencies, administers_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from accounts.signals import warnings_wanted
from accounts.staff_forms import AgencyForm
from accounts.upkeep import correct_agency
from agencies.models import Agency
from agencies.search import agencies_matching
from core.pagination import page_of

Role = StaffPost.Role
_BOTH = frozenset({Role.CONTROLLER, Role.ADMINISTRATOR})
_CONTROLLER, _ADMINISTRATOR = frozenset({Role.CONTROLLER}), frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class _Place:
    name: str
    label: Promise
    note: Promise
    roles: frozenset[str]
    of_province: bool = False  # not for administrators of one agency


# By name of the address, because the catalogue's pages belong to an app above this one.
_PLACES = [
    _Place(
        "manage-catalogue",
        gettext_lazy("Danh mục thủ tục"),
        gettext_lazy("Các bản công bố và lịch sử của từng thủ tục"),
        _CONTROLLER,
    ),
    _Place(
        "manage-editions",
        gettext_lazy("Dự thảo và công bố"),
        gettext_lazy("Soạn, soát, duyệt, công bố; việc nào quá hạn"),
        _CONTROLLER | {Role.SUPERVISOR, Role.LEADER},
    ),
    _Place(
        "manage-updates",
        gettext_lazy("Cập nhật từ quốc gia"),
        gettext_lazy("Nhận, điều chỉnh hoặc giữ nguyên từng điều"),
        _CONTROLLER,
    ),
    _Place(
        "manage-replacements",
        gettext_lazy("Giấy tờ thay bằng dữ liệu"),
        gettext_lazy("Áp dụng bảng thủ tục, giấy tờ, cơ sở dữ liệu"),
        _CONTROLLER,
    ),
    _Place(
        "payment-accounts",
        gettext_lazy("Tài khoản thu"),
        gettext_lazy("Nơi từng cơ quan thu tiền, loạt biên lai, điều còn thiếu"),
        _ADMINISTRATOR,
    ),
    _Place(
        "manage-evaluation",
        gettext_lazy("Sử dụng và đánh giá"),
        gettext_lazy("Thủ tục ít dùng, hay bổ sung, luôn trễ; kiến nghị và kết quả"),
        _CONTROLLER | {Role.SUPERVISOR, Role.LEADER},
    ),
    _Place(
        "manage-queries",
        gettext_lazy("Điểm chờ xác nhận"),
        gettext_lazy("Thời hạn, phí, giấy tờ chưa rõ trong dữ liệu nhập"),
        _CONTROLLER,
    ),
    _Place(
        "manage-confirmations",
        gettext_lazy("Chờ người thứ hai duyệt"),
        gettext_lazy("Điều được đề xuất xác nhận, từng điểm; duyệt hoặc trả lại"),
        _CONTROLLER | {Role.SUPERVISOR, Role.LEADER},
    ),
    _Place(
        "manage-competence",
        gettext_lazy("Thẩm quyền"),
        gettext_lazy("Cơ quan nào giải quyết lĩnh vực nào, ở cấp nào"),
        _CONTROLLER,
    ),
    _Place(
        "manage-imports",
        gettext_lazy("Các lần nhập danh mục"),
        gettext_lazy("Kết quả từng lần nhập dữ liệu quốc gia"),
        _CONTROLLER,
    ),
    _Place(
        "manage-routes",
        gettext_lazy("Quy trình nội bộ"),
        gettext_lazy("Bản nháp chờ áp dụng; nhập quy trình từ bảng"),
        frozenset({Role.CONTROLLER, Role.SUPERVISOR}),
    ),
    _Place(
        "manage-staff",
        gettext_lazy("Cán bộ và vị trí"),
        gettext_lazy("Giao, kết thúc, ủy quyền vị trí; khóa tài khoản"),
        _ADMINISTRATOR,
    ),
    _Place(
        "manage-recoveries",
        gettext_lazy("Khôi phục yếu tố thứ hai"),
        gettext_lazy("Yêu cầu chờ quản trị viên thứ hai duyệt"),
        _ADMINISTRATOR,
    ),
    _Place(
        "manage-notices",
        gettext_lazy("Lời thông báo"),
        gettext_lazy("Nội dung báo tin theo kênh; thông báo không gửi được"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-go-live",
        gettext_lazy("Trước khi đưa vào dùng"),
        gettext_lazy("Những gì tỉnh còn phải đặt: máy chủ, Cổng quốc gia, cán bộ, danh mục"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-connections",
        gettext_lazy("Kết nối với hệ thống khác"),
        gettext_lazy("Tình trạng từng nơi kết nối; địa chỉ nhận tin, tin đã gửi và gửi lại"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-destruction",
        gettext_lazy("Hồ sơ hết thời hạn bảo quản"),
        gettext_lazy("Danh mục tiêu hủy: lập, xem lại, duyệt; biên bản tiêu hủy"),
        _ADMINISTRATOR,
    ),
    _Place(
        "manage-moving",
        gettext_lazy("Chuyển hồ sơ từ hệ thống cũ"),
        gettext_lazy("Kiểm tra từng hàng, đưa vào dùng, rút lại cả đợt"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-calendars",
        gettext_lazy("Lịch làm việc"),
        gettext_lazy("Ngày nghỉ, ngày làm bù và văn bản quyết định"),
        _BOTH,
    ),
    _Place(
        "manage-papers",
        gettext_lazy("Mẫu giấy tờ"),
        gettext_lazy("Lời văn của giấy hẹn, phiếu, thông báo, sổ: soạn, xem thử, đưa vào dùng"),
        _BOTH,
        of_province=True,
    ),
    _Place(
        "manage-report-forms",
        gettext_lazy("Mẫu của biểu báo cáo"),
        gettext_lazy("Tên, số, tiêu đề và thứ tự cột, chỗ ký của biểu quý, năm; bản nháp chờ áp dụng"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-agencies",
        gettext_lazy("Các cơ quan"),
        gettext_lazy("Thêm cơ quan; tên, trực thuộc, lịch, mã định danh, địa chỉ"),
        _BOTH,
    ),
    _Place(
        "manage-agency-changes",
        gettext_lazy("Sáp nhập, chia tách, kết thúc cơ quan"),
        gettext_lazy("Xem trước việc nào chuyển đi, ngày áp dụng, người thứ hai duyệt; hủy khi nhầm"),
        _ADMINISTRATOR,
        of_province=True,
    ),
    _Place(
        "manage-systems",
        gettext_lazy("Các hệ thống kết nối"),
        gettext_lazy("Cấp, đổi, thu hồi mã truy cập của hệ thống khác"),
        _ADMINISTRATOR,
        of_province=True,
    ),
]


@open_to(Role.CONTROLLER, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.LEADER)
def index(request: HttpRequest) -> HttpResponse:
    items = [
        {"label": place.label, "note": place.note, "url": url}
        for place in _PLACES
        if request.actor.role in place.roles
        and (not place.of_province or request.actor.role != Role.ADMINISTRATOR or administers_province(request.actor))
        and (url := _url(place.name))
    ]
    warnings: list[str] = []
    if administers_province(request.actor):
        told = warnings_wanted.send(sender=StaffPost, actor=request.actor)
        warnings = [sentence for _receiver, said in told for sentence in said]
    return render(request, "accounts/manage/index.html", {"items": items, "warnings": warnings})


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@open_to(Role.CONTROLLER, Role.ADMINISTRATOR)
def agencies(request: HttpRequest) -> HttpResponse:
    text, kind = request.GET.get("q", "").replace("\0", "")[:100], request.GET.get("kind", "")
    known = Agency.objects.valid().select_related("territory")
    if request.actor.role == Role.ADMINISTRATOR:
        known = known.filter(pk__in=administered_agencies(request.actor).values("pk"))
    found = agencies_matching(known, text)
    if kind in Agency.Kind.values:
        found = found.filter(kind=kind)
    chips = []
    if text:
        chips.append({"label": text, "remove_url": f"?kind={kind}" if kind else "?"})
    if kind in Agency.Kind.values:
        query = request.GET.copy()
        query.pop("kind")
        chips.append({"label": str(Agency.Kind(kind).label), "remove_url": f"?{query.urlencode()}"})
    page = page_of(found, request, by=("sort_key", "id"))
    return render(
        request,
        "accounts/manage/agencies.html",
        {"page": page, "q": text, "kind": kind, "kinds": Agency.Kind.choices, "chips": chips, "total": found.count()},
    )


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    own = administered_agencies(request.actor).select_related("territory", "parent", "calendar", "successor")
    record = get_object_or_404(own, pk=pk)
    form = AgencyForm(request.POST or request.kept or None, instance=record)
    if request.method == "POST" and form.is_valid():
        correct_agency(
            Agency.objects.get(pk=pk), by=request.actor, **{name: form.cleaned_data[name] for name in form.fields}
        )
        messages.success(request, _("Đã lưu thông tin của cơ quan."))
        return redirect("manage-agency", pk=pk)
    return render(
        request,
        "accounts/manage/agency.html",
        {
            "agency": record,
            "form": form,
            "desks": record.desks.all()[:20],
            "whole_province": administers_province(request.actor),
        },
    )
