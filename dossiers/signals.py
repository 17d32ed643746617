"""What dossiers tell the apps above, sent within the transaction of the action."""

from django.dispatch import Signal

# Arguments: event (DossierEvent), dossier (Dossier, as it stands after the action).
dossier_acted = Signal()
# The same for the set-based writers. Arguments: event_ids (list of ids of DossierEvent).
dossiers_acted = Signal()
