-- Whoever a manager lets in, and what was done to whom.

-- A login also ends where somebody gave its user another password.
ALTER TABLE logins DROP CONSTRAINT logins_reason_known;
ALTER TABLE logins ADD CONSTRAINT logins_reason_known
    CHECK (revoked_why IN ('logout', 'reuse', 'removed', 'password'));

CREATE INDEX users_by_age ON users (restaurant_id, created_at, id) WHERE removed_at IS NULL;

-- Who did what to which user, invite or device. Kept for good: the application can neither change nor delete a row.
CREATE TABLE people_log (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    at            timestamptz NOT NULL DEFAULT now(),
    -- No foreign key: a manager may be another service's user.
    actor_id      uuid        NOT NULL,
    action        text        NOT NULL,
    subject_id    uuid        NOT NULL,
    -- What changed: names of fields, roles. Never a password, a hash or a code.
    detail        jsonb       NOT NULL,

    CONSTRAINT people_log_pkey PRIMARY KEY (restaurant_id, id)
);
CREATE INDEX people_log_subject ON people_log (restaurant_id, subject_id, id);

-- A code is good once, for a role. Of the code only SHA-256 is kept: it has 128 random bits, nothing slower is needed.
CREATE TABLE invites (
    restaurant_id uuid        NOT NULL,
    id            uuid        NOT NULL,
    hash          bytea       NOT NULL,
    role          text        NOT NULL,
    -- Whom it is for, as its maker knows them.
    note          text,
    created_by    uuid        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz,
    used_by       uuid,
    revoked_at    timestamptz,

    CONSTRAINT invites_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT invites_hash_key UNIQUE (restaurant_id, hash),
    CONSTRAINT invites_restaurant_fkey FOREIGN KEY (restaurant_id) REFERENCES restaurants (id),
    CONSTRAINT invites_user_fkey FOREIGN KEY (restaurant_id, used_by) REFERENCES users (restaurant_id, id),
    CONSTRAINT invites_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT invites_role_known CHECK (role IN ('OWNER', 'MANAGER', 'WAITER', 'CASHIER', 'EXPO', 'KITCHEN')),
    CONSTRAINT invites_note_length CHECK (length(note) BETWEEN 1 AND 200),
    CONSTRAINT invites_used_by_someone CHECK ((used_at IS NULL) = (used_by IS NULL)),
    CONSTRAINT invites_used_or_revoked CHECK (used_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX invites_by_age ON invites (restaurant_id, created_at, id);

ALTER TABLE people_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_log FORCE ROW LEVEL SECURITY;
ALTER TABLE invites ENABLE ROW LEVEL SECURITY;
ALTER TABLE invites FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON people_log
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
CREATE POLICY tenant ON invites
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));

GRANT SELECT, INSERT ON people_log TO comanda_app;
GRANT SELECT, INSERT ON invites TO comanda_app;
GRANT UPDATE (used_at, used_by, revoked_at) ON invites TO comanda_app;
