"""How the API shows dossiers. Times are ISO 8601 with offset; money is whole đồng."""

from copy import deepcopy
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.kept_queries import KeptQuery
from dossiers.deadlines import clock
from dossiers.fees import amounts
from dossiers.filing import declaration
from dossiers.lifecycle import available_transitions
from dossiers.models import Dossier, DossierDocument, DossierEvent, FurtherFile, State, Substate

_PAPERS = KeptQuery(
    lambda dossier: (
        DossierDocument.objects.filter(dossier=dossier)
        .select_related("required_document")
        .only(
            *("kind", "name", "number", "outcome", "issued_on", "signer", "approved_digest", "originals", "copies"),
            *("file", "required_document__key"),
        )
    ),
    dossier=-1,
)
_FURTHER = KeptQuery(lambda dossier: FurtherFile.objects.filter(document__dossier=dossier), dossier=-1)


class StateSerializer(serializers.Serializer):
    """A state of the national portal: number and name."""

    number = serializers.IntegerField()
    name = serializers.CharField()


def state_of(value: int) -> dict[str, Any]:
    return {"number": value, "name": str(State(value).label)}


class ShownSerializer(serializers.ModelSerializer):
    """Reads the model once in each process for what it shows, where REST framework does so for each answer."""

    _described: ClassVar[dict[type, dict[str, Any]]] = {}

    def get_fields(self) -> dict[str, Any]:
        if type(self) not in self._described:
            self._described[type(self)] = super().get_fields()
        return deepcopy(self._described[type(self)])


class TrackingSerializer(ShownSerializer):
    """State and dates only: whoever finds a slip holds its code."""

    state = serializers.SerializerMethodField()
    procedure = serializers.CharField(source="edition.title")
    settling_agency = serializers.CharField(source="settling_agency.name")

    class Meta:
        model = Dossier
        fields = [
            "code",
            "state",
            "procedure",
            "settling_agency",
            "filed_at",
            "received_at",
            "due_at",
            "finished_at",
            "returned_at",
        ]

    def get_state(self, dossier: Dossier) -> dict[str, Any]:
        return state_of(dossier.state)


class EventSerializer(ShownSerializer):
    class Meta:
        model = DossierEvent
        fields = [
            "revision",
            "action",
            "from_state",
            "to_state",
            "at",
            "actor",
            "automatic",
            "reason",
            "facts",
        ]


# What `DossierSerializer` shows, and the record of who looked, read of each dossier of a list.
SHOWN_LOADED = ("edition__procedure", "settling_agency__calendar", "receiving_agency", "step")
SHOWN_COLUMNS = (
    *("code", "uid", "revision", "state", "substate", "channel", "owner_name", "content", "owner_person", "filer"),
    *("filed_at", "received_at", "due_at", "original_due_at", "answer_due_at", "finished_at", "returned_at"),
    *("return_method", "outcome", "fee_amount", "fee_settled_at"),
    *("edition__title", "edition__procedure__code", "receiving_agency__name", "step__key"),
    *("settling_agency__name", "settling_agency__calendar__revision"),
)


# While a supplement is waited for: whom it goes back to.
_SUPPLEMENT_STAGES = [("counter", "the counter waits for a supplement"), ("appraisal", "the officer waits for one")]


class DossierSerializer(TrackingSerializer):
    substate = serializers.ChoiceField(
        [*Substate.choices, *_SUPPLEMENT_STAGES], read_only=True, allow_blank=True, help_text="what a state leaves open"
    )
    procedure_code = serializers.CharField(source="edition.procedure.code")
    receiving_agency = serializers.CharField(source="receiving_agency.name")
    standing = serializers.SerializerMethodField()
    step = serializers.SerializerMethodField()

    class Meta(TrackingSerializer.Meta):
        fields = [
            *TrackingSerializer.Meta.fields,
            "uid",
            "revision",
            "substate",
            "procedure_code",
            "channel",
            "owner_name",
            "content",
            "receiving_agency",
            "standing",
            "step",
            "original_due_at",
            "answer_due_at",
            "return_method",
            "outcome",
            "fee_amount",
            "fee_settled_at",
        ]

    def get_standing(self, dossier: Dossier) -> dict[str, Any] | None:
        found = clock.standing_of(dossier, at=timezone.now())
        return {"standing": str(found.standing), "minutes_left": found.remaining_minutes} if found else None

    def get_step(self, dossier: Dossier) -> str:
        return dossier.step.key if dossier.step else ""


class KeptFeeFactsSerializer(serializers.Serializer):
    """What the fee was counted from; each exemption claimed, confirmed or refused."""

    quantities = serializers.DictField(child=serializers.IntegerField())
    value = serializers.IntegerField(allow_null=True)
    exemptions = serializers.DictField(child=serializers.CharField())


class DossierDetailSerializer(DossierSerializer):
    documents = serializers.SerializerMethodField()
    events = EventSerializer(many=True)
    actions = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    form = serializers.SerializerMethodField()
    fee_facts = serializers.SerializerMethodField()

    class Meta(DossierSerializer.Meta):
        fields = [
            *DossierSerializer.Meta.fields,
            "case",
            "answers",
            "form",
            "fee_facts",
            "documents",
            "events",
            "actions",
        ]

    def get_answers(self, dossier: Dossier) -> dict[str, Any]:
        """The form's answers by the questions' ids; empty when none were given."""
        return declaration.answer_values(dossier)

    def get_form(self, dossier: Dossier) -> int | None:
        """The version of the form that was answered."""
        given = declaration.given_on(dossier)
        return given.number if given else None

    @extend_schema_field(KeptFeeFactsSerializer)
    def get_fee_facts(self, dossier: Dossier) -> dict[str, Any]:
        facts = amounts.as_given(dossier)
        return {**facts, "exemptions": amounts.exemptions_of(dossier)}

    def get_documents(self, dossier: Dossier) -> list[dict[str, Any]]:
        papers = _PAPERS.records(dossier=dossier.pk)
        further: dict[int, list[str]] = {}
        for more in _FURTHER.records(dossier=dossier.pk) if any(paper.file_id for paper in papers) else []:
            further.setdefault(more.document_id, []).append(str(more.file_id))
        return [
            {
                "kind": d.kind,
                "key": d.required_document.key if d.required_document else "",
                "name": d.name,
                "number": d.number,
                "outcome": d.outcome,
                "issued_on": d.issued_on.isoformat() if d.issued_on else None,
                "signer": d.signer,
                "approved_digest": d.approved_digest,
                "originals": d.originals,
                "copies": d.copies,
                "file": str(d.file_id) if d.file_id else None,
                "files": [str(d.file_id), *further.get(d.pk, [])] if d.file_id else [],
            }
            for d in papers
        ]

    def get_actions(self, dossier: Dossier) -> list[dict[str, Any]]:
        """What the caller may do now, with the facts each action asks for (from the life-cycle table)."""
        return [
            {
                "action": rule.action,
                "label": str(rule.label),
                "facts": [
                    {"name": f.name, "kind": f.kind, "label": str(f.label), "required": f.required} for f in rule.fields
                ],
            }
            for rule in available_transitions(dossier, self.context["actor"])
        ]
