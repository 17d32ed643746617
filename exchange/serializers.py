"""What the API says and takes. Times are ISO 8601 with offset; money is whole đồng."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from dossiers import clock
from dossiers.lifecycle import available
from dossiers.models import Dossier, DossierEvent, ReturnMethod, State
from procedures.models import Edition, FeeLine, RequiredDocument, Term


class TermSerializer(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ["case", "channel", "amount", "unit", "after_15h_next_day", "state", "note"]


class FeeLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = FeeLine
        fields = ["case", "channel", "kind", "name", "name_en", "amount", "per", "state"]


class RequiredDocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = RequiredDocument
        fields = [
            "key",
            "case",
            "name",
            "name_en",
            "originals",
            "copies",
            "required",
            "show_only",
            "when",
            "form",
        ]


class ProcedureListSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="procedure.code")
    kind = serializers.CharField(source="procedure.kind")
    field = serializers.CharField(source="field.name")
    edition = serializers.IntegerField(source="number")

    class Meta:
        model = Edition
        fields = ["code", "kind", "edition", "title", "title_en", "field", "levels", "online_level"]


class ProcedureSerializer(ProcedureListSerializer):
    terms = TermSerializer(many=True)
    fee_lines = FeeLineSerializer(many=True)
    documents = RequiredDocumentSerializer(many=True)
    results = serializers.SerializerMethodField()
    legal_basis = serializers.SerializerMethodField()

    class Meta(ProcedureListSerializer.Meta):
        fields = [
            *ProcedureListSerializer.Meta.fields,
            "ministry",
            "applicants",
            "terms",
            "fee_lines",
            "documents",
            "results",
            "legal_basis",
        ]

    def get_results(self, edition: Edition) -> list[dict[str, Any]]:
        return edition.facts.get("results", [])

    def get_legal_basis(self, edition: Edition) -> list[str]:
        return edition.facts.get("legal_basis", [])


class StateSerializer(serializers.Serializer):
    """A state of the national portal: number and name."""

    number = serializers.IntegerField()
    name = serializers.CharField()


def state_of(value: int) -> dict[str, Any]:
    return {"number": value, "name": str(State(value).label)}


class TrackingSerializer(serializers.ModelSerializer):
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


class EventSerializer(serializers.ModelSerializer):
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


class DossierSerializer(TrackingSerializer):
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
        found = clock.standing(dossier, at=timezone.now())
        return {"standing": str(found.standing), "minutes_left": found.remaining_minutes} if found else None

    def get_step(self, dossier: Dossier) -> str:
        return dossier.step.key if dossier.step else ""


class DossierDetailSerializer(DossierSerializer):
    documents = serializers.SerializerMethodField()
    events = EventSerializer(many=True)
    actions = serializers.SerializerMethodField()

    class Meta(DossierSerializer.Meta):
        fields = [*DossierSerializer.Meta.fields, "answers", "documents", "events", "actions"]

    def get_documents(self, dossier: Dossier) -> list[dict[str, Any]]:
        return [
            {
                "kind": d.kind,
                "name": d.name,
                "number": d.number,
                "originals": d.originals,
                "copies": d.copies,
                "file": str(d.file_id) if d.file_id else None,
            }
            for d in dossier.documents.all()
        ]

    def get_actions(self, dossier: Dossier) -> list[dict[str, Any]]:
        """What the caller may do now, with the facts each act asks for (from the life-cycle table)."""
        return [
            {
                "action": rule.action,
                "label": str(rule.label),
                "facts": [
                    {"name": f.name, "kind": f.kind, "label": str(f.label), "required": f.required} for f in rule.facts
                ],
            }
            for rule in available(dossier, self.context["actor"])
        ]


class ApplicantSerializer(serializers.Serializer):
    personal_number = serializers.RegexField(r"^\d{12}$")
    full_name = serializers.CharField(max_length=150)
    phone = serializers.CharField(max_length=20, required=False, default="")
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    address = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class FiledDocumentSerializer(serializers.Serializer):
    key = serializers.CharField(max_length=80, help_text="key of the procedure's required document")
    file = serializers.UUIDField(help_text="id given by POST /api/v1/files/")


class FilingSerializer(serializers.Serializer):
    """A dossier to file online. Send an `Idempotency-Key` header: the same key files once."""

    procedure = serializers.CharField(max_length=20)
    applicant = ApplicantSerializer()
    territory = serializers.CharField(max_length=5, required=False, default="", allow_blank=True)
    case = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)
    content = serializers.CharField(max_length=500)
    documents = FiledDocumentSerializer(many=True, required=False, default=list)
    return_method = serializers.ChoiceField(ReturnMethod.choices, default=ReturnMethod.COUNTER)
    return_address = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ActSerializer(serializers.Serializer):
    """The facts of an act, by the names that the dossier's `actions` declare."""

    revision = serializers.IntegerField(help_text="the revision you read; another one since then answers 409")
    facts = serializers.DictField(required=False, default=dict)
