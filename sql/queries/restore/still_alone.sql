-- Right before the end. A server whose connections had just been cut when the restore looked for others has had the time to
-- come back: it would go on with what it remembers of the database that goes, and has perhaps written to it.
DO $$
BEGIN
    PERFORM pg_stat_clear_snapshot();
    IF EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'comanda' AND pid <> pg_backend_pid()
    ) THEN
        RAISE EXCEPTION 'a server came back to the database meanwhile; stop it first';
    END IF;
END
$$
