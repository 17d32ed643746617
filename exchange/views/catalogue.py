"""The catalogue, as anybody may read it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.catalogue import ProcedureListSerializer, ProcedureSerializer
from exchange.pagination import BadCursor, ByNewest
from procedures.models import Edition, Procedure
from procedures.search import query

MOST_FOUND = 50


class Procedures(ListAPIView):
    """Procedures in force. `q` searches with or without accents, best first, at most 50."""

    public = True
    scope = "catalogue"
    audience = frozenset({"public"})
    serializer_class = ProcedureListSerializer
    pagination_class = ByNewest

    @extend_schema(parameters=[OpenApiParameter("q", str, description="words of the title, or a code")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        words = request.query_params.get("q", "").strip()
        if not words:
            return super().list(request, *args, **kwargs)
        pages: Any = self.paginator
        if pages.decode_cursor(request) is not None:  # answers to a question have one page
            raise BadCursor
        most = min(pages.get_page_size(request), MOST_FOUND)
        public = Procedure.objects.filter(current__isnull=False).exclude(kind=Procedure.Kind.INTERNAL)
        best = query.search_procedures(words, public).select_related("current__field")[:most]
        found = self.get_serializer([_edition(procedure) for procedure in best], many=True).data
        return Response({"next": None, "previous": None, "results": found})

    def get_queryset(self) -> QuerySet[Edition]:
        published = Edition.objects.filter(status=Edition.Status.PUBLISHED)
        return published.exclude(procedure__kind=Procedure.Kind.INTERNAL).select_related("procedure", "field")


def _edition(procedure: Procedure) -> Edition | None:
    if procedure.current is not None:
        procedure.current.procedure = procedure
    return procedure.current


class ProcedureDetail(RetrieveAPIView):
    """One procedure: terms, fee lines and papers by channel and case."""

    public = True
    scope = "catalogue"
    audience = frozenset({"public"})
    serializer_class = ProcedureSerializer
    lookup_field = "procedure__code"
    lookup_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[Edition]:
        return (
            Edition.objects.filter(status=Edition.Status.PUBLISHED)
            .exclude(procedure__kind=Procedure.Kind.INTERNAL)
            .select_related("procedure", "field")
            .prefetch_related("terms", "fee_lines", "documents")
        )
