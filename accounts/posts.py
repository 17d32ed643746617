"""Staff posts: which hold at a time, and how they are given, ended and delegated."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import units
from accounts.actors import Actor
from accounts.administration import administers, roles_to_give
from accounts.models import Account, Person, StaffPost
from accounts.models.accounts import is_somebodys_number
from agencies.models import Agency, Desk
from core.kept_queries import KeptQuery
from core.refusals import Refused
from journal import audit_log

SIGNERS = (StaffPost.Role.LEADER, StaffPost.Role.UNIT_HEAD)


_CITIZENS = _(
    "Đây là tài khoản của người dân, không giao vị trí được. Hãy đặt một tên đăng nhập dùng cho công việc, "
    "ví dụ an.nguyen."
)


class PostRefused(Refused):
    """A post cannot be given, ended or delegated so."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__("post_refused", sentence)


def posts_held(posts: QuerySet[StaffPost], *, on: date) -> QuerySet[StaffPost]:
    """Those that hold on a day; a delegation holds only while the post it comes from does."""
    return posts.filter(_holds("", on)).filter(Q(delegated_by__isnull=True) | _holds("delegated_by__", on))


def _holds(path: str, on: date) -> Q:
    until = Q(**{f"{path}valid_to__isnull": True}) | Q(**{f"{path}valid_to__gte": on})
    return Q(**{f"{path}valid_from__lte": on}) & until


_HELD = KeptQuery(
    lambda account, on: (
        posts_held(StaffPost.objects.filter(account=account), on=on)
        .select_related("agency", "agency__calendar", "agency__territory", "desk", "desk__calendar")
        .order_by("id")
    ),
    account=-1,
    on=date(1, 1, 1),
)


def valid_posts(account: Account, *, on: date | None = None) -> list[StaffPost]:
    """The posts of `account` valid on a day (today unless given), with agency, desk and account loaded."""
    found = _HELD.records(account=account.pk, on=on or timezone.localdate())
    for post in found:
        post.account = account  # at hand: every page of staff asks this, and its join is a quarter of the columns
    return found


@transaction.atomic
def create_staff_account(username: str, *, full_name: str, email: str = "", by: Actor) -> tuple[Account, str]:
    """Open a staff account; returns it and its initial password, which is kept nowhere. Raises
    `PostRefused`."""
    if is_somebodys_number(username):
        raise PostRefused(_CITIZENS)
    password = secrets.token_urlsafe(9)
    try:
        with transaction.atomic():
            account = Account.objects.create_account(
                username, password, full_name=full_name, email=email, password_is_initial=True
            )
    except IntegrityError:
        raise PostRefused(_("Tên đăng nhập hoặc thư điện tử này đã có người dùng. Hãy chọn tên khác."))
    _record("staff_account_opened", f"account:{account.pk}", by, username=account.username)
    return account, password


