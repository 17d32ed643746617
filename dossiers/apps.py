from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import impact_preview
        from digitization import owners as file_owners
        from dossiers import receivers, registers, usage  # noqa: F401
        from dossiers.access import policies, record_reference  # noqa: F401
        from dossiers.correspondence import messages  # noqa: F401
        from dossiers.custody import permissions as keepers  # noqa: F401
        from dossiers.fees import payable  # noqa: F401
        from dossiers.filing import upload_targets  # noqa: F401
        from dossiers.letters import book
        from dossiers.letters.access import may_read_paper
        from dossiers.lifecycle import bulk  # noqa: F401
        from dossiers.notifications import handlers  # noqa: F401
        from dossiers.recalculation import job  # noqa: F401
        from papers import owners as paper_owners

        file_owners.register(record_reference.PREFIX, record_reference.may_read_file, upload_targets.may_add_to_draft)
        for prefix, may_use in (
            (upload_targets.ANSWER, upload_targets.may_use_answer),
            (upload_targets.INTAKE, upload_targets.may_use_intake),
            (upload_targets.MESSAGE, messages.may_use_upload),
        ):
            file_owners.register(prefix, may_use, may_use)
        upload_targets.register_waiting_places()
        paper_owners.register(record_reference.PREFIX, may_read_paper)
        paper_owners.register(book.FORM.key, registers.may_read)
        paper_owners.register(keepers.PAPER_PREFIX, keepers.may_read_record)
        impact_preview.register_impact(job.preview_recalculation)
