"""What this app tells the apps above it, within the transaction of the change."""

from django.dispatch import Signal

# calendars: ids of the calendars whose days changed (the one written and those built on it);
# first_day, last_day: the dates between which working time may count differently now; by: who changed it.
calendar_changed = Signal()
