"""Following a dossier without signing in: state and dates by the code; more by a PIN sent to the applicant."""

import math
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.throttling import Event, TooMany, count_events, line, neighbourhood
from core.refusals import Refused
from dossiers.models import Dossier, TrackingPin
from dossiers.search import dossier_by_code
from journal import outbox
from notices.choices import Recipient, ways_to_reach
from vietnam.typed import plain_characters

PIN_DIGITS = 6
TRIES = 5
LASTS = timedelta(minutes=30)
MOST_SENT = 10  # to one applicant within an hour, whoever asks
_SPAN = timedelta(hours=1)
PIN_ORDER = ("email", "sms")


def lookups_of(actor: Actor) -> tuple[Event, ...]:
    """What looking up a code counts as: codes are not secret, but nobody goes through them all.

    Anybody may open an account, so it counts too, by itself; staff and connected systems are known and not counted.
    """
    if actor.is_staff or actor.system:
        return ()
    if actor.account is not None:
        return (Event("track-line", f"account:{actor.account.pk}"),)
    return Event("track-line", line(actor.address)), Event("track-range", neighbourhood(actor.address))


def look_up(code: str, actor: Actor) -> Dossier | None:
    """The dossier of a code for somebody who may not know it otherwise. Raises TooMany."""
    count_events(*lookups_of(actor))
    return find_by_code(code)


def find_by_code(code: str) -> Dossier | None:
    """The dossier of a code as people type it: case, separators and blanks do not matter."""
    sent = Dossier.objects.sent().select_related("edition", "settling_agency", "receiving_agency", "return_desk")
    return dossier_by_code(sent, code)


def ask_pin(dossier: Dossier, *, address: str, at: datetime) -> TrackingPin:
    """Have a PIN sent to the applicant, by e-mail, else by SMS; it is good for whoever holds the row's uid.

    `address` is where it is asked from. Raises Refused when nothing can be sent, or when that was asked for too often.
    """
    if not pin_goes_by(dossier):
        raise Refused(
            "no_address",
            _("Hồ sơ không có thư điện tử hay điện thoại nhận được tin. Hãy đăng nhập, hoặc mang giấy tờ đến quầy."),
        )
    with transaction.atomic():
        asked = TrackingPin.objects.filter(dossier=dossier, asked_at__gt=at - _SPAN)
        if asked.count() >= MOST_SENT:
            raise Refused("too_soon", _("Mã PIN của hồ sơ này đã được gửi nhiều lần. Hãy thử lại sau một giờ."))
        try:
            count_events(
                Event("pin-of-dossier", f"{dossier.pk}:{neighbourhood(address)}"),
                Event("pins-of-line", line(address)),
            )
        except TooMany as too_many:
            minutes = math.ceil(too_many.seconds / 60)
            sentence = _(
                "Bạn đã yêu cầu mã PIN nhiều lần. Hãy xem thư hoặc tin nhắn, hoặc thử lại sau %(minutes)s phút."
            )
            raise Refused("too_soon", sentence % {"minutes": minutes})
        pin = TrackingPin.objects.create(dossier=dossier, asked_at=at)
        outbox.record_message("dossiers.pin", {"pin": pin.uid.hex})
    return pin


def pin_goes_by(dossier: Dossier) -> str:
    """The channel over which a PIN would go: e-mail, else SMS; "" when neither can."""
    found = ways_to_reach(Recipient(None, dossier.contact_email, phone=dossier.contact_phone, order=PIN_ORDER), None)
    return found[0][0] if found else ""


def make_pin(pin: TrackingPin, *, at: datetime) -> str:
    """The digits that are about to be sent; kept hashed, and good from now on."""
    digits = "".join(secrets.choice("0123456789") for _digit in range(PIN_DIGITS))
    pin.pin_hash, pin.expires_at = make_password(digits), at + LASTS
    pin.save(update_fields=["pin_hash", "expires_at"])
    return digits


@transaction.atomic
def check_pin(dossier: Dossier, uid: str, digits: str, *, at: datetime) -> bool:
    """Whether `digits` are the PIN that was sent for `uid`; a right one is used up.

    Raises Refused when nobody asked for one here, or when it is void: used, too old, or wrong five times.
    """
    pin = TrackingPin.objects.select_for_update().filter(uid=uid or None, dossier=dossier).first()
    if pin is None:
        raise Refused("not_asked", _("Hãy bấm gửi mã PIN trên thiết bị này trước, rồi nhập mã bạn nhận được."))
    if pin.used_at or pin.tries >= TRIES or (pin.expires_at is not None and pin.expires_at <= at):
        raise Refused(
            "void",
            _("Mã PIN không còn dùng được: đã dùng, quá 30 phút, hoặc nhập sai năm lần. Hãy yêu cầu mã mới."),
        )
    pin.tries += 1
    typed = "".join(c for c in plain_characters(digits) if c.isdigit())
    right = bool(pin.pin_hash) and check_password(typed, pin.pin_hash)
    pin.used_at = at if right else None
    pin.save(update_fields=["tries", "used_at"])
    return right


def forget_old_pins(at: datetime) -> int:
    """Delete the rows of PINs asked for more than a day ago; returns how many."""
    return TrackingPin.objects.filter(asked_at__lt=at - timedelta(days=1)).delete()[0]
