"""What belongs to one dossier besides its state: messages, payments, results and the content of files."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import may
from core.refusals import NotAllowed, Refused
from digitization import malware
from digitization.models import StoredFile
from digitization.views.files import send_content
from dossiers.access.record_reference import dossier_of
from dossiers.correspondence import messages
from dossiers.models import Dossier, DossierDocument, DossierMessage
from exchange.authentication import actor_in
from exchange.fields import FileId, RequestSerializer, Text
from exchange.filing import hand_over, staged_files
from exchange.once import MAY_KEY, do_once
from exchange.views.dossiers import DossierView
from payments import charges
from payments.models import Charge
from payments.permissions import may_pay
from payments.providers import registry


class MessageSerializer(serializers.ModelSerializer):
    files = serializers.SerializerMethodField()

    class Meta:
        model = DossierMessage
        fields = ["id", "from_applicant", "author", "text", "sent_at", "answer_by", "answered_at", "files"]

    def get_files(self, message: DossierMessage) -> list[str]:
        """Ids, to be read at `/files/<id>/`."""
        return [str(file.pk) for file in message.files.all()]


class NewMessageSerializer(RequestSerializer):
    text = Text(max_length=messages.LONGEST)
    files = serializers.ListField(
        child=FileId(), required=False, default=list, max_length=messages.FILES_AT_MOST, help_text="ids from /files/"
    )
    answer_by = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="the last day on which staff want an answer"
    )


class Messages(DossierView):
    """Messages between the applicant and the staff of a dossier, oldest first. A system writes for the person for whom
    it filed, or in its post's place."""

    serializer_class = MessageSerializer

    @property
    def scope(self) -> str:
        return "dossiers:act" if self.request.method == "POST" else "dossiers:read"

    @extend_schema(responses=MessageSerializer(many=True), operation_id="messages_list")
    def get(self, request: Request, code: str) -> Response:
        found = messages.messages_of(self.dossier(request, code))
        return Response(MessageSerializer(found, many=True).data)

    @extend_schema(
        request=NewMessageSerializer,
        responses={201: MessageSerializer, 200: MessageSerializer},
        parameters=[MAY_KEY],
        operation_id="messages_write",
    )
    def post(self, request: Request, code: str) -> Response:
        sent = request.body
        given = NewMessageSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        dossier = self.dossier(request, code)
        made, now = do_once(request, "message", sent, lambda: self._write(request, dossier, given.validated_data))
        message = messages.messages_of(dossier).get(pk=made["message"])
        answer = MessageSerializer(message).data
        return Response(answer, status=status.HTTP_201_CREATED if now else status.HTTP_200_OK)

    @transaction.atomic
    def _write(self, request: Request, dossier: Dossier, facts: dict[str, Any]) -> dict[str, Any]:
        actor = actor_in(request, dossier)
        wanted = [str(key) for key in facts["files"]]
        files = staged_files(wanted, actor)
        if set(wanted) - set(files):
            raise Refused("unknown_file", _("Không có tệp này."), field="files")
        message = messages.write_message(
            dossier,
            actor,
            facts["text"],
            as_applicant=actor.post is None,
            at=timezone.now(),
            answer_by=facts["answer_by"],
        )
        hand_over(list(files.values()), dossier)
        message.files.add(*files.values())
        return {"message": message.pk}


class PaymentAttemptSerializer(serializers.Serializer):
    """How to pay: lead the payer to `pay_page`, or show `qr` as a QR code until `expires_at`."""

    way = serializers.CharField()
    reference = serializers.CharField()
    amount = serializers.IntegerField(help_text="đồng")
    pay_page = serializers.CharField(allow_blank=True)
    qr = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class ChargeSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uid", read_only=True)
    ways = serializers.SerializerMethodField()
    receipts = serializers.SerializerMethodField()

    class Meta:
        model = Charge
        fields = [
            "id",
            "reason",
            "title",
            "amount",
            "lines",
            "created_at",
            "settled_at",
            "cancelled_at",
            "ways",
            "receipts",
        ]

    def get_ways(self, charge: Charge) -> list[str]:
        """The ways in which it may be paid online now."""
        if charge.settled_at or charge.cancelled_at:
            return []
        return [
            provider.name for provider, _account in registry.offered_providers(charge.agency_code, at=timezone.now())
        ]

    def get_receipts(self, charge: Charge) -> list[str]:
        """Numbers of its receipts."""
        rows = charge.payments.filter(receipt__isnull=False).values_list("receipt__number", flat=True)
        return list(rows.order_by("receipt__id"))


