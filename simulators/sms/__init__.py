"""An SMS and Zalo gateway: it takes messages, shows them on a pretend telephone, and reports what became of them.

    python -m simulators.sms --port 8901 --api-key … --secret-key …

It speaks the part of the eSMS protocol that the portal uses, by its own code. A fault is chosen for all messages
(``--fault``, ``POST /faults``); with ``--hold`` reports wait for ``POST /release``. See `Fault`.
"""
