"""What exchange does when something happened to a dossier."""

from typing import Any

from django.dispatch import receiver

from dossiers.models import DossierEvent
from dossiers.signals import dossier_acted, dossiers_acted
from exchange.webhooks.messages import record_events


@receiver(dossier_acted)
def tell_connected_systems(event: DossierEvent, **_rest: Any) -> None:
    record_events([event.pk])


@receiver(dossiers_acted)
def tell_connected_systems_of_many(event_ids: list[int], **_rest: Any) -> None:
    record_events(event_ids)
