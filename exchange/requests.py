"""What the API takes. Money is whole đồng."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Person
from core.countries import is_country
from core.fields import DocumentNumberField, PersonalNumberField
from core.refusals import Refused
from dossiers.models import FilingGround, ReturnMethod
from exchange.fields import MOST_MONEY, MOST_REVISION, BirthDateText, Day, FileId, RequestSerializer, Text, Truth, Whole
from vietnam.decisions import LONGEST_DECISION, LONGEST_ISSUER
from vietnam.documents import VIETNAM, DocumentKind, IdentityDocument
from vietnam.identity import Fault, InvalidNumber


class PaperSerializer(RequestSerializer):
    """The paper of a person without a personal number; `country` is that of the paper and its holder (ISO 3166)."""

    kind = serializers.ChoiceField(Person.Document.choices)
    number = Text(max_length=60)
    country = Text(
        max_length=2, required=False, default="", allow_blank=True, help_text="two letters; an old_card needs none"
    )


class KnownByPaper(RequestSerializer):
    """Somebody by `personal_number` (twelve digits), or by `paper`; validated to `identity`."""

    personal_number = Text(
        max_length=60, required=False, default="", allow_blank=True, help_text="twelve digits, or use `paper`"
    )
    paper = PaperSerializer(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        number, paper = attrs.pop("personal_number"), attrs.pop("paper")
        if bool(number) == bool(paper):
            sentence = _("Hãy ghi số định danh cá nhân, hoặc giấy tờ khác ở “paper”, một trong hai.")
            raise Refused("one_number", sentence, field=f"{self.field_name}.personal_number")
        attrs["identity"] = self._identity(number, paper)
        return attrs

    def _identity(self, number: str, paper: dict[str, Any] | None) -> IdentityDocument:
        """Raises Refused at the field that is wrong."""
        try:
            if paper:
                _check_country(paper["country"], f"{self.field_name}.paper.country")
                return IdentityDocument.parse(paper["kind"], paper["number"], paper["country"])
            return IdentityDocument.parse(DocumentKind.PERSONAL_NUMBER, number, today=timezone.localdate())
        except InvalidNumber as problem:
            if not paper:
                said, field = PersonalNumberField.faults[problem.reason], "personal_number"
            else:
                said = DocumentNumberField.faults.get(problem.reason, DocumentNumberField.faults[Fault.LENGTH])
                field = "paper.country" if problem.reason is Fault.COUNTRY else "paper.number"
            raise Refused("bad_number", said, field=f"{self.field_name}.{field}") from None


def _check_country(code: str, field: str) -> None:
    if code and not is_country(code):
        sentence = _("Không có nước nào mang mã này (ISO 3166, hai chữ hoa).")
        raise Refused("unknown_country", sentence, field=field)


class ApplicantSerializer(KnownByPaper):
    full_name = Text(max_length=150)
    birth_date = BirthDateText(required=False, allow_null=True, default=None)
    phone = Text(max_length=60, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    address = Text(max_length=300, required=False, default="", allow_blank=True)


class FiledDocumentSerializer(RequestSerializer):
    """A paper and its file; a paper with several (photos of its pages) is named once for each, in their order."""

    key = Text(max_length=80, help_text="key of the procedure's required document")
    file = FileId(help_text="id given by POST /api/v1/files/")


class FeeFactsSerializer(RequestSerializer):
    """What the procedure's `fee_needs` ask for in the channel and case; a number that is not said is 1."""

    quantities = serializers.DictField(child=Whole(), required=False, default=dict)
    value = Whole(required=False, allow_null=True, default=None, help_text="đồng")
    exemptions = serializers.ListField(child=Text(max_length=80), required=False, default=list, max_length=50)


