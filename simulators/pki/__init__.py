"""A certification authority with a time-stamping service (RFC 3161) and a status responder (OCSP, RFC 6960).

    python -m simulators.pki --port 8090 --folder FOLDER

FOLDER holds the authority's key (`authority.pem`, made when it is not there). Nothing here is trusted by anybody else.
"""

# What the demonstration's certificates name as their responder, whatever port it has today.
OCSP_OF_DEMONSTRATION = "http://ocsp.demonstration.invalid/"
