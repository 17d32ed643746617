"""Dossiers: tracking, filing, reading, acting. Actions and their rules are the life-cycle table's."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import people
from accounts.models import Person
from accounts.people import BirthDateDiffers, PersonDiffers
from accounts.permissions import visible
from core.kept_queries import KeptQuery
from core.refusals import Unknown
from core.typed_keys import typed_key
from digitization import uploads
from dossiers.access import tracking
from dossiers.access.openings import record_dossier_look, record_dossier_looks
from dossiers.lifecycle import TABLE, NotAllowed, Refused, execute_transition
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from exchange.action_inputs import typed_inputs
from exchange.authentication import actor_in, actor_of
from exchange.fields import refuse_unknown_names
from exchange.filing import file_dossier, staging_owner
from exchange.models import ConnectedSystem
from exchange.once import (
    IF_MATCH,
    IF_NONE_MATCH,
    KEY,
    MAY_KEY,
    do_once,
    etag_of,
    expected_revision,
    idempotency_key,
    is_known,
)
from exchange.pagination import ByNewest
from exchange.requests import ActSerializer, FilingSerializer
from exchange.selection import FIELDS, SelectsFields, select_fields
from exchange.serializers import (
    SHOWN_COLUMNS,
    SHOWN_LOADED,
    DossierDetailSerializer,
    DossierSerializer,
    TrackingSerializer,
)
from exchange.throttling import PublicRateThrottle, SystemRateThrottle, TrackingThrottle
from journal import idempotency
from vietnam.phone import InvalidPhone

LOADED = (
    "edition__procedure",
    "settling_agency__calendar",
    "receiving_agency",
    "help_desk",
    "return_desk",
    "step",
)
_WHOLE = KeptQuery(lambda dossier: Dossier.objects.filter(pk=dossier).select_related(*LOADED), dossier=-1)


class Track(APIView):
    """State and dates of a dossier by its code."""

    public = True
    throttle_classes = (TrackingThrottle, SystemRateThrottle, PublicRateThrottle)
    audience = frozenset({"public"})
    serializer_class = TrackingSerializer

    def get(self, request: Request, code: str) -> Response:
        dossier = tracking.find_by_code(code)
        if dossier is None:
            raise Unknown("unknown", _("Không có hồ sơ mang mã này. Hãy xem lại mã trên giấy tiếp nhận."))
        return Response(TrackingSerializer(dossier).data)


class StoredFileSerializer(serializers.Serializer):
    """A file that was taken in; name it by its `id`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()


class Files(APIView):
    """Send a file (multipart, field `file`) before filing; answers its id."""

    scope = "dossiers:file"
    audience = frozenset({"signed-in"})
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[MAY_KEY],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "additionalProperties": False,
            }
        },
        responses={201: StoredFileSerializer, 200: StoredFileSerializer},
    )
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        refuse_unknown_names(request.data, ["file"])
        sent = request.FILES.get("file")
        if sent is None:
            raise Refused("missing", _("Hãy gửi kèm tệp ở trường “file”."), field="file")
        digest = uploads.examine_file(sent).sha256.encode()

        def keep() -> dict[str, Any]:
            stored = uploads.store_file(sent, name=sent.name or "", owner=staging_owner(actor), by=actor)
            return {"id": str(stored.pk), "name": stored.name, "size": stored.size, "sha256": stored.sha256}

        kept, now = do_once(request, "upload", digest, keep)
        return Response(kept, status=status.HTTP_201_CREATED if now else status.HTTP_200_OK)


