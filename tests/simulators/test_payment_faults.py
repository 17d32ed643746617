"""The fault script against a served portal: whatever happens, the day balances."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from demo.people import load_demo_people
from payments.accounts import province_account
from payments.ledger import audit
from payments.models import DayClosing, Receipt, StrayMoney
from payments.providers.registry import provider_named


@pytest.mark.django_db(transaction=True)
def test_after_every_fault_the_day_balances(live_server, settings, things):
    settings.PUBLIC_URL = live_server.url
    settings.BANK_SECRET, settings.VNPAY_HASH_SECRET = "bank", "vnpay"
    settings.VNPAY_TMN_CODE = "DEMOBN01"
    settings.VNPAY_URL = settings.VNPAY_API_URL = "http://127.0.0.1:9"
    load_demo_people()
    with override_settings(BANK_URL="http://127.0.0.1:9"):
        account = province_account(provider_named("bank"))
    # The day was closed by hand before.
    DayClosing.objects.create(account=account, day=timezone.localdate(), opening=0, moved=0, closing=0, closed_by="x")
    out = StringIO()
    call_command("payment_faults", portal=live_server.url, stdout=out)
    assert "the ledger balances" in out.getvalue()
    assert audit.broken_rules() == {}
    assert DayClosing.objects.count() == 2
    kinds = set(StrayMoney.objects.filter(closed_at=None).values_list("kind", flat=True))
    assert {"twice", "cancelled", "partial"} <= kinds
    assert "taken back, seen by asking taken_back" in out.getvalue()
    assert Receipt.objects.filter(kind="adjustment").count() == 2  # one refund, and what VNPAY took back
