"""What people hear about their accounts: codes, and every change that they must know of if it was not theirs."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.signals import account_notice, code_wanted
from notices.kinds import Kind, register_kind
from notices.models import Channel
from notices.notify import Recipient, notify
from vietnam.dates import format_moment

CODE, CHANGE = "account_code", "account_change"
register_kind(
    Kind(
        CODE,
        _("Mã xác thực tài khoản"),
        {"code": "123456", "minutes": 10, "purpose": "Đặt lại mật khẩu"},
        urgent=True,
        secret=True,
    ),
    Kind(
        CHANGE,
        _("Tài khoản có thay đổi"),
        {"what": "Mật khẩu đã đổi.", "time": "09:10, 23/11/2026"},
        urgent=True,
    ),
)
# What happened, by the kind that `accounts` names it with.
_WHAT: dict[str, str | Promise] = {
    "account_proven": _("Tài khoản của bạn đã được xác thực: %(method)s, %(level)s."),
    "account_claim_lost": _(
        "Số định danh bạn khai khi mở tài khoản thuộc về người khác nên đã gỡ khỏi tài khoản này. Từ nay hãy đăng nhập "
        "bằng tên %(username)s hoặc thư điện tử. Nếu bạn gõ nhầm số: mở tài khoản bằng số đúng và xác thực, rồi ở "
        "trang “Tài khoản của tôi” chuyển hồ sơ đã gửi sang đó."
    ),
    "account_brought_over": _(
        "Hồ sơ đã gửi từ tài khoản %(username)s nay thuộc tài khoản của bạn; tài khoản kia đã đóng. Nếu không phải bạn "
        "làm, hãy báo ngay cho quầy một cửa."
    ),
    "authorisation_confirmed": _(
        "Quầy một cửa đã xác nhận bạn ủy quyền cho %(grantee)s: %(scope)s. Bạn thu hồi được ở trang “Tài khoản của "
        "tôi”."
    ),
    "authorisation_revoked": _("Ủy quyền của bạn cho %(grantee)s đã thu hồi."),
    "authorisation_lost": _("%(grantor)s đã thu hồi ủy quyền cho bạn. Bạn không làm thay người đó được nữa."),
    "representation_granted": _("Từ nay bạn làm thay %(enterprise)s với tư cách người đại diện theo pháp luật."),
    "representation_added": _(
        "Thêm một người được ghi nhận là người đại diện theo pháp luật của %(enterprise)s. Nếu không đúng, hãy báo "
        "ngay cho quầy một cửa."
    ),
    "representation_ended": _("Bạn không còn làm thay %(enterprise)s được nữa."),
    "second_factor_added": _("Một yếu tố xác thực thứ hai đã được thêm vào tài khoản của bạn."),
    "second_factor_removed": _("Yếu tố xác thực thứ hai của tài khoản bạn đã được gỡ."),
    "recovery_asked": _("%(by)s yêu cầu gỡ yếu tố xác thực thứ hai của bạn; quản trị viên thứ hai sẽ quyết định."),
    "password_reset_by_staff": _("%(by)s đã cấp cho bạn mật khẩu mới. Lần đăng nhập tới bạn phải đặt mật khẩu riêng."),
    "details_corrected": _(
        "Quầy một cửa đã sửa thông tin trên hồ sơ cá nhân của bạn theo căn cước. Xem ở trang “Tài khoản của tôi”; nếu "
        "không phải bạn yêu cầu, hãy báo ngay cho quầy một cửa."
    ),
    "contact_changed": _(
        "Liên hệ của bạn đã đổi: mã xác thực và tin về hồ sơ từ nay gửi đến liên hệ mới. Nếu không phải bạn, hãy báo "
        "ngay cho quầy một cửa."
    ),
    "password_changed": _("Mật khẩu tài khoản của bạn đã đổi."),
}


@receiver(code_wanted)
def on_code_wanted(
    sender: Any,
    account: Account,
    purpose: str,
    code: str,
    email: str,
    phone: str,
    minutes: int,
    key: str,
    at: datetime,
    **_kw: Any,
) -> None:
    with translation.override(account.language):
        facts = {"code": code, "minutes": minutes, "purpose": str(_PURPOSES[purpose])}
    order = tuple([Channel.EMAIL] * bool(email) + [Channel.SMS] * bool(phone))
    recipient = Recipient(account=account, address=email, phone=phone, language=account.language, order=order)
    link = reverse("password-reset-code" if purpose == "reset" else "prove-account")
    notify(key, [recipient], CODE, facts, link=link, at=at, on_portal=False)


_PURPOSES = {"prove": _("Xác thực tài khoản"), "reset": _("Đặt lại mật khẩu")}


@receiver(account_notice)
def on_account_notice(
    sender: Any, account: Account, kind: str, facts: dict[str, Any], at: datetime, **_kw: Any
) -> None:
    """On the portal and at the contacts that the account had when it happened."""
    with translation.override(account.language):
        what = str(_WHAT[kind]) % facts
    person = getattr(account, "person", None)
    recipient = Recipient(
        account=account,
        address=account.email or (person.email if person else ""),
        phone=person.phone if person else "",
        language=account.language,
    )
    shown = {"what": what, "time": format_moment(timezone.localtime(at))}
    notify(f"account:{account.pk}:{kind}:{at.isoformat()}", [recipient], CHANGE, shown, link=reverse("profile"), at=at)
