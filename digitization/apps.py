from importlib import import_module

from django.apps import AppConfig


class DigitizationConfig(AppConfig):
    name = "digitization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("handlers", "old_results", "permissions", "receivers"):
            import_module(f"digitization.{module}")