class FilingDataSerializer(RequestSerializer):
    """What filing and taking in have in common."""

    procedure = Text(max_length=20)
    territory = Text(max_length=5, required=False, default="", allow_blank=True)
    case = Text(
        max_length=50, required=False, default="", allow_blank=True, help_text="needed where the procedure has `cases`"
    )
    content = Text(
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
    return_address = Text(max_length=300, required=False, default="", allow_blank=True)


class FilingSerializer(FilingDataSerializer):
    """A dossier to file online. Send an `Idempotency-Key` header: the same key files once."""

    applicant = ApplicantSerializer()
    documents = FiledDocumentSerializer(many=True, required=False, default=list)


class HandedDocumentSerializer(RequestSerializer):
    """A paper as it was handed over, with its scan where there is one."""

    key = Text(max_length=80, help_text="key of the procedure's required document")
    originals = Whole(min_value=0, max_value=99, required=False, default=0)
    copies = Whole(min_value=0, max_value=99, required=False, default=0)
    file = FileId(required=False, allow_null=True, default=None, help_text="id given by /api/v1/files/")


class DecisionSerializer(RequestSerializer):
    """The decision or licence that founded a body without a tax number. Its number names it only together with its day
    and who issued it: each authority counts from 1 every year."""

    number = Text(max_length=LONGEST_DECISION)
    country = Text(max_length=2, required=False, default=VIETNAM, help_text="two letters (ISO 3166)")
    date = Day(required=False, allow_null=True, default=None, help_text="day of issue")
    issuer = Text(
        max_length=LONGEST_ISSUER,
        required=False,
        default="",
        allow_blank=True,
        help_text="the issuing authority, as the decision names it; UBND and Ủy ban nhân dân are the same",
    )
    another = Truth(
        required=False,
        default=False,
        help_text="after `which_body`: somebody compared, and it is none of those on record; needs `date`, `issuer`",
    )


class OwnerSerializer(KnownByPaper):
    """Whom the dossier is for: a person by `personal_number` or `paper`, a body by `tax_number` or `decision`."""

    tax_number = Text(max_length=60, required=False, default="", allow_blank=True)
    decision = DecisionSerializer(required=False, allow_null=True, default=None)
    name = Text(max_length=150)
    birth_date = BirthDateText(required=False, allow_null=True, default=None, help_text="of a person")
    phone = Text(max_length=60, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    address = Text(max_length=300, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        body = [name for name in ("tax_number", "decision") if attrs[name]]
        if len(body) > 1 or (body and (attrs["personal_number"] or attrs["paper"])):
            sentence = _("Hãy ghi số của một người, hoặc của một doanh nghiệp, tổ chức, chỉ một trong các số.")
            raise Refused("one_number", sentence, field=f"{self.field_name}.personal_number")
        if not body:
            return super().validate(attrs)
        if attrs["decision"]:
            _check_country(attrs["decision"]["country"], f"{self.field_name}.decision.country")
        return {name: value for name, value in attrs.items() if name not in ("personal_number", "paper", "birth_date")}


class FilerSerializer(KnownByPaper):
    full_name = Text(max_length=150)


class IntakeSerializer(FilingDataSerializer):
    """A dossier handed over at a counter. Its exemptions are confirmed by whoever takes it in."""

    owner = OwnerSerializer()
    filer = FilerSerializer(required=False, allow_null=True, default=None, help_text="when it is not the owner")
    ground = serializers.ChoiceField(FilingGround.choices, required=False, default="", allow_blank=True)
    ground_note = Text(max_length=300, required=False, default="", allow_blank=True)
    documents = HandedDocumentSerializer(many=True, required=False, default=list)
    limit_days = Text(
        max_length=10,
        required=False,
        default="",
        allow_blank=True,
        help_text="where the catalogue's limit is still unverified",
    )
    fee = Whole(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MOST_MONEY,
        help_text="where the catalogue's fee is still unverified",
    )
    fee_ground = Text(max_length=300, required=False, default="", allow_blank=True)


class ActSerializer(RequestSerializer):
    """The facts of an action, by the names that the dossier's `actions` declare."""

    revision = Whole(
        min_value=0,
        max_value=MOST_REVISION,
        required=False,
        allow_null=True,
        default=None,
        help_text="the revision you read; another one since then answers 409. Or send If-Match",
    )
    facts = serializers.DictField(required=False, default=dict)

    def to_internal_value(self, data: Any) -> Any:
        """A fact of the action that stands beside `facts` is told where it belongs."""
        facts = [asked.name for asked in self.context["rule"].fields]
        beside = [name for name in data if name in facts and name not in self.fields] if isinstance(data, dict) else []
        if beside:
            raise serializers.ValidationError(
                {name: [_("Hãy gửi “%(name)s” trong “facts”.") % {"name": name}] for name in beside}
            )
        return super().to_internal_value(data)
