"""What this app answers to the apps below."""

from typing import Any

from django.dispatch import receiver

from accounts.actors import Actor
from accounts.codes import CHANNELS
from accounts.signals import channels_wanted, own_data_wanted
from notices import providers
from notices.models import Notice


@receiver(own_data_wanted)
def on_own_data_wanted(sender: Any, actor: Actor, **_kw: Any) -> dict[str, Any]:
    """What the person was told, and where."""
    told = Notice.objects.filter(account=actor.account).order_by("id").values("channel", "address", "subject", "body")
    return {"notices": list(told)}


@receiver(channels_wanted)
def on_channels_wanted(sender: Any, **_kw: Any) -> list[str]:
    return [channel for channel in CHANNELS if providers.is_ready(channel)]
