-- The server's major version, and whether we see every row of it: row-level security holds for owners too.
SELECT current_setting('server_version_num')::integer / 10000 AS major,
       current_user::text AS role,
       (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS sees_all,
       to_regclass('public.migrations') IS NOT NULL AND to_regclass('public.streams') IS NOT NULL AS ours,
       -- What belongs to an extension is nobody's data.
       EXISTS (
           SELECT FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace
             AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
       ) AS occupied
