"""How the API shows a procedure: its cases, papers, limits, fees, what the fee depends on, and its form."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from procedures.fees import inputs
from procedures.models import Edition, FeeLine, RequiredDocument, Term
from procedures.questionnaire import versions


class CaseSerializer(serializers.Serializer):
    """A case of a procedure: it decides papers, fee, limit and route."""

    key = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(required=False)


class ExemptionSerializer(serializers.Serializer):
    """A ground to pay less: `percent` is what is left to pay."""

    key = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(required=False)
    percent = serializers.IntegerField()


class FeeNeedsSerializer(serializers.Serializer):
    """What the fee of a channel and case depends on, to be sent as `fee_facts`."""

    channel = serializers.CharField()
    case = serializers.CharField(allow_blank=True)
    quantities = serializers.ListField(
        child=serializers.CharField(),
        help_text="copy, page, person, item; with `answers`, not those that a question of the form `counts`",
    )
    value = serializers.BooleanField(help_text="whether the fee depends on a value in đồng")
    exemptions = ExemptionSerializer(many=True)
    legal_basis = serializers.ListField(child=serializers.CharField())


class FormSerializer(serializers.Serializer):
    """The procedure's form in force; `answers` are judged by `schema`, `layout` says how they are asked."""

    number = serializers.IntegerField(help_text="its version")
    schema = serializers.DictField(help_text="JSON Schema, draft 2020-12")
    layout = serializers.DictField(help_text="sections and questions in reading order, in both languages")


class TermSerializer(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ["case", "channel", "amount", "unit", "after_15h_next_day", "state", "note"]


class FeeLineSerializer(serializers.ModelSerializer):
    exemptions = ExemptionSerializer(many=True)

    class Meta:
        model = FeeLine
        fields = [
            "case",
            "channel",
            "kind",
            "name",
            "name_en",
            "amount",
            "per",
            "counts_from",
            "counts_to",
            "each",
            "at_most",
            "value_from",
            "value_below",
            "valid_from",
            "valid_to",
            "exempt",
            "exemptions",
            "legal_basis",
            "state",
        ]


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
    cases = serializers.SerializerMethodField()
    fee_needs = serializers.SerializerMethodField()
    form = serializers.SerializerMethodField()
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
            "cases",
            "fee_needs",
            "form",
            "results",
            "legal_basis",
        ]

    @extend_schema_field(CaseSerializer(many=True))
    def get_cases(self, edition: Edition) -> list[dict[str, Any]]:
        return edition.facts.get("cases", [])

    @extend_schema_field(FeeNeedsSerializer(many=True))
    def get_fee_needs(self, edition: Edition) -> list[dict[str, Any]]:
        """For each channel and case whose fee depends on more, as of today."""
        lines, today = list(edition.fee_lines.all()), timezone.localdate()
        cases = [case["key"] for case in edition.facts.get("cases", [])] or [""]
        found = []
        for channel in dict.fromkeys(line.channel for line in lines):
            for case in cases:
                if needed := inputs.needed_inputs(lines, channel, case, today):
                    found.append(_needs(channel, case, needed))
        return found

    @extend_schema_field(FormSerializer(allow_null=True))
    def get_form(self, edition: Edition) -> dict[str, Any] | None:
        found = versions.questionnaire_in_force(edition.procedure_id)
        return {"number": found.number, "schema": found.rules, "layout": found.layout} if found else None

    def get_results(self, edition: Edition) -> list[dict[str, Any]]:
        return edition.facts.get("results", [])

    def get_legal_basis(self, edition: Edition) -> list[str]:
        return edition.facts.get("legal_basis", [])


def _needs(channel: str, case: str, needed: inputs.Needed) -> dict[str, Any]:
    return {
        "channel": channel,
        "case": case,
        "quantities": list(needed.counted),
        "value": bool(needed.bands),
        "exemptions": [asdict(relief) for relief in needed.reliefs],
        "legal_basis": list(needed.bases),
    }
