"""What somebody who signs in to the demonstration finds."""

from accounts.models import Account, StaffPost
from demo import dossiers, people
from dossiers.models import Dossier, DossierEvent, State
from tests.factories.moments import at

NOW = at("2026-07-06 10:00")


def test_everybody_finds_work_and_loading_again_adds_nothing(db, settings):
    settings.ONLINE_FILING = "national"  # its past is another one
    people.load_demo_people()
    made = dossiers.load_demo_dossiers(NOW)
    assert made >= dossiers.SIMULATED + 10
    assert dossiers.load_demo_dossiers(NOW) == made == Dossier.objects.count()
    assert not DossierEvent.objects.filter(at__gt=NOW).exists()
    citizen = Account.objects.get(username=people.sign_ins()[0].username).person
    own = dict(
        Dossier.objects.filter(filer=citizen, code__isnull=False)
        .order_by("id")
        .values_list("edition__procedure__code", "state")
    )
    assert {State.PROCESSING, State.SUPPLEMENT, State.DONE} <= set(own.values())
    unpaid = Dossier.objects.get(filer=citizen, edition__procedure__code="2.002516", state=State.DONE)
    assert (unpaid.fee_amount, unpaid.fee_settled_at, unpaid.substate) == (8000, None, "fee_to_collect")
    ward = StaffPost.objects.get(account__username="chuyenvien.kinhbac").agency
    justice = StaffPost.objects.get(account__username="chuyenvien.tuphap").agency
    for agency in (ward, justice):
        steps = set(Dossier.objects.open().filter(settling_agency=agency).values_list("step__key", flat=True))
        assert {"assign", "verify", "submit", "approve"} <= steps
    for name in ("chuyenvien.kinhbac", "chuyenvien.tuphap"):
        assert Dossier.objects.open().filter(holder__account__username=name).exists()
    assert Dossier.objects.filter(state=State.FILED, receiving_agency__territory=ward.territory).exists()
