"""What the API takes. Money is whole đồng."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from dossiers.models import FilingGround, ReturnMethod


class ApplicantSerializer(serializers.Serializer):
    personal_number = serializers.RegexField(r"^\d{12}$")
    full_name = serializers.CharField(max_length=150)
    phone = serializers.CharField(max_length=20, required=False, default="")
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    address = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class FiledDocumentSerializer(serializers.Serializer):
    """A paper and its file; a paper with several (photos of its pages) is named once for each, in their order."""

    key = serializers.CharField(max_length=80, help_text="key of the procedure's required document")
    file = serializers.UUIDField(help_text="id given by POST /api/v1/files/")


class FeeFactsSerializer(serializers.Serializer):
    """What the procedure's `fee_needs` ask for in the channel and case; a number that is not said is 1."""

    quantities = serializers.DictField(child=serializers.IntegerField(), required=False, default=dict)
    value = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="đồng")
    exemptions = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=50
    )


class SaidSerializer(serializers.Serializer):
    """What filing and taking in have in common."""

    procedure = serializers.CharField(max_length=20)
    territory = serializers.CharField(max_length=5, required=False, default="", allow_blank=True)
    case = serializers.CharField(
        max_length=50, required=False, default="", allow_blank=True, help_text="needed where the procedure has `cases`"
    )
    content = serializers.CharField(
        max_length=500,
        required=False,
        default="",
        allow_blank=True,
        help_text="needed unless the form's answers say what is asked for",
    )
    answers = serializers.DictField(
        required=False, allow_null=True, default=None, help_text="by the ids of the procedure's `form`"
    )
    fee_facts = FeeFactsSerializer(required=False, allow_null=True, default=None)
    return_method = serializers.ChoiceField(ReturnMethod.choices, default=ReturnMethod.COUNTER)
    return_address = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class FilingSerializer(SaidSerializer):
    """A dossier to file online. Send an `Idempotency-Key` header: the same key files once."""

    applicant = ApplicantSerializer()
    documents = FiledDocumentSerializer(many=True, required=False, default=list)


class HandedDocumentSerializer(serializers.Serializer):
    """A paper as it was handed over, with its scan where there is one."""

    key = serializers.CharField(max_length=80, help_text="key of the procedure's required document")
    originals = serializers.IntegerField(min_value=0, max_value=99, required=False, default=0)
    copies = serializers.IntegerField(min_value=0, max_value=99, required=False, default=0)
    file = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="id given by /api/v1/files/")


class OwnerSerializer(serializers.Serializer):
    """Whom the dossier is for: a person by `personal_number`, or an enterprise by `tax_number`."""

    personal_number = serializers.RegexField(r"^\d{12}$", required=False, default="")
    tax_number = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=150)
    phone = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    address = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["personal_number"]) == bool(attrs["tax_number"]):
            sentence = _("Hãy ghi số định danh cá nhân, hoặc mã số thuế của doanh nghiệp.")
            raise serializers.ValidationError({"personal_number": sentence})
        return attrs


class FilerSerializer(serializers.Serializer):
    personal_number = serializers.RegexField(r"^\d{12}$")
    full_name = serializers.CharField(max_length=150)


class IntakeSerializer(SaidSerializer):
    """A dossier handed over at a counter. Its exemptions are confirmed by whoever takes it in."""

    owner = OwnerSerializer()
    filer = FilerSerializer(required=False, allow_null=True, default=None, help_text="when it is not the owner")
    ground = serializers.ChoiceField(FilingGround.choices, required=False, default="", allow_blank=True)
    ground_note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    documents = HandedDocumentSerializer(many=True, required=False, default=list)
    limit_days = serializers.CharField(
        max_length=10, required=False, default="", allow_blank=True, help_text="where the catalogue's limit is in doubt"
    )
    fee = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, help_text="where the catalogue's fee is in doubt"
    )
    fee_ground = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ActSerializer(serializers.Serializer):
    """The facts of an action, by the names that the dossier's `actions` declare."""

    revision = serializers.IntegerField(help_text="the revision you read; another one since then answers 409")
    facts = serializers.DictField(required=False, default=dict)
