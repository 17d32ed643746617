"""What the people below tell the apps above, each within the transaction of its cause."""

from django.dispatch import Signal

# A person's name or number changed, or another record became this one: `person`, `merged` (the record that ended, or
# None), `by` (the actor), `at`.
person_changed = Signal()
# Something happened to an account that its holder should hear of: `account`, `kind` (notices.account_notices),
# `facts`, `at`.
account_notice = Signal()
# A person asks for a copy of their data: receivers return {section: rows of plain values}; `actor`.
own_data_wanted = Signal()
# An administrator opens the front page of management; receivers return a list of sentences that warn: `actor`.
warnings_wanted = Signal()
# A one-time code is to be sent: `account`, `purpose`, `code`, `email`, `phone` (empty ones are not used), `minutes`,
# `key`.
code_wanted = Signal()
# By what can a code reach anybody: receivers return those of `accounts.codes.CHANNELS` that this installation carries.
channels_wanted = Signal()
