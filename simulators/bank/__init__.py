"""A bank: it takes orders for money, lets a customer pay them on a page, and calls the portal about it.

    python -m simulators.bank --port 8900 --portal-url http://127.0.0.1:8000 --secret …

It signs and reads VietQR by its own code, so that a mistake of the portal's cannot agree with itself. Faults are
chosen for one payment (``fault=`` in the form or query) or for all (``--fault``, ``POST /faults``); see `Fault`.
"""
