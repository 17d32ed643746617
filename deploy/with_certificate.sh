#!/bin/sh
# Entrypoint of PostgreSQL's and Valkey's containers: gives the server's user its certificate and key (deploy/
# inner_certificates.py made them), then goes on with the image's own entrypoint.
#   with_certificate.sh USER COMMAND…
set -e
user=$1
shift
mkdir -p /run/certificate
cp /certificate/cert.pem /certificate/key.pem /run/certificate/
chown -R "$user" /run/certificate
chmod 700 /run/certificate
chmod 600 /run/certificate/key.pem
exec docker-entrypoint.sh "$@"
