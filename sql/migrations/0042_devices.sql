-- Paired displays. A device is a user without address or password: it logs in by being paired, and everything that ends a
-- user's login ends its. It acts as KITCHEN or EXPO.

ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE users ADD COLUMN device boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD CONSTRAINT users_log_in_unless_devices
    CHECK (device = (email IS NULL) AND device = (password_hash IS NULL));
ALTER TABLE users ADD CONSTRAINT users_devices_cook CHECK (NOT device OR role IN ('KITCHEN', 'EXPO'));

CREATE TABLE devices (
    restaurant_id uuid        NOT NULL,
    -- The user's.
    id            uuid        NOT NULL,
    station       text,
    claimed_by    uuid        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT devices_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT devices_user_fkey FOREIGN KEY (restaurant_id, id) REFERENCES users (restaurant_id, id),
    CONSTRAINT devices_station_length CHECK (length(station) BETWEEN 1 AND 50)
);
CREATE INDEX devices_by_age ON devices (restaurant_id, created_at, id);
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON devices
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT ON devices TO comanda_app;

-- A display that waits to be claimed; it is nobody's until then. Whoever looks at a row names the code or the secret first.
CREATE TABLE pairings (
    code_hash     bytea       PRIMARY KEY,
    secret_hash   bytea       NOT NULL UNIQUE,
    expires_at    timestamptz NOT NULL,
    restaurant_id uuid,
    device_id     uuid,

    CONSTRAINT pairings_device_fkey FOREIGN KEY (restaurant_id, device_id) REFERENCES devices (restaurant_id, id),
    CONSTRAINT pairings_claimed_whole CHECK ((restaurant_id IS NULL) = (device_id IS NULL)),
    CONSTRAINT pairings_hashes_are_sha256 CHECK (octet_length(code_hash) = 32 AND octet_length(secret_hash) = 32)
);
CREATE INDEX pairings_expires_at ON pairings (expires_at);
ALTER TABLE pairings ENABLE ROW LEVEL SECURITY;
ALTER TABLE pairings FORCE ROW LEVEL SECURITY;
CREATE POLICY named ON pairings FOR SELECT
    USING (encode(code_hash, 'hex') = (SELECT current_setting('app.pairing', true))
           OR encode(secret_hash, 'hex') = (SELECT current_setting('app.pairing', true)));
CREATE POLICY asked ON pairings FOR INSERT WITH CHECK (restaurant_id IS NULL);
-- By the code alone: the display, which has the secret, claims nothing.
CREATE POLICY claimed ON pairings FOR UPDATE
    USING (encode(code_hash, 'hex') = (SELECT current_setting('app.pairing', true)) AND restaurant_id IS NULL)
    WITH CHECK (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT ON pairings TO comanda_app;
GRANT UPDATE (restaurant_id, device_id) ON pairings TO comanda_app;

-- Deletes pairings that are over. Runs as the owner, because the application sees only the one it names; answers a count.
CREATE POLICY owner ON pairings TO CURRENT_USER USING (true);
CREATE FUNCTION comanda_purge_pairings() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM pairings WHERE expires_at <= now() RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION comanda_purge_pairings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_purge_pairings() TO comanda_app;
