"""A place for numbers about the service that upper apps know and the start page shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OnTimeShare:
    """Of the dossiers finished in the month of the time asked for: how many, and which part in time (0 to 1)."""

    finished: int
    share: float


Provider = Callable[[datetime], OnTimeShare | None]
_providers: list[Provider] = []


def register_share(provider: Provider) -> Provider:
    """Register the function that knows the share; called at start-up, and the last one registered answers."""
    _providers.append(provider)
    return provider


def on_time_share(at: datetime) -> OnTimeShare | None:
    """This month's share; None when nobody knows or nothing is finished yet."""
    found = _providers[-1](at) if _providers else None
    return found if found and found.finished else None
