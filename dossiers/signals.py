"""What dossiers tell the apps above, sent within the transaction of the act."""

from django.dispatch import Signal

# Arguments: event (DossierEvent), dossier (Dossier, as it stands after the act).
dossier_acted = Signal()
# The same for the set-based writers. Arguments: event_ids (list of ids of DossierEvent).
dossiers_acted = Signal()
