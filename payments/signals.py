"""What payments tell the apps above."""

from django.dispatch import Signal

# Sent once a charge, inside the transaction that confirms its payment; a receiver that raises undoes all of it.
# Arguments: charge (Charge), payment (Payment, confirmed), receipt (Receipt, numbered; its paper is drawn later).
charge_settled = Signal()

# Sent when the bank took the money of a settled charge back, inside that transaction: the charge is owed again.
# Arguments: charge (Charge), payment (Payment, reversed), at (datetime), why (what the cashier wrote).
charge_reopened = Signal()
