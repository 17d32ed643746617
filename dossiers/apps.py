from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import impact_preview
        from dossiers import receivers, registers  # noqa: F401
        from dossiers.access import policies, references  # noqa: F401
        from dossiers.lifecycle import bulk  # noqa: F401
        from dossiers.notifications import handlers  # noqa: F401
        from dossiers.recalculation import job  # noqa: F401
        from dossiers.reorganisation import carrying_out  # noqa: F401
        from dossiers.statistics import usage  # noqa: F401

        references.register_references()
        impact_preview.register_impact(job.preview_recalculation)
