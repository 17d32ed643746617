"""VNPAY: a page on which somebody pays, calls to the portal (IPN), queries and refunds, by the protocol 2.1.0.

    python -m simulators.vnpay --port 8910 --ipn-url http://127.0.0.1:8000/payments/vnpay/callback --secret …

It signs by its own code, so that a mistake of the portal's cannot agree with itself. Faults are chosen for one payment
(``fault=`` in the form) or for all (``--fault``, ``POST /faults``); see `book.Fault`.
"""