class NewPaymentSerializer(RequestSerializer):
    way = Text(max_length=20, help_text="one of the charge's `ways`")


class Payments(DossierView):
    """What a dossier owes and has paid. Amounts are whole đồng."""

    scope = "dossiers:read"
    serializer_class = ChargeSerializer

    @extend_schema(responses=ChargeSerializer(many=True), operation_id="payments_list")
    def get(self, request: Request, code: str) -> Response:
        found = Charge.objects.filter(owner=self.dossier(request, code).reference).order_by("id")
        return Response(ChargeSerializer(found, many=True).data)


class Payment(DossierView):
    """Begin to pay a charge online. The money counts when the provider says so: read the charge again, or be told by
    webhook (`payment_made`)."""

    scope = "dossiers:act"
    serializer_class = NewPaymentSerializer

    @extend_schema(
        request=NewPaymentSerializer,
        responses={200: PaymentAttemptSerializer},
        parameters=[MAY_KEY],
        operation_id="payments_begin",
    )
    def post(self, request: Request, code: str, uid: uuid.UUID) -> Response:
        sent = request.body
        given = NewPaymentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        dossier = self.dossier(request, code)
        charge = Charge.objects.filter(owner=dossier.reference, uid=uid).first()
        if charge is None:
            raise Http404
        actor = actor_in(request, dossier)
        if not may_pay(actor, charge.owner):
            raise NotAllowed("not_yours", _("Chỉ người nộp và quầy một cửa nộp được khoản này."))

        def begin() -> dict[str, Any]:
            now, way = timezone.now(), given.validated_data["way"]
            offered = {each[0].name: each for each in registry.offered_providers(charge.agency_code, at=now)}
            if way not in offered:
                sentence = _("Khoản này nộp trực tuyến được bằng: %(ways)s.") % {"ways": ", ".join(offered) or "–"}
                raise Refused("unknown_way", sentence, field="way")
            provider, account = offered[way]
            attempt = charges.request_payment(charge, provider, account, at=now)
            page = provider.pay_page(attempt, address=actor.address, language=get_language() or "vi")
            return {
                "way": way,
                "reference": attempt.reference,
                "amount": attempt.amount,
                "pay_page": page or "",
                "qr": attempt.qr_payload,
                "expires_at": timezone.localtime(attempt.expires_at).isoformat() if attempt.expires_at else None,
            }

        return Response(do_once(request, "pay", sent, begin)[0])


class ResultSerializer(serializers.ModelSerializer):
    """A decision as it was issued. `files` are there once the caller may open them: what it costs is paid."""

    files = serializers.SerializerMethodField()

    class Meta:
        model = DossierDocument
        fields = ["name", "outcome", "number", "issued_on", "signer", "files"]

    def get_files(self, document: DossierDocument) -> list[str]:
        """Ids, to be read at `/files/<id>/`."""
        return [str(file.pk) for file in document.files if may(self.context["actor"], "read", file)]


class Results(DossierView):
    """The decisions and results issued in a dossier; those taken back are not among them."""

    scope = "dossiers:read"
    serializer_class = ResultSerializer

    @extend_schema(responses=ResultSerializer(many=True), operation_id="results_list")
    def get(self, request: Request, code: str) -> Response:
        dossier = self.dossier(request, code)
        actor = actor_in(request, dossier)
        found: QuerySet[DossierDocument] = dossier.documents.filter(
            kind=DossierDocument.Kind.RESULT, issued_on__isnull=False, withdrawn_at=None
        )
        rows = (
            found.select_related("file").prefetch_related("further__file") if may(actor, "read_result", dossier) else []
        )
        return Response(ResultSerializer(rows, many=True, context={"actor": actor}).data)


class AnyType(BaseContentNegotiation):
    """Errors are JSON and the file is what it is, whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileContent(APIView):
    """The content of a file of a dossier that the caller may see."""

    scope = "dossiers:read"
    audience = frozenset({"signed-in"})
    refuses_query = True
    content_negotiation_class = AnyType

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY}, operation_id="files_read")
    def get(self, request: Request, uid: uuid.UUID) -> HttpResponseBase:
        file = StoredFile.objects.present().filter(pk=uid).first()
        dossier = dossier_of(file.owner) if file is not None else None
        if file is None or dossier is None or not may(actor_in(request, dossier), "read", file):
            raise Http404
        if closed := malware.why_closed(file):
            raise Refused("not_open", closed)
        return send_content(file.storage_name, file.media_type, file.name, inline=False)
