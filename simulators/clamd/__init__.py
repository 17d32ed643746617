"""A malware scanner for demonstration and tests: clamd's protocol (PING, VERSION, INSTREAM), and its faults.

It finds what holds the mark OSS-TEST-MALWARE and nothing else. A fault is set by the command FAULT, which the real
daemon does not know: ``python -m simulators.clamd --port 3310 --set-fault away``.
"""
