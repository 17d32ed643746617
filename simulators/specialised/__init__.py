"""A ministry's specialised software for development and tests, by our own protocol (docs/integrators.md).

``PUT`` and ``GET /dossiers/<code>`` under a bearer token; ``POST /settle`` gives a dossier its result, ``POST /faults``
sets a fault.
"""
