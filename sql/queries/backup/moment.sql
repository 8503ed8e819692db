-- What this transaction sees, for whoever copies it: the snapshot to copy by, when it was, and what a restore must know.
SELECT pg_export_snapshot() AS snapshot,
       now() AS at,
       ARRAY(SELECT name || ' ' || checksum FROM migrations ORDER BY name) AS migrations,
       (SELECT count(*) FROM restaurants) AS tenants,
       (SELECT coalesce(sum(seq), 0)::bigint FROM streams) AS events,
       -- Roles that grants and policies name. Where it is a cluster's first superuser, only the policies say so.
       ARRAY(
           SELECT r.rolname::text
           FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
           WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype IN ('a', 'r')
             AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
           UNION
           SELECT named::text FROM pg_policies, unnest(roles) AS named
           WHERE schemaname = 'public' AND named <> 'public'
       ) AS roles
