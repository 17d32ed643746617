"""Bringing what somebody filed with an unproven account of theirs over to their proven one.

Whoever mistyped their number at signing up filed under an account that nobody can prove: the number is another
person's, and a counter may have taken it away (`identities.reject_claim`). Holding both accounts shows whose the
filings are: the proven one is signed in, the other one's password is given, and name and day of birth fit.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account, Level, Person
from accounts.people import change_details, differences, merge_people
from accounts.sessions import end_sessions
from accounts.signals import account_notice
from core.refusals import Refused
from journal import audit_log

NOT_PROVEN = _(
    "Hãy xác thực tài khoản này trước: chỉ người đã chứng minh mình là ai mới nhận được hồ sơ đã gửi từ nơi khác."
)
_SAME = _("Đây chính là tài khoản đang dùng. Hãy nhập tài khoản kia.")
_NOT_SELF_MADE = _(
    "Tài khoản kia không phải tài khoản tự mở chưa xác thực, nên không chuyển ở đây được. Hãy mang căn cước đến quầy "
    "một cửa."
)
_UNLIKE = _(
    "Họ tên hoặc ngày sinh đã khai ở tài khoản kia khác với của bạn, nên chưa chuyển gì. Hãy mang căn cước đến quầy "
    "một cửa."
)


@transaction.atomic
def bring_over(former: Account, *, by: Actor, at: datetime) -> Person:
    """Let everything filed with the self-made account `former` belong to who acts; the account ends.

    Whoever calls has checked the password of `former`. Raises Refused; `accounts.people.CorrectionRefused` when
    both have what only one may have.
    """
    held = Account.objects.select_for_update().filter(pk__in=(former.pk, by.account_id)).order_by("pk")
    accounts = {account.pk: account for account in held}
    former, own = accounts[former.pk], by.person
    if own is None or own.self_declared or by.level == Level.DECLARED:
        raise Refused("not_proven", NOT_PROVEN)
    if former.pk == by.account_id:
        raise Refused("same_account", _SAME, field="login")
    filed_as = Person.objects.select_for_update().filter(account=former).first()
    made_by_itself = filed_as is not None and filed_as.self_declared and former.level == Level.DECLARED
    if filed_as is None or not made_by_itself or former.posts.exists() or not former.is_active:
        raise Refused("not_self_made", _NOT_SELF_MADE, field="login")
    if differences(own, full_name=filed_as.full_name, birth_date=filed_as.birth_date):
        raise Refused("differs", _UNLIKE)
    change_details(filed_as, account=None)
    kept = merge_people(filed_as, into=own, by=by, reason="own_account", at=at)
    former.is_active, former.email = False, ""  # the address now leads to the account that stays
    former.save(update_fields=["is_active", "email", "search_key"])
    end_sessions(former.sessions.all())
    audit_log.record_entry("account_brought_over", f"account:{former.pk}", by=by, into=by.account_id, person=kept.pk)
    account_notice.send(
        sender=Account, account=by.account, kind="account_brought_over", facts={"username": former.username}, at=at
    )
    return kept
