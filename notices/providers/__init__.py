"""The carriers of this installation, by channel. Another gateway is a module with a `Carrier`, named here."""

from notices.models import Channel
from notices.providers.base import Carrier
from notices.providers.esms import Gateway
from notices.providers.mail import Mail

_CARRIERS: dict[str, Carrier] = {
    Channel.EMAIL: Mail(),
    Channel.SMS: Gateway(Channel.SMS),
    Channel.ZALO: Gateway(Channel.ZALO),
}


def provider_of(channel: str) -> Carrier:
    return _CARRIERS[channel]


def is_ready(channel: str) -> bool:
    return channel in _CARRIERS and _CARRIERS[channel].is_ready()
