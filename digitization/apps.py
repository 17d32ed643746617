from django.apps import AppConfig


class DigitizationConfig(AppConfig):
    name = "digitization"
    default_auto_field = "django.db.models.BigAutoField"
