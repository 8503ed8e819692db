-- What is over goes by the clock, and not only when somebody comes by: resets, pairings, refresh tokens, logins, invites.

-- The function below runs as the owner, because the application sees one tenant at a time; FORCE binds the owner too.
CREATE POLICY owner ON password_resets TO CURRENT_USER USING (true);
CREATE POLICY owner ON invites TO CURRENT_USER USING (true);
CREATE POLICY owner ON refresh_tokens TO CURRENT_USER USING (true);
CREATE POLICY owner ON logins TO CURRENT_USER USING (true);

CREATE INDEX password_resets_expires_at ON password_resets (expires_at);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX invites_over_at ON invites ((coalesce(used_at, revoked_at, expires_at)));
-- Nobody sweeps one restaurant's any more.
DROP INDEX logins_expires_at;
CREATE INDEX logins_expires_at ON logins (expires_at);

DROP FUNCTION comanda_purge_pairings();

-- Deletes up to `most` of each: what has expired; logins that were revoked a day ago, which every server has told its
-- sockets by then, and without a row a login is as dead; invites that were over `kept` ago. What another server is
-- deleting is left to it. It takes numbers and returns a count, no content.
CREATE FUNCTION comanda_purge_people(kept interval, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH resets AS (
        DELETE FROM password_resets WHERE (restaurant_id, hash) IN (
            SELECT restaurant_id, hash FROM password_resets
            WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    ), asked AS (
        DELETE FROM pairings WHERE code_hash IN (
            SELECT code_hash FROM pairings WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    ), tokens AS (
        DELETE FROM refresh_tokens WHERE (restaurant_id, hash) IN (
            SELECT restaurant_id, hash FROM refresh_tokens
            WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    ), families AS (
        DELETE FROM logins WHERE (restaurant_id, id) IN (
            SELECT restaurant_id, id FROM logins
            WHERE expires_at <= now() OR revoked_at <= now() - interval '1 day'
            LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    ), codes AS (
        DELETE FROM invites WHERE (restaurant_id, id) IN (
            SELECT restaurant_id, id FROM invites
            WHERE coalesce(used_at, revoked_at, expires_at) <= now() - greatest(kept, interval '0')
            LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    )
    SELECT (SELECT count(*) FROM resets) + (SELECT count(*) FROM asked) + (SELECT count(*) FROM tokens)
         + (SELECT count(*) FROM families) + (SELECT count(*) FROM codes)
$$;
REVOKE ALL ON FUNCTION comanda_purge_people(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_purge_people(interval, integer) TO comanda_app;
