"""Other systems that speak with us, and what is said to them."""

from exchange.models.arrivals import Arrival
from exchange.models.moving_in import MovingBatch, MovingRow
from exchange.models.post import OPEN_ORDERS, PostOrder
from exchange.models.specialised import SpecialisedDossier, SpecialisedSystem
from exchange.models.synchronisation import Difference, Synchronisation
from exchange.models.systems import ON_BEHALF, AccessToken, ConnectedSystem
from exchange.models.webhooks import WebhookEndpoint, WebhookMessage

__all__ = [
    "ON_BEHALF",
    "OPEN_ORDERS",
    "AccessToken",
    "Arrival",
    "ConnectedSystem",
    "Difference",
    "MovingBatch",
    "MovingRow",
    "PostOrder",
    "SpecialisedDossier",
    "SpecialisedSystem",
    "Synchronisation",
    "WebhookEndpoint",
    "WebhookMessage",
]