class Dossiers(SelectsFields, ListAPIView):
    """Dossiers that the caller's post may see, newest first; POST files one online."""

    audience = frozenset({"signed-in"})
    serializer_class = DossierSerializer
    pagination_class = ByNewest

    @property
    def scope(self) -> str:
        return "dossiers:file" if self.request.method == "POST" else "dossiers:read"

    def get_queryset(self) -> QuerySet[Dossier]:
        found = visible(actor_of(self.request), Dossier.objects.sent())
        found = found.select_related(*SHOWN_LOADED).only(*SHOWN_COLUMNS)
        if state := self.request.query_params.get("state", ""):
            if not (state.isascii() and state.removeprefix("-").isdigit()):
                raise ValidationError({"state": [_("Hãy ghi số của một trạng thái.")]})
            found = found.filter(state=typed_key(state)) if state.isdigit() and len(state) <= 2 else found.none()
        return found

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of dossiers; the people on it are told that a system or a post read their data."""
        page = super().paginate_queryset(queryset)
        record_dossier_looks(page or [], by=actor_of(self.request), at=timezone.now())
        return page

    @extend_schema(
        parameters=[OpenApiParameter("state", int, description="number of a state"), FIELDS],
        responses={200: DossierSerializer(many=True)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=FilingSerializer,
        responses={201: DossierSerializer, 200: DossierSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        key, sent = idempotency_key(request), request.body  # before `data`, which reads the stream to its end
        given = FilingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        filed: list[Dossier] = []

        def make() -> dict[str, Any]:
            filed.append(self._file(request, facts))
            return {"dossier": filed[0].pk}

        made, now = idempotency.run_once(f"file:{request.user.pk}", key, sent, make)
        dossier = filed[0] if now else Dossier.objects.select_related(*LOADED).get(pk=made["dossier"])
        answer = DossierSerializer(dossier).data
        return Response(answer, status=status.HTTP_201_CREATED if now else status.HTTP_200_OK)

    def _file(self, request: Request, facts: dict[str, Any]) -> Dossier:
        person = self._applicant(request, facts["applicant"])
        system = isinstance(request.auth, ConnectedSystem)
        actor = actor_of(request, represents=person if system else None)
        return file_dossier(facts, person=person, actor=actor, at=timezone.now())

    def _applicant(self, request: Request, given: dict[str, Any]) -> Person:
        if isinstance(request.auth, ConnectedSystem):
            try:
                person, _made = people.find_or_create_person(**given_as_person(given))
            except InvalidPhone as error:
                raise Refused(
                    "bad_phone", _("Số điện thoại không hợp lệ. Ví dụ: 0912345678."), field="applicant.phone"
                ) from error
            except PersonDiffers as unlike:
                raise Refused("person_differs", unlike.sentence, field="applicant.full_name") from unlike
            except BirthDateDiffers as unlike:
                raise Refused(unlike.code, unlike.sentence, field="applicant.birth_date") from unlike
            return person
        own = actor_of(request).person
        if own is None or own.identity != given["identity"]:
            raise NotAllowed("not_yours", _("Bạn chỉ nộp được hồ sơ cho chính mình qua cách này."))
        return own


class DossierView(GenericAPIView):
    audience = frozenset({"signed-in"})

    def dossier(self, request: Request, code: str) -> Dossier:
        found = dossier_by_code(visible(actor_of(request), Dossier.objects.sent()).only("code"), code)
        whole = _WHOLE.records(dossier=found.pk) if found is not None else []
        if not whole:
            raise Http404
        dossier = whole[0]
        record_dossier_look(dossier, by=actor_of(request), at=timezone.now())
        return dossier


class DossierDetail(DossierView):
    """A dossier with papers, history and the actions open to the caller."""

    scope = "dossiers:read"
    serializer_class = DossierDetailSerializer
    refuses_query = True

    @extend_schema(parameters=[FIELDS, IF_NONE_MATCH], responses={200: DossierDetailSerializer, 304: None})
    def get(self, request: Request, code: str) -> Response:
        dossier = self.dossier(request, code)
        headers = {"ETag": etag_of(dossier)}
        if is_known(request, dossier):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        shown = DossierDetailSerializer(dossier, context={"actor": actor_in(request, dossier)})
        return Response(select_fields(shown, request).data, headers=headers)


class DossierAct(DossierView):
    """Do one action. 409 with a sentence when somebody was first, 403 when the post may not, 422 when refused."""

    scope = "dossiers:act"
    serializer_class = ActSerializer

    @extend_schema(
        operation_id="dossiers_act",
        request=ActSerializer,
        responses={200: DossierDetailSerializer},
        parameters=[MAY_KEY, IF_MATCH],
    )
    def post(self, request: Request, code: str, action: str) -> Response:
        sent, data = request.body, request.data  # what cannot be read is refused before anything is looked for
        dossier = self.dossier(request, code)
        if action not in TABLE:
            raise Refused("unknown_action", _("Không có thao tác này."))
        given = ActSerializer(data=data, context={"rule": TABLE[action]})
        given.is_valid(raise_exception=True)
        actor = actor_in(request, dossier)

        def act() -> dict[str, Any]:
            revision = expected_revision(request, dossier, given.validated_data["revision"])
            inputs = typed_inputs(TABLE[action], given.validated_data["facts"], actor, dossier)
            execute_transition(dossier, action, actor, at=timezone.now(), revision=revision, **inputs)
            return {"dossier": dossier.pk}

        with transaction.atomic():
            _made, acted = do_once(request, "act", sent, act)
        if not acted:  # somebody else's request, sent twice: what it made is newer than what was read here
            dossier = Dossier.objects.select_related(*LOADED).get(pk=dossier.pk)
        shown = DossierDetailSerializer(dossier, context={"actor": actor})
        return Response(shown.data, headers={"ETag": etag_of(dossier)})


def given_as_person(given: dict[str, Any]) -> dict[str, Any]:
    facts = dict(given)
    return {"number": facts.pop("identity"), **facts}
