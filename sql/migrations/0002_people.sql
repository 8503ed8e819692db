-- People: who may log in, where they are logged in, and the refresh tokens of each login.
-- A login is the family of its refresh tokens; its id is the claim `sid` of its access tokens.

CREATE TABLE users (
    restaurant_id   uuid        NOT NULL,
    id              uuid        NOT NULL,
    email           text        NOT NULL,
    name            text        NOT NULL,
    role            text        NOT NULL,
    password_hash   text        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- Acts on live tokens and sockets within seconds (comanda_auth_changes).
    role_changed_at timestamptz,
    -- A removed user stays as a tombstone: a deleted row would turn its tokens into those of a user unknown here,
    -- which `auth.foreign_users` may let in.
    removed_at      timestamptz,

    CONSTRAINT users_pkey PRIMARY KEY (restaurant_id, id),
    -- A user is of one restaurant only.
    CONSTRAINT users_id_key UNIQUE (id),
    CONSTRAINT users_restaurant_fkey FOREIGN KEY (restaurant_id) REFERENCES restaurants (id),
    CONSTRAINT users_email_lower CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    CONSTRAINT users_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT users_role_known CHECK (role IN ('OWNER', 'MANAGER', 'WAITER', 'CASHIER', 'EXPO', 'KITCHEN')),
    CONSTRAINT users_password_argon2id CHECK (password_hash LIKE '$argon2id$%')
);

-- Logging in knows no restaurant yet, so an address is one person's everywhere; a removed user's is free again.
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE removed_at IS NULL;
CREATE INDEX users_removed_at ON users (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX users_role_changed_at ON users (role_changed_at) WHERE role_changed_at IS NOT NULL;

CREATE TABLE logins (
    restaurant_id  uuid        NOT NULL,
    id             uuid        NOT NULL,
    user_id        uuid        NOT NULL,
    -- Lifetime of its access tokens in seconds, as asked for at login; kept over refreshes.
    access_ttl_s   integer     NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    -- No token of this login is good after this; then the row may go.
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoked_why    text,

    CONSTRAINT logins_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT logins_user_fkey FOREIGN KEY (restaurant_id, user_id) REFERENCES users (restaurant_id, id),
    CONSTRAINT logins_access_ttl_positive CHECK (access_ttl_s > 0),
    CONSTRAINT logins_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (revoked_why IS NULL)),
    CONSTRAINT logins_reason_known CHECK (revoked_why IN ('logout', 'reuse', 'removed'))
);

CREATE INDEX logins_user ON logins (restaurant_id, user_id);
CREATE INDEX logins_expires_at ON logins (restaurant_id, expires_at);
CREATE INDEX logins_revoked_at ON logins (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE refresh_tokens (
    restaurant_id uuid        NOT NULL,
    login_id      uuid        NOT NULL,
    -- SHA-256 of the token. The token itself is stored nowhere.
    hash          bytea       NOT NULL,
    issued_at     timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz,
    -- SHA-256 of the Idempotency-Key it was used with: who repeats it with the same key lost the answer.
    used_key_hash bytea,
    -- Hash of the token that was given for it.
    successor     bytea,

    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (restaurant_id, hash),
    CONSTRAINT refresh_tokens_login_fkey FOREIGN KEY (restaurant_id, login_id)
        REFERENCES logins (restaurant_id, id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT refresh_tokens_key_hash_is_sha256 CHECK (octet_length(used_key_hash) = 32),
    CONSTRAINT refresh_tokens_used_for_a_successor CHECK ((used_at IS NULL) = (successor IS NULL))
);

-- A family has one token that is still good: even two refreshes that race past every other check cannot both win.
CREATE UNIQUE INDEX refresh_tokens_one_unused ON refresh_tokens (restaurant_id, login_id) WHERE used_at IS NULL;
CREATE INDEX refresh_tokens_login ON refresh_tokens (restaurant_id, login_id, expires_at);

-- Tenants apart, whatever a query forgets.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE logins ENABLE ROW LEVEL SECURITY;
ALTER TABLE logins FORCE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON users
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
CREATE POLICY tenant ON logins
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
CREATE POLICY tenant ON refresh_tokens
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));

-- Logging in: the one row with the address that was typed, to read only.
CREATE POLICY logging_in ON users FOR SELECT
    USING (email = (SELECT nullif(current_setting('app.login', true), '')));

-- The two functions below read across restaurants as the owner of the tables, whom FORCE binds too; this lets them read.
CREATE POLICY owner_reads ON users FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_reads ON logins FOR SELECT TO CURRENT_USER USING (true);

GRANT SELECT, INSERT ON users TO comanda_app;
-- Neither a user's restaurant nor its id ever changes, and no user is deleted.
GRANT UPDATE (email, name, role, password_hash, role_changed_at, removed_at) ON users TO comanda_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON logins, refresh_tokens TO comanda_app;

-- Is this the id of any restaurant's user? A token of another service must not bring such an id into another restaurant.
-- Safe: a caller names an id of 74 random bits and learns one bit, not whose it is.
CREATE FUNCTION comanda_user_exists(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM users WHERE id = wanted) $$;

-- What live sockets must hear of: logins that were revoked, users who were removed or have another role, later than
-- `since`. One poller a server asks it every second or so, for all restaurants at once.
-- Safe: it answers with ids and times only (no name, address, role, restaurant or hash), of changes, not of people, and
-- whoever can call it already is the server. It takes no text that could become SQL.
CREATE FUNCTION comanda_auth_changes(since timestamptz)
    RETURNS TABLE (kind text, login_id uuid, user_id uuid, at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT 'login', l.id, l.user_id, l.revoked_at FROM logins l WHERE l.revoked_at > since
        UNION ALL
        SELECT 'user', NULL, u.id, u.removed_at FROM users u WHERE u.removed_at > since
        UNION ALL
        SELECT 'role', NULL, u.id, u.role_changed_at FROM users u WHERE u.role_changed_at > since
    $$;

REVOKE ALL ON FUNCTION comanda_user_exists(uuid), comanda_auth_changes(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_user_exists(uuid), comanda_auth_changes(timestamptz) TO comanda_app;