@transaction.atomic
def add_post(
    account: Account,
    *,
    agency: Agency,
    role: str,
    desk: Desk | None = None,
    title: str = "",
    unit: str = "",
    phone: str = "",
    valid_from: date,
    valid_to: date | None = None,
    by: Actor,
) -> StaffPost:
    """Give `account` a post at an agency. Raises `PostRefused`."""
    if by.post is not None and not (administers(by, agency) and role in roles_to_give(by)):
        raise PostRefused(_("Bạn chỉ giao vị trí của cơ quan mình. Hãy nhờ quản trị viên của tỉnh giao vị trí này."))
    if by.account_id == account.pk:
        raise PostRefused(_("Không ai tự giao vị trí cho mình. Hãy nhờ quản trị viên khác."))
    # Or an administrator could give a post to anybody's account, then a new password, and act as that citizen.
    if Person.objects.filter(account=account).exists():
        raise PostRefused(_CITIZENS)
    if role == StaffPost.Role.COUNTER and (desk is None or desk.agency_id != agency.pk):
        raise PostRefused(_("Cán bộ một cửa phải gắn với một quầy của cơ quan này. Hãy chọn quầy."))
    _check_title(role, title)
    if valid_to and valid_to < valid_from:
        raise PostRefused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    same = StaffPost.objects.filter(account=account, agency=agency, role=role, delegated_by__isnull=True)
    if same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)).exists():
        raise PostRefused(_("Người này đang giữ đúng vị trí đó. Hãy kết thúc vị trí cũ trước khi giao lại."))
    post = StaffPost.objects.create(
        account=account,
        agency=agency,
        role=role,
        desk=desk,
        title=title,
        unit=units.name_as_written(agency.pk, unit),
        phone=phone,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _record("post_given", f"post:{post.pk}", by, account=account.pk, agency=agency.code, role=role)
    return post


def _check_title(role: str, title: str) -> None:
    """Who signs for an agency signs by a title of that agency (Decree 30/2020/NĐ-CP, Annex I)."""
    if role in SIGNERS and not title.strip():
        raise PostRefused(
            _("Người ký văn bản ký theo chức danh được bổ nhiệm, ví dụ Phó Chủ tịch. Hãy nhập chức danh.")
        )


@transaction.atomic
def describe_post(post: StaffPost, *, title: str, unit: str, phone: str, by: Actor) -> StaffPost:
    """Give a post another title, unit and telephone; issued papers keep theirs, and reports count all its work by the
    new unit. The unit's name written otherwise is written so for all its posts. Raises `PostRefused`."""
    _check_title(post.role, title)
    post = StaffPost.objects.select_for_update().get(pk=post.pk)
    if units.is_spelling(post.unit, unit):
        number = units.rename_unit(post.agency_id, post.unit, unit)
        _record("unit_renamed", f"agency:{post.agency_id}", by, unit=[post.unit, unit], posts=number)
    else:
        unit = units.name_as_written(post.agency_id, unit)
    given = {"title": title, "unit": unit, "phone": phone}
    changes = {name: [getattr(post, name), value] for name, value in given.items()}
    for name, value in given.items():
        setattr(post, name, value)
    post.save(update_fields=list(given))
    _record("post_described", f"post:{post.pk}", by, **changes)
    return post


@transaction.atomic
def add_post_by_name(username: str, *, full_name: str, email: str, by: Actor, **post: Any) -> tuple[StaffPost, str]:
    """Give a post to whoever signs in by this name, opening the account when there is none.

    Returns the post and the initial password of a new account ("" for a known one). Raises `PostRefused`.
    """
    account, password = Account.objects.filter(username=username).first(), ""
    if account is None:
        account, password = create_staff_account(username, full_name=full_name, email=email, by=by)
    return add_post(account, by=by, **post), password


@transaction.atomic
def end_post(post: StaffPost, *, last_day: date, by: Actor) -> StaffPost:
    """Let a post hold until the end of `last_day`; the day before its first takes it back. Raises `PostRefused`."""
    post = StaffPost.objects.select_for_update().get(pk=post.pk)
    if post.valid_to and post.valid_to <= last_day:
        raise PostRefused(_("Vị trí này đã kết thúc trước ngày đó."))
    if last_day < post.valid_from - timedelta(days=1):
        raise PostRefused(_("Ngày cuối sớm nhất là hôm trước ngày bắt đầu; khi đó vị trí bị thu hồi hẳn."))
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    _record("post_ended", f"post:{post.pk}", by, last_day=last_day.isoformat())
    return post


@transaction.atomic
def move_post(
    post: StaffPost,
    *,
    agency: Agency,
    role: str,
    desk: Desk | None,
    title: str,
    unit: str,
    phone: str,
    first_day: date,
    by: Actor,
) -> StaffPost:
    """Let whoever holds a post hold another one from a day on, the old one until the day before. Raises
    `PostRefused`; then neither changes.

    What the post was working on stays with its agency, as when a post ends; its work stays counted with its unit.
    """
    if post.delegated_by_id:
        raise PostRefused(_("Vị trí được ủy quyền không chuyển được. Hãy chuyển vị trí gốc."))
    if (post.agency_id, post.role, post.desk_id, post.unit) == (agency.pk, role, desk and desk.pk, unit):
        raise PostRefused(_("Đó chính là vị trí đang giữ. Hãy chọn cơ quan, vai trò, quầy hoặc phòng khác."))
    end_post(post, last_day=first_day - timedelta(days=1), by=by)
    moved = add_post(
        post.account,
        agency=agency,
        role=role,
        desk=desk,
        title=title,
        unit=unit,
        phone=phone,
        valid_from=first_day,
        by=by,
    )
    _record("post_moved", f"post:{moved.pk}", by, moved_from=post.pk)
    return moved


@transaction.atomic
def delegate_post(post: StaffPost, *, to: Account, valid_from: date, valid_to: date, by: Actor) -> StaffPost:
    """Let another account act in this post for a time. Raises `PostRefused`."""
    post = StaffPost.objects.select_for_update().get(pk=post.pk)
    if post.delegated_by_id:
        raise PostRefused(_("Vị trí được ủy quyền không ủy quyền tiếp được."))
    if to.pk == post.account_id:
        raise PostRefused(_("Không thể ủy quyền cho chính mình. Hãy chọn người khác."))
    if by.account_id == to.pk:
        raise PostRefused(_("Không ai tự ủy quyền vị trí của người khác cho mình. Hãy nhờ quản trị viên khác."))
    if not to.is_active:
        raise PostRefused(_("Tài khoản này đang bị khóa. Hãy chọn người khác."))
    if valid_to < valid_from:
        raise PostRefused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    if valid_from < post.valid_from or (post.valid_to and valid_to > post.valid_to):
        raise PostRefused(_("Thời gian ủy quyền phải nằm trong thời gian giữ vị trí."))
    already = post.delegations.filter(account=to, valid_from__lte=valid_to, valid_to__gte=valid_from)
    if already.exists():
        raise PostRefused(_("Người này đã được ủy quyền trong thời gian đó."))
    delegation = StaffPost.objects.create(
        account=to,
        agency_id=post.agency_id,
        desk_id=post.desk_id,
        role=post.role,
        title=post.title,
        unit=post.unit,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_by=post,
    )
    _record("post_delegated", f"post:{delegation.pk}", by, delegated_by=post.pk, account=to.pk)
    return delegation


def set_active(account: Account, active: bool, *, by: Actor) -> None:
    """Lock an account at once (its sessions end with the next request), or open it again."""
    account.is_active = active
    account.save(update_fields=["is_active"])
    _record("account_opened" if active else "account_locked", f"account:{account.pk}", by)


def _record(verb: str, subject: str, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(verb, subject, by=by, **changes)
