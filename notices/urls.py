from django.urls import path

from notices.views import choice, inbox, manage, report

urlpatterns = [
    path("my/notices/", inbox.inbox, name="notices"),
    path("my/notices/read/", inbox.mark_read, name="notices-read"),
    path("profile/notices/", choice.choice, name="profile-notices"),
    path("manage/notices/", manage.texts, name="manage-notices"),
    path("manage/notices/failed/", manage.failed, name="manage-notices-failed"),
    path("manage/notices/failed/retry/", manage.retry, name="manage-notices-retry"),
    path("manage/notices/<slug:kind>/<slug:channel>/<slug:language>/", manage.text, name="manage-notice-text"),
    path("notices/report/<str:token>/", report.report, name="notice-report"),
]
