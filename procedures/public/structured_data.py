"""A procedure as search engines read it: schema.org GovernmentService (https://schema.org/GovernmentService)."""

from __future__ import annotations

from typing import Any

from procedures import display
from procedures.models import Channel, Edition

_IN_LANGUAGE = ("vi", "en")


def government_service(edition: Edition, *, url: str, short_url: str, province: str) -> dict[str, Any]:
    """JSON-LD of an edition in force. Only facts: an unknown limit or fee is left out, not guessed.

    `url`, `short_url`: absolute addresses of the page; `province`: the name of the area served.
    """
    facts = edition.facts
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": edition.title,
        "identifier": facts["code"],
        "serviceType": edition.field.name,
        "url": url,
        "sameAs": short_url,
        "areaServed": {"@type": "AdministrativeArea", "name": province},
        "jurisdiction": {"@type": "AdministrativeArea", "name": province},
        "audience": [{"@type": "Audience", "audienceType": str(display.APPLICANTS[key])} for key in edition.applicants],
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": url,
            "availableLanguage": list(_IN_LANGUAGE),
        },
    }
    if edition.title_en:
        found["alternateName"] = edition.title_en
    if results := [row["name"] for row in facts["results"] if row.get("name")]:
        found["serviceOutput"] = [{"@type": "Thing", "name": name} for name in results]
    if edition.online_level == Edition.OnlineLevel.NONE:
        found["availableChannel"]["name"] = str(Channel.COUNTER.label)
    return found
