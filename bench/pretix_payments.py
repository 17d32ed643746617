"""pretix's own confirmation of payments, run by pretix's interpreter for `bench.payments`; nothing of ours is imported.

Reads orders from its input, a line each: ``ready N`` makes N orders that wait for their payment, ``go SECONDS``
confirms them one after the other by `OrderPayment.confirm` and answers with one line of JSON: the seconds it took and
the milliseconds of each. No mail and no invoice, and no call to verify before it: that is in pretix's favour. The
database is the one of the environment's PRETIX_DATABASE_* (empty at first).
"""

import json
import os
import sys
import time
from datetime import timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")
FEE = Decimal("26000")


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django_scopes import scope

    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever pretix prints is no answer
    call_command("migrate", interactive=False, verbosity=0)
    event, item = _event()
    with scope(organizer=event.organizer):
        waiting = []
        for line in sys.stdin:
            order, value = line.split()
            if order == "ready":
                waiting = [_payment(event, item) for _n in range(int(value))]
                answer = {"ready": len(waiting)}
            else:
                answer = _confirm(waiting, float(value))
            print(json.dumps(answer), file=out, flush=True)


def _event():
    from django.utils.timezone import now
    from django_scopes import scopes_disabled
    from pretix.base.models import Event, Organizer

    with scopes_disabled():
        organizer = Organizer.objects.get_or_create(slug="bench", defaults={"name": "Bench"})[0]
        facts = {"name": "Bench", "date_from": now() + timedelta(days=30), "currency": "VND", "live": True}
        event = Event.objects.get_or_create(
            organizer=organizer, slug="fees", defaults={**facts, "plugins": "pretix.plugins.banktransfer"}
        )[0]
        item = event.items.first() or event.items.create(name="Fee", default_price=FEE)
        quota = event.quotas.first() or event.quotas.create(name="All", size=None)
        quota.items.add(item)
    return event, item


def _payment(event, item):
    from django.db import transaction
    from django.utils.timezone import now
    from pretix.base.models import Order, OrderPayment, OrderPosition

    with transaction.atomic():
        order = Order.objects.create(
            event=event,
            email="nobody@example.org",
            status=Order.STATUS_PENDING,
            datetime=now(),
            expires=now() + timedelta(days=10),
            total=FEE,
            locale="en",
            sales_channel=event.organizer.sales_channels.get(identifier="web"),
        )
        position = OrderPosition.objects.create(order=order, item=item, variation=None, price=FEE, positionid=1)
        order.create_transactions(is_new=True, positions=[position], fees=[])
    return order.payments.create(provider="banktransfer", state=OrderPayment.PAYMENT_STATE_PENDING, amount=FEE)


def _confirm(waiting, seconds):
    begun, took = time.perf_counter(), []
    while waiting and (started := time.perf_counter()) < begun + seconds:
        waiting.pop().confirm(send_mail=False, generate_invoice=False)
        took.append((time.perf_counter() - started) * 1000)
    return {"seconds": time.perf_counter() - begun, "latencies": took}


if __name__ == "__main__":
    main()
