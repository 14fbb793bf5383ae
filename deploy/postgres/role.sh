#!/bin/sh
# The database and the role that owns it, made once by PostgreSQL's image: no superuser, who could run programs there.
# It may make databases, as a drill and a restore do.
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
    --set password="$(cat /run/secrets/database_password)" <<'END'
CREATE ROLE sanliang LOGIN NOSUPERUSER CREATEDB PASSWORD :'password';
CREATE DATABASE sanliang OWNER sanliang ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE sanliang FROM PUBLIC;
END
