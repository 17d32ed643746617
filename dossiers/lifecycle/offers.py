"""What is worth offering: actions that their guards would refuse whoever asks are no buttons."""

from django.utils import timezone

from dossiers.access.pending import pending
from dossiers.deadlines import extension
from dossiers.fees import amounts
from dossiers.filing.authorisation import waits_for_check
from dossiers.models import Dossier, Substate


def awaits_authorisation(dossier: Dossier) -> bool:
    return dossier.authorisation_id is not None and waits_for_check(dossier)


def runs(dossier: Dossier) -> bool:
    return dossier.substate != Substate.SUSPENDED


def suspended(dossier: Dossier) -> bool:
    return dossier.substate == Substate.SUSPENDED


def answer_may_grow(dossier: Dossier) -> bool:
    """An answer can be added to until staff act on the dossier."""
    last = dossier.events.order_by("-revision").values_list("action", flat=True).first()
    return last in ("answer_supplement", "add_to_answer")


def unheld(dossier: Dossier) -> bool:
    return dossier.holder_id is None


def links_wait(dossier: Dossier) -> bool:
    return dossier.planned_route_id is not None and bool(dossier.links_to_open)


def awaits_opinions(dossier: Dossier) -> bool:
    return bool(pending(dossier).consulted)


def awaits_correction(dossier: Dossier) -> bool:
    return pending(dossier).correction


def awaits_no_correction(dossier: Dossier) -> bool:
    return not awaits_correction(dossier)


def may_be_extended(dossier: Dossier) -> bool:
    return runs(dossier) and extension.can_be_asked(dossier, timezone.now())


def only_an_apology_is_left(dossier: Dossier) -> bool:
    return runs(dossier) and not extension.can_be_asked(dossier, timezone.now())


def fee_unknown(dossier: Dossier) -> bool:
    return amounts.is_unverified(dossier)


def fee_known(dossier: Dossier) -> bool:
    return dossier.fee_amount is not None
