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
    from oss_portal import engines

    try:
        engines.ensure()
    except engines.EngineError as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
