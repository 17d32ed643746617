"""Addresses of the portal; each app brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from accounts.permissions import PUBLIC, open_to
from oss_portal import views

handler400, handler403 = "oss_portal.views.bad_request", "oss_portal.views.forbidden"
handler404, handler500 = "oss_portal.views.not_found", "oss_portal.views.broken"

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    *(path(f"{page}/", views.about, {"page": page}, name=page) for page in ("privacy", "accessibility", "terms")),
    path("manage/go-live/", views.go_live_checklist, name="manage-go-live"),
    path("language/", open_to(PUBLIC)(set_language), name="set_language"),
    path("", include("accounts.urls")),
    path("", include("procedures.urls")),
    path("", include("digitization.urls")),
    path("", include("payments.urls")),
    path("", include("papers.urls")),
    path("", include("notices.urls")),
    path("", include("dossiers.urls")),
    path("", include("reports.urls")),
    path("", include("exchange.urls")),
]
