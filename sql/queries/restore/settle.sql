-- Policies for whoever owned the backup are ours now, who own what was restored; stand-ins go.
DO $$
DECLARE
    policy record;
    role   text;
BEGIN
    FOR policy IN
        SELECT p.polname, p.polrelid::regclass AS relation
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'public'::regnamespace
          AND p.polroles <> '{0}' AND NOT 'comanda_app'::regrole = ANY (p.polroles)
    LOOP
        EXECUTE format('ALTER POLICY %I ON %s TO CURRENT_USER', policy.polname, policy.relation);
    END LOOP;
    FOR role IN SELECT jsonb_array_elements_text(current_setting('restore.stand_ins')::jsonb) LOOP
        -- Who makes a role may grant it, and only a member may drop what it has.
        EXECUTE format('GRANT %I TO CURRENT_USER', role);
        EXECUTE format('DROP OWNED BY %I', role);
        EXECUTE format('DROP ROLE %I', role);
    END LOOP;
END
$$
