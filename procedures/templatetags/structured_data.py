"""`{% government_service procedure edition %}`: the data block for search engines in a page's head."""

import json

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from procedures.models import Edition, Procedure
from procedures.public.structured_data import government_service as as_data

register = template.Library()
# A data block is not run, so the content policy lets it pass; but it must not end before its end.
_HARMLESS = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.simple_tag(takes_context=True)
def government_service(context: template.Context, procedure: Procedure, edition: Edition) -> SafeString:
    data = as_data(
        edition,
        url=settings.PUBLIC_URL + reverse("procedure", args=[procedure.code]),
        short_url=settings.PUBLIC_URL + reverse("procedure-short", args=[procedure.code]),
        province=str(context.get("province_name", "")),
    )
    text = json.dumps(data, ensure_ascii=False).translate(_HARMLESS)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (translated above)
