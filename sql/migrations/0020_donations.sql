-- Donation boards: each is a stream of its own, which restaurants (donors) and NGOs share. A board's transaction names it
-- first, set_config('app.board', …, true), and sees the board's log and donations and nothing of any tenant; a tenant's
-- transaction sees nothing of a board.

CREATE TABLE boards (
    -- Its stream's id as well.
    id   uuid PRIMARY KEY REFERENCES streams (id),
    name text NOT NULL,
    CONSTRAINT boards_name_is_unique UNIQUE (name),
    CONSTRAINT boards_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
ALTER TABLE boards ENABLE ROW LEVEL SECURITY;
ALTER TABLE boards FORCE ROW LEVEL SECURITY;
CREATE POLICY board ON boards
    USING (id = (SELECT nullif(current_setting('app.board', true), '')::uuid));
GRANT SELECT, INSERT ON boards TO comanda_app;

-- Beside the policies by restaurant: either setting opens its own stream, and no transaction sets both.
CREATE POLICY board ON streams
    USING (id = (SELECT nullif(current_setting('app.board', true), '')::uuid));
CREATE POLICY board ON events
    USING (stream_id = (SELECT nullif(current_setting('app.board', true), '')::uuid));

-- The board that everybody is on who is on no other. FORCE binds the owner too, hence the setting.
SELECT set_config('app.board', '00000000-0000-7000-8000-000000000001', true);
INSERT INTO streams (id) VALUES ('00000000-0000-7000-8000-000000000001');
INSERT INTO boards (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'default');
SELECT set_config('app.board', '', true);

-- An NGO is a tenant of its own kind: users log in and are removed as a restaurant's are, and there is nothing else: no
-- stream, no currency, nothing that any other table could hold for it.
ALTER TABLE restaurants ADD COLUMN kind text NOT NULL DEFAULT 'RESTAURANT';
ALTER TABLE restaurants ADD CONSTRAINT restaurants_kind_is_known CHECK (kind IN ('RESTAURANT', 'NGO'));
ALTER TABLE restaurants ALTER COLUMN currency DROP NOT NULL;
ALTER TABLE restaurants ADD CONSTRAINT restaurants_only_ngos_have_no_currency
    CHECK ((currency IS NULL) = (kind = 'NGO'));
ALTER TABLE restaurants ADD COLUMN board_id uuid NOT NULL
    DEFAULT '00000000-0000-7000-8000-000000000001' REFERENCES boards (id);
ALTER TABLE users DROP CONSTRAINT users_role_known;
ALTER TABLE users ADD CONSTRAINT users_role_known
    CHECK (role IN ('OWNER', 'MANAGER', 'WAITER', 'CASHIER', 'EXPO', 'KITCHEN', 'NGO'));

CREATE TABLE donations (
    board_id      uuid             NOT NULL REFERENCES boards (id),
    id            uuid             NOT NULL,
    restaurant_id uuid             NOT NULL REFERENCES restaurants (id),
    -- The restaurant's as it was called then: a board does not see restaurants.
    donor_name    text             NOT NULL,
    donor_id      uuid             NOT NULL,
    name          text             NOT NULL,
    food_type     text             NOT NULL,
    quantity      text             NOT NULL,
    unit          text             NOT NULL,
    description   text,
    lat           double precision NOT NULL,
    lng           double precision NOT NULL,
    address       text             NOT NULL,
    expires_at    timestamptz      NOT NULL,
    image_urls    text[]           NOT NULL,
    status        text             NOT NULL,
    -- The NGO that has it, and who took it.
    claimed_for   uuid,
    claimed_by    uuid,
    claimed_at    timestamptz,
    picked_up_at  timestamptz,
    picked_up_by  uuid,
    delivered_at  timestamptz,
    delivered_by  uuid,
    version       integer          NOT NULL,
    created_at    timestamptz      NOT NULL,
    updated_at    timestamptz      NOT NULL,
    CONSTRAINT donations_pkey PRIMARY KEY (board_id, id),
    CONSTRAINT donations_status_is_known
        CHECK (status IN ('AVAILABLE', 'CLAIMED', 'PICKED_UP', 'DELIVERED', 'EXPIRED', 'CANCELLED')),
    CONSTRAINT donations_place_is_on_earth CHECK (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180),
    CONSTRAINT donations_claimed_whole
        CHECK ((claimed_for IS NULL) = (claimed_by IS NULL) AND (claimed_by IS NULL) = (claimed_at IS NULL)),
    CONSTRAINT donations_claimed_by_somebody
        CHECK (status NOT IN ('CLAIMED', 'PICKED_UP', 'DELIVERED') OR claimed_by IS NOT NULL),
    CONSTRAINT donations_available_to_all CHECK (status <> 'AVAILABLE' OR claimed_by IS NULL)
);
CREATE INDEX donations_newest_first ON donations (board_id, created_at DESC, id DESC);
CREATE INDEX donations_by_latitude ON donations (board_id, lat);
CREATE INDEX donations_by_donor ON donations (board_id, restaurant_id, created_at);
-- What the clock looks for, across boards.
CREATE INDEX donations_due ON donations (expires_at) WHERE status = 'AVAILABLE';
ALTER TABLE donations ENABLE ROW LEVEL SECURITY;
ALTER TABLE donations FORCE ROW LEVEL SECURITY;
CREATE POLICY board ON donations
    USING (board_id = (SELECT nullif(current_setting('app.board', true), '')::uuid));
-- For the function below, which FORCE binds too.
CREATE POLICY owner_reads ON donations FOR SELECT TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON donations TO comanda_app;

-- The available donations, of every board, whose time is over; the oldest first. Runs as the owner because the
-- application sees one board at a time. Safe: it answers with ids only, and takes a number.
CREATE FUNCTION comanda_due_donations(most integer) RETURNS TABLE (board_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT d.board_id, d.id FROM donations d
        WHERE d.status = 'AVAILABLE' AND d.expires_at <= now()
        ORDER BY d.expires_at LIMIT most
    $$;
REVOKE ALL ON FUNCTION comanda_due_donations(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_due_donations(integer) TO comanda_app;

-- Answers are kept by stream: one board's lane carries out commands of many tenants in one transaction. A user is of one
-- tenant, so (stream, user, scope, key) names no more than before.
ALTER TABLE idempotency DROP CONSTRAINT idempotency_restaurant_id_fkey;
ALTER TABLE idempotency RENAME COLUMN restaurant_id TO stream_id;
ALTER TABLE idempotency ADD CONSTRAINT idempotency_stream_fkey FOREIGN KEY (stream_id) REFERENCES streams (id);
CREATE POLICY board ON idempotency
    USING (stream_id = (SELECT nullif(current_setting('app.board', true), '')::uuid));
CREATE OR REPLACE FUNCTION comanda_purge_idempotency(age interval, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT stream_id, user_id, scope, key FROM idempotency
        WHERE created_at < now() - greatest(age, interval '1 hour') LIMIT most
    ), gone AS (
        DELETE FROM idempotency USING old
        WHERE (idempotency.stream_id, idempotency.user_id, idempotency.scope, idempotency.key)
            = (old.stream_id, old.user_id, old.scope, old.key)
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
