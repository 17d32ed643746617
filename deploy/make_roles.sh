#!/bin/sh
# Run by the database's container when it makes its data folder; for an older one see docs/operators.md.
exec psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v owner_password="$OWNER_DATABASE_PASSWORD" -v web_password="$WEB_DATABASE_PASSWORD" \
    -v read_password="$READ_DATABASE_PASSWORD" -f /portal/roles.sql
