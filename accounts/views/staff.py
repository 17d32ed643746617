"""Staff and their posts, for administrators."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import posts
from accounts.lookups import answer_lookup, lookup_text
from accounts.models import Account, StaffPost
from accounts.passwords import reset_password
from accounts.permissions import STAFF, may, open_to, require_permission, visible
from accounts.sessions import end_sessions
from accounts.staff_forms import DelegateForm, EndForm, MoveForm, PostDetailsForm, PostForm
from agencies.models import Agency
from agencies.search import agencies_matching
from core.pagination import page_of
from core.refusals import Refused
from core.word_search import having_words

Role = StaffPost.Role
_FORM = ["GET", "HEAD", "POST"]
_OF_A_POST = ("agency", "role", "desk", "title", "unit", "phone", "valid_from", "valid_to")


@open_to(Role.ADMINISTRATOR)
def staff(request: HttpRequest) -> HttpResponse:
    """Posts by agency, searched by person, sign-in name or agency, filtered by role; ended ones on demand."""
    if request.method == "POST":
        chosen = {"role": request.POST.get("role", "")[:20], "ended": request.POST.get("ended", "")[:1]}
        return answer_lookup(request, name="q", **chosen)
    text, role = lookup_text(request)[:100], request.GET.get("role", "")
    ended = request.GET.get("ended") == "1"
    rows = visible(
        request.actor, StaffPost.objects.select_related("account", "agency", "desk", "delegated_by__account")
    )
    if not ended:
        rows = posts.posts_held(rows, on=timezone.localdate())
    if role in Role.values:
        rows = rows.filter(role=role)
    if text.strip():
        people = having_words(Account.objects.all(), text).values("pk")
        rows = rows.filter(
            Q(account__in=people) | Q(agency__in=agencies_matching(Agency.objects.all(), text).values("pk"))
        )
    return render(
        request,
        "accounts/manage/staff.html",
        {
            "page": page_of(rows, request, by=("agency__sort_key", "role", "id")),
            "total": rows.count(),
            "q": text,
            "role": role,
            "roles": Role.choices,
            "ended": ended,
            "today": timezone.localdate(),
        },
    )


@open_to(Role.ADMINISTRATOR, refills=True)
@never_cache
@require_http_methods(_FORM)
def add(request: HttpRequest) -> HttpResponse:
    form = PostForm(request.POST or request.kept or None, by=request.actor)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            post, password = posts.add_post_by_name(
                facts["username"],
                full_name=facts["full_name"],
                email=facts["email"],
                by=request.actor,
                **{
                    name: facts[name]
                    for name in ("agency", "role", "desk", "title", "unit", "phone", "valid_from", "valid_to")
                },
            )
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Đã giao vị trí cho %(name)s.") % {"name": post.account.full_name})
            if password:
                return _show_password(request, post, password)
            return redirect("manage-post", pk=post.pk)
    return render(request, "accounts/manage/post_add.html", {"form": form})


def _show_password(request: HttpRequest, post: StaffPost, password: str) -> HttpResponse:
    """Shown once, in the answer itself, so that it is stored nowhere."""
    return render(request, "accounts/manage/initial_password.html", {"post": post, "password": password})


@open_to(Role.ADMINISTRATOR)
def post(request: HttpRequest, pk: int) -> HttpResponse:
    record = _post(request, pk)
    others = visible(request.actor, record.account.posts.exclude(pk=pk)).select_related("agency", "desk")
    return render(
        request,
        "accounts/manage/post.html",
        {
            "post": record,
            "may_change": may(request.actor, "end", record),
            "may_lock": may(request.actor, "lock", record.account),
            "others": others.order_by("-valid_from")[:50],
            "delegations": record.delegations.select_related("account").order_by("-valid_from")[:50],
            "holds": posts.posts_held(StaffPost.objects.filter(pk=pk), on=timezone.localdate()).exists(),
        },
    )


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """The title by which the holder signs, the unit that reports count by, and where applicants ring."""
    record = _post(request, pk)
    require_permission(request.actor, "end", record)
    form = PostDetailsForm(request.POST or request.kept or None, initial=_described(record))
    if request.method == "POST" and form.is_valid():
        try:
            posts.describe_post(record, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("title", str(refused.sentence))
        else:
            messages.success(request, _("Đã lưu chức danh, phòng và điện thoại."))
            return redirect("manage-post", pk=pk)
    return render(request, "accounts/manage/post_details.html", {"post": record, "form": form})


def _described(record: StaffPost) -> dict[str, str]:
    return {"title": record.title, "unit": record.unit, "phone": record.phone}


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another agency, role or desk from a day on."""
    record = _post(request, pk)
    require_permission(request.actor, "end", record)
    initial = {"agency": record.agency_id, "role": record.role, "desk": record.desk_id, **_described(record)}
    form = MoveForm(request.POST or request.kept or None, by=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            moved = posts.move_post(record, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Đã chuyển vị trí."))
            return redirect("manage-post", pk=moved.pk)
    return render(request, "accounts/manage/post_move.html", {"post": record, "form": form})


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    record = _post(request, pk)
    require_permission(request.actor, "end", record)
    form = EndForm(request.POST or request.kept or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            posts.end_post(record, last_day=form.cleaned_data["last_day"], by=request.actor)
        except Refused as refused:
            form.add_error("last_day", str(refused.sentence))
        else:
            messages.success(request, _("Đã ghi ngày kết thúc vị trí."))
            return redirect("manage-post", pk=pk)
    return render(request, "accounts/manage/post_end.html", {"post": record, "form": form})


@open_to(STAFF, refills=True)
@require_http_methods(_FORM)
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Administrators delegate any post, heads their own."""
    record = _post(request, pk)
    require_permission(request.actor, "delegate", record)
    form = DelegateForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid():
        try:
            posts.delegate_post(record, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Đã ủy quyền cho %(name)s.") % {"name": form.cleaned_data["to"].full_name})
            return redirect("manage-post", pk=pk) if request.actor.role == Role.ADMINISTRATOR else redirect("profile")
    return render(request, "accounts/manage/post_delegate.html", {"post": record, "form": form})


@open_to(Role.ADMINISTRATOR)
@never_cache
@require_POST
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock, open or give a new initial password to the account behind a post."""
    record, action = _post(request, pk), request.POST.get("action")
    if record.account_id == request.actor.account.pk:
        messages.error(request, _("Không thể khóa hay cấp lại mật khẩu cho chính mình ở đây."))
        return redirect("manage-post", pk=pk)
    if not may(request.actor, "lock", record.account):
        messages.error(
            request, _("Người này còn giữ vị trí ở cơ quan khác hay của cả tỉnh. Hãy nhờ quản trị viên của tỉnh.")
        )
        return redirect("manage-post", pk=pk)
    if action == "reset":
        return _show_password(request, record, reset_password(record.account, by=request.actor, at=timezone.now()))
    if action == "end_sessions":
        ended = end_sessions(record.account.sessions.all())
        messages.success(request, _("Đã đăng xuất ở %(number)s nơi.") % {"number": ended})
    if action in {"lock", "open"}:
        posts.set_active(record.account, action == "open", by=request.actor)
        done = (
            _("Đã mở lại tài khoản.") if action == "open" else _("Đã khóa tài khoản; các phiên đang mở hết hiệu lực.")
        )
        messages.success(request, done)
    return redirect("manage-post", pk=pk)


def _post(request: HttpRequest, pk: int) -> StaffPost:
    """One that the actor may see: of an agency they administer, or their own."""
    return get_object_or_404(visible(request.actor, _loaded()), pk=pk)


def _loaded() -> QuerySet[StaffPost]:
    return StaffPost.objects.select_related("account", "agency", "desk", "delegated_by__account")
