"""What a notice says: a text template in each language, its first line the subject."""

from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import translation

LANGUAGES = ("vi", "en")


def render(template: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """(subject, body) of ``templates/notices/<template>.<language>.txt``."""
    language = language if language in LANGUAGES else "vi"
    with translation.override(language):
        # Plain text: nothing is escaped here; the page that shows it escapes it.
        plain = Context(context, autoescape=False)
        text = get_template(f"notices/{template}.{language}.txt").template.render(plain)
    subject, _newline, body = text.strip().partition("\n")
    return " ".join(subject.split())[:300], body.strip()
