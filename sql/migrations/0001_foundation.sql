-- Tenants, their logs, and the answers kept for repeated requests.
--
-- Two roles: whoever migrates owns everything here; the server works as `comanda_app`, which owns nothing and cannot
-- bypass row-level security. A transaction names its tenant first, set_config('app.restaurant', …, true); without it
-- every table below looks empty. After a SET LOCAL the setting is '' and not NULL, hence nullif.

DO $$
BEGIN
    CREATE ROLE comanda_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION
    -- Roles belong to the cluster: another database of it may have made this one, even a moment ago.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT comanda_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO comanda_app;

CREATE TABLE restaurants (
    id                uuid        PRIMARY KEY,
    name              text        NOT NULL,
    currency          char(3)     NOT NULL,
    -- The last ticket number given; numbers are never reset.
    last_order_number bigint      NOT NULL DEFAULT 0,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT restaurants_number_counts_up CHECK (last_order_number >= 0)
);
ALTER TABLE restaurants ENABLE ROW LEVEL SECURITY;
ALTER TABLE restaurants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON restaurants
    USING (id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON restaurants TO comanda_app;

-- Whoever migrates may look across tenants: to tell an empty database from a foreign one, to back up.
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON restaurants TO %I USING (true)', current_user);
END
$$;

-- Facts about this database as a whole, such as that it holds the demo.
CREATE TABLE instance (
    key   text PRIMARY KEY,
    value text NOT NULL
);
GRANT SELECT, INSERT ON instance TO comanda_app;

-- The counter row of a log. Whoever writes events holds its lock to the end of the transaction, so commit order is
-- `seq` order and there is no gap. A restaurant's stream has the restaurant's id.
CREATE TABLE streams (
    id    uuid   PRIMARY KEY,
    -- One life of the log; only a restore changes it.
    epoch text   NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    seq   bigint NOT NULL DEFAULT 0,
    CONSTRAINT streams_seq_counts_up CHECK (seq >= 0)
);
ALTER TABLE streams ENABLE ROW LEVEL SECURITY;
ALTER TABLE streams FORCE ROW LEVEL SECURITY;
CREATE POLICY restaurant ON streams
    USING (id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON streams TO comanda_app;

-- The log. Kept for good, in monthly partitions; `at` is in the key because a partitioned table demands it, the
-- counter row alone makes (stream_id, seq) unique. Only the parent is granted and has policies.
CREATE TABLE events (
    stream_id uuid        NOT NULL,
    seq       bigint      NOT NULL,
    id        uuid        NOT NULL,
    at        timestamptz NOT NULL,
    actor_id  uuid        NOT NULL,
    kind      text        NOT NULL,
    body      jsonb       NOT NULL,
    -- For an order's history.
    order_id  uuid,
    PRIMARY KEY (stream_id, seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX events_by_order ON events (stream_id, order_id, seq) WHERE order_id IS NOT NULL;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY restaurant ON events
    USING (stream_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
-- No UPDATE, no DELETE: a fact stays.
GRANT SELECT, INSERT ON events TO comanda_app;

-- Catches what a clock far off would date into a month that nobody has made.
CREATE TABLE events_default PARTITION OF events DEFAULT;

-- Makes the partitions from last month to `ahead` months from now; what the default partition holds of a new month
-- moves into it. Runs as the owner, since the application may not make tables; it takes nothing but a number.
CREATE FUNCTION comanda_make_partitions(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month  timestamptz;
    title  text;
    made   integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('comanda_make_partitions'));
    FOR n IN -1..least(greatest(ahead, 0), 24) LOOP
        month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
        month := (month AT TIME ZONE 'UTC' + make_interval(months => n)) AT TIME ZONE 'UTC';
        title := 'events_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass(title) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', title);
        EXECUTE format('WITH moved AS (DELETE FROM events_default WHERE at >= %L AND at < %L RETURNING *) '
                       'INSERT INTO %I SELECT * FROM moved',
                       month, (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC', title);
        EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       title, month, (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION comanda_make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_make_partitions(integer) TO comanda_app;
SELECT comanda_make_partitions(3);

-- Answers to keyed requests, written in the command's own transaction: a key whose command committed is here.
CREATE TABLE idempotency (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    user_id       uuid        NOT NULL,
    -- The command's name.
    scope         text        NOT NULL,
    key           text        NOT NULL,
    -- SHA-256 over path and body: the same key with another request is refused.
    fingerprint   bytea       NOT NULL,
    outcome       jsonb       NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, user_id, scope, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON idempotency TO comanda_app;

-- Deletes up to `most` stored answers older than `age`, of every tenant. Runs as the owner because the application
-- sees one tenant at a time; it returns a count and no content. FORCE binds the owner too, so the policy below names it.
CREATE FUNCTION comanda_purge_idempotency(age interval, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT restaurant_id, user_id, scope, key FROM idempotency
        WHERE created_at < now() - greatest(age, interval '1 hour') LIMIT most
    ), gone AS (
        DELETE FROM idempotency USING old
        WHERE (idempotency.restaurant_id, idempotency.user_id, idempotency.scope, idempotency.key)
            = (old.restaurant_id, old.user_id, old.scope, old.key)
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION comanda_purge_idempotency(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_purge_idempotency(interval, integer) TO comanda_app;
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON idempotency TO %I USING (true)', current_user);
END
$$;
