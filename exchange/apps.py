from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from exchange import filing, receivers, schema  # noqa: F401
        from exchange.moving_in import work  # noqa: F401

        filing.register_waiting_places()
