"""A public post for development and tests, by our assumption of its protocol (exchange/connectors/post/mapping.yaml).

``POST /orders`` takes an order (one for each reference), ``GET /orders/<number>`` tells where it is, ``POST
/orders/<number>/cancel`` ends it. ``POST /move`` moves an order on, ``POST /faults`` sets a fault.
"""
