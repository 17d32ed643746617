"""What payments tell the apps above."""

from django.dispatch import Signal

# Sent once a charge, inside the transaction that confirms its payment; a receiver that raises undoes all of it.
# Arguments: charge (Charge), payment (Payment, confirmed), receipt (Receipt, numbered; its paper is drawn later).
charge_settled = Signal()
