"""National registers for development and tests, by our assumption of their protocol (accounts/registries/mapping.yaml).

``POST /dan-cu/tra-cuu``, ``/doanh-nghiep/tra-cuu`` and ``/dat-dai/tra-cuu`` answer by number; ``GET /asked`` tells who
asked for what and why; ``POST /faults`` sets a fault: broken, silent, no-json, refused, or none.
"""
