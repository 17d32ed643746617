from django.urls import path

from notices.views import inbox

urlpatterns = [
    path("my/notices/", inbox.inbox, name="notices"),
    path("my/notices/read/", inbox.mark_read, name="notices-read"),
]
