-- What is over goes kind by kind: one that has too much to delete holds none of the others up. And a login goes after its
-- refresh tokens, of which a screen's has thousands: with them, by the foreign key, no number of logins was small enough.
DROP FUNCTION comanda_purge_people(interval, integer);

-- Deletes up to `most` of a kind: what has expired; tokens, and then the rows, of logins that have expired or were revoked a
-- day ago, which every server has told its sockets by then, and without a row a login is as dead; invites that were over
-- `kept` ago. What another server is deleting is left to it. Runs as the owner because the application sees one tenant at a
-- time; it takes numbers and returns a count, no content.
CREATE FUNCTION comanda_purge_people(kind text, kept interval, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    CASE kind
    WHEN 'resets' THEN
        DELETE FROM password_resets WHERE (restaurant_id, hash) IN (
            SELECT restaurant_id, hash FROM password_resets
            WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        );
    WHEN 'pairings' THEN
        DELETE FROM pairings WHERE code_hash IN (
            SELECT code_hash FROM pairings WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        );
    WHEN 'tokens' THEN
        DELETE FROM refresh_tokens WHERE (restaurant_id, hash) IN (
            SELECT restaurant_id, hash FROM refresh_tokens
            WHERE expires_at <= now() LIMIT most FOR UPDATE SKIP LOCKED
        );
    WHEN 'tokens of logins' THEN
        DELETE FROM refresh_tokens WHERE (restaurant_id, hash) IN (
            SELECT t.restaurant_id, t.hash
            FROM logins l
            JOIN refresh_tokens t ON t.restaurant_id = l.restaurant_id AND t.login_id = l.id
            WHERE l.expires_at <= now() OR l.revoked_at <= now() - interval '1 day'
            LIMIT most FOR UPDATE OF t SKIP LOCKED
        );
    WHEN 'logins' THEN
        DELETE FROM logins WHERE (restaurant_id, id) IN (
            SELECT l.restaurant_id, l.id
            FROM logins l
            WHERE (l.expires_at <= now() OR l.revoked_at <= now() - interval '1 day')
              AND NOT EXISTS (
                  SELECT FROM refresh_tokens t WHERE t.restaurant_id = l.restaurant_id AND t.login_id = l.id
              )
            LIMIT most FOR UPDATE SKIP LOCKED
        );
    WHEN 'invites' THEN
        DELETE FROM invites WHERE (restaurant_id, id) IN (
            SELECT restaurant_id, id FROM invites
            WHERE coalesce(used_at, revoked_at, expires_at) <= now() - greatest(kept, interval '0')
            LIMIT most FOR UPDATE SKIP LOCKED
        );
    END CASE;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION comanda_purge_people(text, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_purge_people(text, interval, integer) TO comanda_app;
