"""What is worth offering: acts that their guards would refuse whoever asks, at any time, are no buttons."""

from dossiers import apology, fees
from dossiers.lifecycle.pending import pending
from dossiers.models import SUSPENDED, Dossier


def runs(dossier: Dossier) -> bool:
    return dossier.substate != SUSPENDED


def suspended(dossier: Dossier) -> bool:
    return dossier.substate == SUSPENDED


def unheld(dossier: Dossier) -> bool:
    return dossier.holder_id is None


def awaits_opinions(dossier: Dossier) -> bool:
    return bool(pending(dossier).consulted)


def awaits_correction(dossier: Dossier) -> bool:
    return pending(dossier).correction


def awaits_no_correction(dossier: Dossier) -> bool:
    return not awaits_correction(dossier)


def may_be_extended(dossier: Dossier) -> bool:
    return runs(dossier) and apology.extensions_left(dossier) > 0


def fee_unknown(dossier: Dossier) -> bool:
    return fees.in_doubt(dossier)
