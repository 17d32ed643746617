"""The public post (Decision 45/2016/QĐ-TTg): papers fetched from applicants and results brought to them, by orders.

Its protocol is not public. `mapping.yaml` holds our assumption of it: which of its fields and states means what.
"""

NAME = "post"
