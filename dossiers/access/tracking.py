"""Following a dossier without signing in: state and dates by the code; more by a PIN sent to the applicant."""

import secrets
import uuid
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from core.cache import count
from core.refusals import Refused
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from journal import outbox
from notices.choices import Recipient, ways_to_reach
from vietnam.typed import plain_characters

PIN_DIGITS = 6
TRIES = 5
ASK_AGAIN = timedelta(minutes=5)
PIN_ORDER = ("email", "sms")


def find_by_code(code: str) -> Dossier | None:
    """The dossier of a code as people type it: case, separators and blanks do not matter."""
    sent = Dossier.objects.sent().select_related("edition", "settling_agency", "receiving_agency", "return_desk")
    return dossier_by_code(sent, code)


@transaction.atomic
def send_pin(dossier: Dossier) -> None:
    """Send a new PIN to the applicant, by e-mail, else by SMS. Refused when asked again too soon or without either."""
    if not pin_goes_by(dossier):
        raise Refused(
            "no_address",
            _("Hồ sơ không có thư điện tử hay điện thoại nhận được tin. Hãy đăng nhập, hoặc mang giấy tờ đến quầy."),
        )
    if not cache.add(f"pin-sent:{dossier.pk}", 1, timeout=int(ASK_AGAIN.total_seconds())):
        raise Refused("too_soon", _("Mã PIN vừa được gửi. Hãy xem thư hoặc tin nhắn, hoặc thử lại sau 5 phút."))
    outbox.record_message("dossiers.pin", {"dossier": dossier.pk, "asked": uuid.uuid4().hex})


def pin_goes_by(dossier: Dossier) -> str:
    """The channel over which a PIN would go: e-mail, else SMS; "" when neither can."""
    found = ways_to_reach(Recipient(None, dossier.contact_email, phone=dossier.contact_phone, order=PIN_ORDER), None)
    return found[0][0] if found else ""


def new_pin(dossier: Dossier) -> str:
    """Make and keep (hashed) the PIN that is about to be sent."""
    pin = "".join(secrets.choice("0123456789") for _digit in range(PIN_DIGITS))
    Dossier.objects.filter(pk=dossier.pk).update(pin_hash=make_password(pin))
    return pin


def check_pin(dossier: Dossier, pin: str) -> bool:
    """Whether `pin` is the one sent last. After five wrong ones the PIN is void."""
    tries_key = f"pin-tries:{dossier.pk}"
    if count(tries_key, seconds=3600) > TRIES:
        raise Refused("too_many_tries", _("Nhập sai quá nhiều lần. Hãy yêu cầu mã PIN mới sau một giờ."))
    digits = "".join(c for c in plain_characters(pin) if c.isdigit())
    if not dossier.pin_hash or not check_password(digits, dossier.pin_hash):
        return False
    cache.delete(tries_key)
    return True
