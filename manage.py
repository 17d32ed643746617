#!/usr/bin/env python
"""Django's commands, with the embedded servers attached to or started for the command's own duration."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run `make setup`, then use .venv/bin/python manage.py …")
    from django.db.utils import ProgrammingError

    from oss_portal import engines

    try:
        engines.ensure()
    except engines.EngineError as problem:
        sys.exit(str(problem))
    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError:
        from oss_portal.run.preparation import waiting_migrations

        if "--traceback" in sys.argv or not (waiting := waiting_migrations()):
            raise
        sys.exit(
            f"The database is not prepared for this version of the portal ({waiting} migrations wait): run "
            "`.venv/bin/python manage.py migrate` first, or `make run`, which loads the demonstration too."
        )


if __name__ == "__main__":
    main()
