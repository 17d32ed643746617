from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.references import register_subject
        from notices import account_notices, digest, receivers  # noqa: F401 - declare their kinds, and listen

        register_subject("notice")  # a text, by kind, channel and language
        register_subject("notices")
