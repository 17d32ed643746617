"""Ministries' specialised software, by configuration: dossiers are pushed to it, its status and result are taken.

Our own protocol, described in docs/integrators.md and tried by ``manage.py connector_check URL --specialised``:
``PUT <url>/dossiers/<code>`` gives a dossier, again with each change; ``GET`` of the same tells how it stands.
Both are JSON under a bearer token; which field means what is a mapping that administrators keep.
"""
