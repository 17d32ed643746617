"""Opening an account: one person, one account, and nobody gets into another person's dossiers by a known
number."""

import secrets
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account, Person
from accounts.people import change_details, find_or_create_person
from accounts.permissions import may
from accounts.posts import reset_password
from journal import audit_log
from vietnam.identity import PersonalNumber
from vietnam.phone import normalise_phone
from vietnam.text import fold, normalise_name


class RegistrationRefused(Exception):
    """No account can be opened; `sentence` says why and what to do, `field` where."""

    def __init__(self, sentence: object, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


_HAS_ACCOUNT = _("Số định danh này đã có tài khoản. Hãy đăng nhập; nếu quên mật khẩu, mang căn cước đến quầy một cửa.")
_OTHER_DETAILS = _(
    "Số định danh này đã có hồ sơ tại quầy, nhưng họ tên, ngày sinh hoặc số điện thoại chưa khớp. "
    "Hãy nhập đúng như đã khai tại quầy, hoặc mang căn cước đến quầy một cửa để được mở tài khoản."
)
_STAFF_ACCOUNT = _("Đây là tài khoản của cán bộ. Chỉ quản trị viên cấp lại mật khẩu cho cán bộ.")
_EMAIL_TAKEN = _("Địa chỉ thư điện tử này đã dùng cho tài khoản khác. Hãy nhập địa chỉ khác hoặc để trống.")


@transaction.atomic
def register_account(
    number: str,
    *,
    full_name: str,
    password: str,
    phone: str,
    birth_date: date | None = None,
    email: str = "",
    language: str = "vi",
    today: date,
) -> Account:
    """Open the account of the person with this twelve-digit number.

    A person whom a counter already knows is joined only when name, telephone and (where recorded) birth
    date agree. Raises `RegistrationRefused`, `vietnam.identity.InvalidNumber`,
    `vietnam.phone.InvalidPhone`.
    """
    digits = str(PersonalNumber.parse(number, today))
    name, phone, email = normalise_name(full_name), normalise_phone(phone), email.strip()
    person, created = find_or_create_person(
        digits, full_name=name, birth_date=birth_date, phone=phone, email=email, today=today
    )
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.account_id or Account.objects.filter(username=digits).exists():
        raise RegistrationRefused(_HAS_ACCOUNT, "number")
    if not created and not _same_person(person, name, phone, birth_date):
        raise RegistrationRefused(_OTHER_DETAILS)
    try:
        with transaction.atomic():
            account = Account.objects.create_account(
                digits, password, full_name=person.full_name, email=email, language=language
            )
    except IntegrityError as error:
        if "account_email_once" in str(error):
            raise RegistrationRefused(_EMAIL_TAKEN, "email")
        raise RegistrationRefused(_HAS_ACCOUNT, "number")
    change_details(person, account=account, email=person.email or email, birth_date=person.birth_date or birth_date)
    return account


def _same_person(known: Person, name: str, phone: str, birth_date: date | None) -> bool:
    return (
        fold(known.full_name) == fold(name)
        and bool(known.phone)
        and known.phone == phone
        and known.birth_date in (None, birth_date)
    )


@transaction.atomic
def account_at_counter(person: Person, *, by: Actor) -> tuple[Account, str]:
    """Open the account of somebody whose identity a counter has checked, or give it a new password.

    Returns the account and its initial password, which is kept nowhere. Raises `RegistrationRefused` for the
    account of a member of staff, which only an administrator may touch.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("account").get(pk=person.pk)
    if person.account is None:
        password = secrets.token_urlsafe(9)
        account = Account.objects.create_account(
            person.personal_number or "", password, full_name=person.full_name, password_is_initial=True
        )
        change_details(person, account=account)
        audit_log.record_entry(
            "account_opened_at_counter",
            f"account:{account.pk}",
            actor=by.label,
            origin=by.origin,
            request_id=by.request_id,
        )
        return account, password
    if not may(by, "reset_password", person.account):
        raise RegistrationRefused(_STAFF_ACCOUNT, "number")
    return person.account, reset_password(person.account, by=by)
