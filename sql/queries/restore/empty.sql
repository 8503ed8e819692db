-- Drops what we own in the schema public; what extensions put there stays. The list is made before the first drop takes
-- others along.
DO $$
DECLARE
    drops text[];
    one   text;
BEGIN
    WITH ours AS (
        SELECT 1 AS place, 'pg_class'::regclass AS catalog, c.oid, format('DROP %s IF EXISTS public.%I CASCADE',
                   CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                  WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname) AS one
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT c.relispartition AND pg_has_role(c.relowner, 'MEMBER')
        UNION ALL
        SELECT 2, 'pg_proc'::regclass, p.oid, format('DROP ROUTINE IF EXISTS public.%I(%s) CASCADE',
                                p.proname, pg_get_function_identity_arguments(p.oid))
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND pg_has_role(p.proowner, 'MEMBER')
        UNION ALL
        SELECT 3, 'pg_type'::regclass, t.oid, format('DROP TYPE IF EXISTS public.%I CASCADE', t.typname)
        FROM pg_type t
        WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('d', 'e')
          AND pg_has_role(t.typowner, 'MEMBER')
    )
    SELECT array_agg(ours.one ORDER BY ours.place, ours.oid) INTO drops
    FROM ours
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = ours.catalog AND d.objid = ours.oid AND d.deptype = 'e');
    FOREACH one IN ARRAY coalesce(drops, '{}') LOOP
        EXECUTE one;
    END LOOP;
END
$$
