-- The roles that a backup names (the setting restore.roles, JSON): comanda_app for good, and stand-ins for those that this
-- cluster does not have, until `settle` has put ourselves in their place.
DO $$
DECLARE
    role    text;
    made    jsonb := '[]';
BEGIN
    FOR role IN SELECT 'comanda_app' UNION SELECT jsonb_array_elements_text(current_setting('restore.roles')::jsonb) LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role);
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role);
        IF role <> 'comanda_app' THEN
            made := made || to_jsonb(role);
        END IF;
    END LOOP;
    IF NOT pg_has_role('comanda_app', 'MEMBER') THEN
        GRANT comanda_app TO CURRENT_USER;
    END IF;
    IF NOT has_schema_privilege('comanda_app', 'public', 'USAGE') THEN
        GRANT USAGE ON SCHEMA public TO comanda_app;
    END IF;
    PERFORM set_config('restore.stand_ins', made::text, true);
END
$$
