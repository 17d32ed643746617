-- The three roles of the portal's database; run by a superuser, once or again:
--   psql -v ON_ERROR_STOP=1 -v owner_password=… -v web_password=… -v read_password=… -d portal -f deploy/roles.sql
-- portal_owner migrates and owns everything; portal_web is what web and workers are; portal_read only reads, for figures.
-- What each may do with which table is granted after every migration (journal/roles.py).
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name)
FROM unnest(ARRAY['portal_owner', 'portal_web', 'portal_read']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE portal_owner PASSWORD :'owner_password';
ALTER ROLE portal_web PASSWORD :'web_password';
ALTER ROLE portal_read PASSWORD :'read_password';
ALTER ROLE portal_read SET default_transaction_read_only = on;
SELECT format('ALTER DATABASE %I OWNER TO portal_owner', current_database()) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO portal_web, portal_read', current_database()) \gexec
ALTER SCHEMA public OWNER TO portal_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- An installation from before these roles: what somebody else owns here becomes the owner's.
SELECT format('ALTER %s %s OWNER TO portal_owner',
              CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
  AND relowner <> 'portal_owner'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i') AND relkind = 'S') \gexec
SELECT format('ALTER FUNCTION %s OWNER TO portal_owner', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner <> 'portal_owner'::regrole \gexec
