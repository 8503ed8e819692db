-- Passwords of users who moved in and never came: forgotten by the clock, since every failed login does their work too.

-- The function below runs as the owner, because the application sees one tenant at a time; FORCE binds the owner too.
CREATE POLICY owner_forgets ON users FOR UPDATE TO CURRENT_USER USING (true);

-- Gives up to `most` users who moved in `kept` ago, and have not logged in since, the hash of a password that nobody knows. Who
-- is just logging in is left to that. It takes numbers and returns a count, no content.
CREATE FUNCTION comanda_forget_foreign_hashes(kept interval, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH forgotten AS (
        UPDATE users
        SET password_hash = '$argon2id$v=19$m=19456,t=2,p=1$' || rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '=')
            || '$' || rtrim(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'base64'), '=')
        WHERE id IN (
            SELECT id FROM users
            WHERE removed_at IS NULL AND password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'
              AND created_at <= now() - greatest(kept, interval '0')
            LIMIT most FOR UPDATE SKIP LOCKED
        )
        RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$;
REVOKE ALL ON FUNCTION comanda_forget_foreign_hashes(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_forget_foreign_hashes(interval, integer) TO comanda_app;
