"""The catalogue, as anybody may read it."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView

from exchange.pagination import ByNewest
from exchange.serializers import ProcedureListSerializer, ProcedureSerializer
from procedures import search
from procedures.models import Edition, Procedure


class Procedures(ListAPIView):
    """Procedures in force. `q` searches with or without accents, best first, at most 50."""

    public = True
    scope = "catalogue"
    audience = frozenset({"public"})
    serializer_class = ProcedureListSerializer
    pagination_class = ByNewest

    @extend_schema(parameters=[OpenApiParameter("q", str, description="words of the title, or a code")])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Edition]:
        published = Edition.objects.filter(status=Edition.Status.PUBLISHED).select_related("procedure", "field")
        published = published.exclude(procedure__kind=Procedure.Kind.INTERNAL)
        if words := self.request.query_params.get("q", "").strip():
            found = search.find(words)[:50].values_list("pk", flat=True)
            published = published.filter(procedure__in=list(found))
        return published


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
