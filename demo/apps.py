from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration province and the simulation; beside the product's apps, which never import it."""

    name = "demo"
