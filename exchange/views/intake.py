"""Taking a dossier in at a counter, from the counter's own software."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import enterprises, organisations, people
from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.people import BirthDateDiffers, PersonDiffers
from core.fields import DecisionNumberField, TaxNumberField
from dossiers.lifecycle import Refused
from dossiers.models import Dossier
from exchange import intake
from exchange.authentication import actor_of
from exchange.once import KEY, idempotency_key
from exchange.requests import IntakeSerializer
from exchange.serializers import DossierSerializer
from exchange.views.dossiers import LOADED
from journal import idempotency
from vietnam.decisions import FoundingDecision
from vietnam.identity import Fault, InvalidNumber
from vietnam.phone import InvalidPhone


class Intakes(GenericAPIView):
    """Take in and receive what somebody hands over at the counter of the caller's post. Send an `Idempotency-Key`
    header: the same key takes in once."""

    scope = "dossiers:act"
    audience = frozenset({"signed-in"})
    serializer_class = IntakeSerializer

    @extend_schema(
        request=IntakeSerializer,
        responses={201: DossierSerializer, 200: DossierSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        key, sent = idempotency_key(request), request.body  # before `data`, which reads the stream to its end
        given = IntakeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data

        def make() -> dict[str, Any]:
            owner = self._owner(facts["owner"], actor_of(request))
            filer = self._filer(facts, owner)
            facts["ground"] = facts["ground"] or intake.ground_of(owner, filer)
            by, at = actor_of(request), timezone.now()
            return {"dossier": intake.take_in(facts, owner=owner, filer=filer, by=by, key=key, at=at).pk}

        made, now = idempotency.run_once(f"intake:{request.user.pk}", key, sent, make)
        dossier = Dossier.objects.select_related(*LOADED).get(pk=made["dossier"])
        return Response(DossierSerializer(dossier).data, status=status.HTTP_201_CREATED if now else status.HTTP_200_OK)

    def _owner(self, given: dict[str, Any], by: Actor) -> Person | Enterprise:
        facts = dict(given)
        person, tax, decision, name = (facts.pop(p, None) for p in ("identity", "tax_number", "decision", "name"))
        try:
            if tax:
                return enterprises.find_or_create_enterprise(tax, name=name, **facts)[0]
            if decision:
                another = decision.pop("another")
                stated = FoundingDecision.parse(day=decision.pop("date"), **decision)
                found = organisations.find_or_create_organisation(stated, name=name, by=by, another=another, **facts)
                return found[0]
            return people.find_or_create_person(person, full_name=name, **facts)[0]
        except InvalidNumber as error:
            if decision:
                said = DecisionNumberField.faults["format"]
                raise Refused("bad_number", said, field="owner.decision.number") from error
            reason = Fault.BRANCH if error.reason is Fault.BRANCH else "format"
            raise Refused("bad_number", TaxNumberField.faults[reason], field="owner.tax_number") from error
        except InvalidPhone as error:
            raise Refused(
                "bad_phone", _("Số điện thoại không hợp lệ. Ví dụ: 0912345678."), field="owner.phone"
            ) from error
        except organisations.BodyInDoubt as doubt:
            doubt.field = "owner.decision"
            raise
        except (PersonDiffers, enterprises.EnterpriseDiffers) as unlike:
            raise Refused(unlike.code, unlike.sentence, field="owner.name") from unlike
        except BirthDateDiffers as unlike:
            raise Refused(unlike.code, unlike.sentence, field="owner.birth_date") from unlike

    def _filer(self, facts: dict[str, Any], owner: Person | Enterprise) -> Person:
        """Who stands at the counter: the owner, unless somebody else is named; for an enterprise somebody must be."""
        given = facts.get("filer")
        if given is None:
            if isinstance(owner, Person):
                return owner
            raise Refused("no_filer", _("Hãy nhập họ tên người đến nộp."), field="filer")
        try:
            return people.find_or_create_person(given["identity"], full_name=given["full_name"])[0]
        except PersonDiffers as unlike:
            raise Refused("person_differs", unlike.sentence, field="filer.full_name") from unlike
