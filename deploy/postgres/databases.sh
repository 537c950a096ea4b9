#!/bin/bash
# Runs once, when PostgreSQL starts on an empty volume: two roles that cannot read each other's databases.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set temporal_password="$TEMPORAL_DB_PASSWORD" --set kierros_password="$KIERROS_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
CREATE ROLE kierros LOGIN PASSWORD :'kierros_password';
CREATE DATABASE kierros OWNER kierros;
REVOKE CONNECT ON DATABASE kierros FROM PUBLIC;
SQL
