-- Does the database keep what it confirms, and is our role bound by row-level security? A member of the owning role is
-- not: policies for the owner are for it too.
SELECT current_setting('fsync'),
       current_setting('full_page_writes'),
       current_setting('synchronous_commit'),
       current_user::text,
       r.rolsuper,
       r.rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE pg_has_role(r.oid, c.relowner, 'MEMBER') AND c.relkind IN ('r', 'p') AND n.nspname = 'public')
FROM pg_roles r
WHERE r.rolname = current_user
