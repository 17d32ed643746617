from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import path
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.permissions import PUBLIC
from exchange.views import case, connections, manage, moving, national, national_files, post, specialised
from exchange.views.agencies import Agencies
from exchange.views.catalogue import ProcedureDetail, Procedures
from exchange.views.clock import DueDate
from exchange.views.dossiers import DossierAct, DossierDetail, Dossiers, Files, Track
from exchange.views.intake import Intakes
from exchange.views.token import Token
from exchange.views.uploads import Upload, Uploads
from exchange.views.webhooks import Webhook, WebhookMessages, WebhookReplay, Webhooks, WebhookSecret


@method_decorator(csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}), name="dispatch")
class Explorer(SpectacularSwaggerSplitView):
    """The description as a page on which operations are tried; its scripts come from this portal."""

    public = True
    audience = frozenset({PUBLIC})
    http_method_names = ["get", "head"]  # the framework's answer to OPTIONS has no template here
    url_name = "api-schema"
    title = "OSS Portal API"


class Schema(SpectacularAPIView):
    public = True
    audience = frozenset({PUBLIC})


urlpatterns = [
    path("manage/systems/", manage.systems, name="manage-systems"),
    path("manage/systems/<int:pk>/confirm/", manage.confirm, name="manage-system-confirm"),
    path("manage/systems/<int:pk>/disconnect/", manage.disconnect, name="manage-system-disconnect"),
    path("api/v1/docs/", Explorer.as_view(), name="api-docs"),
    path("api/v1/token/", Token.as_view(), name="api-token"),
    path("api/v1/schema/", Schema.as_view(), name="api-schema"),
    path("api/v1/procedures/", Procedures.as_view(), name="api-procedures"),
    path("api/v1/procedures/<str:code>/", ProcedureDetail.as_view(), name="api-procedure"),
    path("api/v1/track/<str:code>/", Track.as_view(), name="api-track"),
    path("api/v1/files/", Files.as_view(), name="api-files"),
    path("api/v1/files/<uuid:uid>/", case.FileContent.as_view(), name="api-file"),
    path("api/v1/uploads/", Uploads.as_view(), name="api-uploads"),
    path("api/v1/uploads/<uuid:uid>/", Upload.as_view(), name="api-upload"),
    path("api/v1/agencies/", Agencies.as_view(), name="api-agencies"),
    path("api/v1/intakes/", Intakes.as_view(), name="api-intakes"),
    path("api/v1/dossiers/", Dossiers.as_view(), name="api-dossiers"),
    path("api/v1/dossiers/<str:code>/", DossierDetail.as_view(), name="api-dossier"),
    path("api/v1/dossiers/<str:code>/messages/", case.Messages.as_view(), name="api-messages"),
    path("api/v1/dossiers/<str:code>/payments/", case.Payments.as_view(), name="api-payments"),
    path("api/v1/dossiers/<str:code>/payments/<uuid:uid>/", case.Payment.as_view(), name="api-payment"),
    path("api/v1/dossiers/<str:code>/results/", case.Results.as_view(), name="api-results"),
    path("api/v1/dossiers/<str:code>/<slug:action>/", DossierAct.as_view(), name="api-act"),
    path("api/v1/webhooks/", Webhooks.as_view(), name="api-webhooks"),
    path("api/v1/webhooks/messages/", WebhookMessages.as_view(), name="api-webhook-messages"),
    path("api/v1/webhooks/<uuid:uid>/", Webhook.as_view(), name="api-webhook"),
    path("api/v1/webhooks/<uuid:uid>/secret/", WebhookSecret.as_view(), name="api-webhook-secret"),
    path("api/v1/webhooks/<uuid:uid>/replay/", WebhookReplay.as_view(), name="api-webhook-replay"),
    path("dossiers/<str:code>/post/", post.dossier_post, name="dossier-post"),
    path("manage/specialised/", specialised.specialised, name="manage-specialised"),
    path("manage/specialised/<int:pk>/", specialised.specialised_one, name="manage-specialised-one"),
    path("manage/moving-in/", moving.moving, name="manage-moving"),
    path("manage/moving-in/<int:pk>/", moving.moving_batch, name="manage-moving-batch"),
    path("manage/moving-in/<int:pk>/report.csv", moving.moving_report, name="manage-moving-report"),
    path("manage/national/", national.national_portal, name="manage-national"),
    path("national/files/<str:token>/", national_files.national_file, name="national-file"),
    path("manage/connections/", connections.connections, name="manage-connections"),
    path("manage/webhooks/", connections.webhooks, name="manage-webhooks"),
    path("manage/webhooks/<uuid:uid>/", connections.webhook, name="manage-webhook"),
    path("api/v1/due-date/", DueDate.as_view(), name="api-due-date"),
]
