-- Who else is connected to this database. Of other roles' connections one may not see what they are, but whose: what is
-- nobody's is PostgreSQL's own, an autovacuum say.
SELECT count(*) AS others,
       coalesce(string_agg(DISTINCT nullif(application_name, ''), ', '), '') AS names
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
