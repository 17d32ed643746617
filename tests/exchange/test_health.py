"""The page of connections names everything that is called."""

from django.utils import timezone

from accounts.actors import Actor
from exchange.health import healths
from exchange.models import SpecialisedSystem, WebhookEndpoint
from exchange.systems import connect_system
from journal.models import Connection
from tests.accounts.provider import configured


def test_every_connection_is_named_in_words_and_two_addresses_of_one_system_apart(cast, settings):
    by, now = Actor(system="test"), timezone.now()
    system, _token = connect_system("kho", scopes=["webhooks"], post=None, days=1, by=by, at=now)
    for host in ("a.example", "b.example"):
        WebhookEndpoint.objects.create(system=system, url=f"https://{host}/tin", secret="s")
    post = cast.officer.post
    SpecialisedSystem.objects.create(key="ho-tich", name="Hộ tịch điện tử", url="https://c.example", post=post)
    settings.OPENID_PROVIDERS = configured("https://id.example")
    names = ("bank:bank.example", "vnpay", "sms", "openid:id.example", "tsa", "ocsp", "specialised:ho-tich")
    for name in names:
        Connection.objects.create(name=name)
    labels = {each.name: each.label for each in healths(at=now)}
    assert len(set(labels.values())) == 9
    assert not [name for name, label in labels.items() if name == label]
    assert labels["openid:id.example"] == "Đăng nhập bằng VNeID, SSO"
    assert labels["specialised:ho-tich"] == "Hộ tịch điện tử"
