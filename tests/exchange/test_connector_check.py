"""The check that tells an outside team in words where their webhook endpoint is wrong, over real HTTP."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exchange.webhooks.conformance import check_receiver
from exchange.webhooks.endpoints import new_secret
from tests.exchange.receiver import Receiver


class Gullible(Receiver):
    """Takes whatever comes."""

    def take(self, headers, body):
        return 204


class OnceOnly(Receiver):
    """Calls a repetition an error."""

    def take(self, headers, body):
        known = {key for key, _content in self.received}
        status = super().take(headers, body)
        return 409 if headers.get("webhook-id") in known else status


@pytest.fixture
def endpoint():
    started: list[Receiver] = []

    def start(kind: type[Receiver] = Receiver, **facts) -> Receiver:
        receiver = kind(secret=new_secret(), **facts)
        receiver.start()
        started.append(receiver)
        return receiver

    yield start
    for receiver in started:
        receiver.stop()


def wrong_points(receiver: Receiver, secret: str = "") -> dict[str, str]:
    found = check_receiver(receiver.url, secret or receiver.secret)
    return {finding.tried: finding.advice for finding in found if not finding.good}


def test_a_good_endpoint_passes(endpoint):
    assert wrong_points(endpoint()) == {}


def test_one_that_believes_everything_is_told_each_forgery(endpoint):
    wrong = wrong_points(endpoint(Gullible))
    assert len(wrong) == 4
    assert all("HTTP 204" in advice for advice in wrong.values())


def test_one_that_refuses_repetitions_is_told_so(endpoint):
    (advice,) = wrong_points(endpoint(OnceOnly)).values()
    assert "webhook-id" in advice


@pytest.mark.parametrize(
    ("status", "words"), [(302, "Redirects"), (404, "POST"), (415, "application/json"), (500, "log"), (400, "2xx")]
)
def test_one_that_does_not_take_the_message_is_told_why(endpoint, status, words):
    (advice,) = wrong_points(endpoint(answers=[status])).values()
    assert words in advice


def test_another_secret_and_no_answer(endpoint):
    receiver = endpoint()
    (advice,) = wrong_points(receiver, new_secret()).values()
    assert "whsec_" in advice
    receiver.answers = [0]
    (advice,) = wrong_points(receiver).values()
    assert "No answer came" in advice


def test_the_command_says_it_in_words(endpoint):
    good, bad, out = endpoint(), endpoint(Gullible), StringIO()
    call_command("connector_check", good.url, secret=good.secret, stdout=out)
    assert "as it should" in out.getvalue()
    with pytest.raises(CommandError, match="4 of these points"):
        call_command("connector_check", bad.url, secret=bad.secret, stdout=StringIO())
    with pytest.raises(CommandError, match="https://"):
        call_command("connector_check", "ftp://software.example/", secret=good.secret)
