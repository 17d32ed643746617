"""The portal's addresses and one page that holds the upload component and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from accounts.permissions import SIGNED_IN, open_to
from oss_portal.urls import urlpatterns as portal

PAGE = """{% extends "base/citizen.html" %}{% block title %}Giấy tờ{% endblock %}
{% block heading %}<h1 class="govuk-heading-l">Giấy tờ</h1>{% endblock %}
{% block content %}<form method="post" enctype="multipart/form-data">{% csrf_token %}
{% with owner="gallery:1" purpose="birth" name="paper" id="paper" label="Giấy chứng sinh" multiple=True %}
{% include "components/upload.html" %}{% endwith %}
</form>{% endblock %}"""


@open_to(SIGNED_IN)
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("gallery/upload/", page), *portal]
