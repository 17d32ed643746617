"""Opening an account of one's own, or at a counter. Knowing a number opens nothing: see accounts.identities."""

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.identities import CARD_ISSUER, Proof, prove_account, reject_claim
from accounts.models import Account, Identity, Level, Person
from accounts.passwords import reset_password
from accounts.people import LONGEST_NAME, change_details, differences, require_fitting_birth, search_key
from accounts.permissions import may
from accounts.recovery import remove_factors
from core.refusals import Refused
from journal import audit_log
from vietnam.dates import BirthDate
from vietnam.documents import DocumentKind, IdentityDocument
from vietnam.identity import PersonalNumber
from vietnam.phone import normalise_phone
from vietnam.text import normalise_name


class RegistrationRefused(Refused):
    """No account can be opened; the sentence says why and what to do."""

    def __init__(self, sentence: str | Promise, field: str | None = None) -> None:
        super().__init__("not_registered", sentence, field=field)


_HAS_ACCOUNT = _(
    "Số định danh này đã có tài khoản. Hãy đăng nhập, hoặc đặt lại mật khẩu. Nếu không phải bạn mở, hãy đăng nhập bằng "
    "định danh điện tử hoặc mang căn cước đến quầy một cửa."
)
_STAFF_ACCOUNT = _("Đây là tài khoản của cán bộ. Chỉ quản trị viên cấp lại mật khẩu cho cán bộ.")
_EMAIL_TAKEN = _("Địa chỉ thư điện tử này đã dùng cho tài khoản khác. Hãy nhập địa chỉ khác hoặc để trống.")
_CLAIM_DIFFERS = _(
    "Họ tên hoặc ngày sinh mà tài khoản này tự khai khác với căn cước, nên không xác thực được cho người này. Hãy chọn "
    "“Không phải của người này”, rồi mở tài khoản mới cho người này tại quầy."
)
_CLAIM_OPEN = _(
    "Số định danh này có một tài khoản tự mở, chưa xác thực. Hãy quyết định về tài khoản đó trước: là của "
    "người này, hay không."
)
_NO_PAPER = _("Chưa có giấy tờ nào của người này trong hệ thống. Hãy sửa hồ sơ người này theo giấy tờ trước.")


def personal_document(number: str, today: date | None = None) -> IdentityDocument:
    """Raises `vietnam.identity.InvalidNumber`."""
    return IdentityDocument.parse(DocumentKind.PERSONAL_NUMBER, number, today=today)


def login_of(document: IdentityDocument) -> str:
    """The sign-in name of who is known by this paper: the personal number, else "m12345678@kr". People may type the
    number alone (`accounts.backends.login_name`)."""
    return document.number if document.is_personal else f"{document.number}@{document.country}".lower()


@transaction.atomic
def register_account(
    number: str | IdentityDocument,
    *,
    full_name: str,
    password: str,
    phone: str,
    birth_date: BirthDate | None = None,
    email: str = "",
    language: str = "vi",
    today: date,
) -> Account:
    """Open an unproven account whose holder says that this is their personal number (a text) or another paper.

    It is joined to nobody whom a counter knows, and the answer is the same whether one does. Raises
    `RegistrationRefused`, `accounts.people.BirthDateDiffers`, `vietnam.identity.InvalidNumber`,
    `vietnam.phone.InvalidPhone`.
    """
    document = number if isinstance(number, IdentityDocument) else personal_document(number, today)
    name, phone, email = normalise_name(full_name)[:LONGEST_NAME], normalise_phone(phone), email.strip()
    sex, login = "", login_of(document)
    if document.is_personal:
        require_fitting_birth(document.number, birth_date)
        sex = str(PersonalNumber(document.number).sex)
    if Account.objects.filter(username=login).exists() or Person.objects.filter(claimed_number=document.key).exists():
        raise RegistrationRefused(_HAS_ACCOUNT, "number")
    try:
        with transaction.atomic():
            account = Account.objects.create_account(login, password, full_name=name, email=email, language=language)
            Person.objects.create(
                claimed_number=document.key,
                self_declared=True,
                full_name=name,
                birth_date=birth_date,
                sex=sex,
                phone=phone,
                email=email,
                account=account,
                search_key=search_key(name, document.number, phone),
            )
    except IntegrityError as error:
        if "account_email_once" in str(error):
            raise RegistrationRefused(_EMAIL_TAKEN, "email")
        raise RegistrationRefused(_HAS_ACCOUNT, "number")
    return account


@transaction.atomic
def account_at_counter(person: Person, *, by: Actor, at: datetime) -> tuple[Account, str]:
    """Open the account of somebody whose card a counter has seen, or give it a new password; it is proven by that.

    Returns the account and its initial password, which is kept nowhere. Raises `RegistrationRefused` for the
    account of a member of staff, which only an administrator may touch, and while an unproven account claims the
    number.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("account").get(pk=person.pk)
    if person.account is None:
        document = person.identity
        if document is None:
            raise RegistrationRefused(_NO_PAPER, "number")
        if Person.objects.filter(claimed_number=document.key).exists():
            raise RegistrationRefused(_CLAIM_OPEN, "number")
        password = secrets.token_urlsafe(9)
        account = Account.objects.create_account(
            login_of(document), password, full_name=person.full_name, password_is_initial=True
        )
        change_details(person, account=account)
        audit_log.record_entry(
            "account_opened_at_counter",
            f"account:{account.pk}",
            by=by,
        )
    else:
        if not may(by, "reset_password", person.account):
            raise RegistrationRefused(_STAFF_ACCOUNT, "number")
        account, password = person.account, reset_password(person.account, by=by, at=at)
        remove_factors(account, at=at)  # whoever shows the card need not have the lost telephone
    prove_account(account, card_proof(person, by), by=by, at=at)
    account.refresh_from_db(fields=["level", "full_name"])
    return account, password


def card_proof(person: Person, by: Actor) -> Proof:
    """What a member of staff vouches for who has seen the card."""
    return Proof(
        issuer=CARD_ISSUER,
        subject=str(person.pk),
        level=Level.IDENTITY,
        method=Identity.Method.CARD,
        number=person.identity.key if person.identity else "",
        full_name=person.full_name,
        birth_date=person.birth_date,
        proven_by=by.label[:200],
    )


@transaction.atomic
def decide_claim(person: Person, claim: Person, *, theirs: bool, by: Actor, at: datetime) -> None:
    """A counter that has seen the card says whether the unproven account `claim` is this person's.

    Raises `accounts.identities.ProofRefused`, and `RegistrationRefused` where the account calls itself otherwise than
    the card does.
    """
    if theirs and claim.account is not None:
        if differences(person, full_name=claim.full_name, birth_date=claim.birth_date):
            raise RegistrationRefused(_CLAIM_DIFFERS)
        prove_account(claim.account, card_proof(person, by), by=by, at=at)
    else:
        reject_claim(claim, by=by, at=at)
