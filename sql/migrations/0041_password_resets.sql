-- Passwords that were forgotten: who has the token may set another one, once, for a while. Only SHA-256 of it is kept: it
-- has 256 random bits, nothing slower is needed.

CREATE TABLE password_resets (
    restaurant_id uuid        NOT NULL,
    hash          bytea       NOT NULL,
    user_id       uuid        NOT NULL,
    expires_at    timestamptz NOT NULL,

    CONSTRAINT password_resets_pkey PRIMARY KEY (restaurant_id, hash),
    CONSTRAINT password_resets_user_fkey FOREIGN KEY (restaurant_id, user_id) REFERENCES users (restaurant_id, id),
    CONSTRAINT password_resets_hash_is_sha256 CHECK (octet_length(hash) = 32)
);
CREATE INDEX password_resets_user ON password_resets (restaurant_id, user_id);

ALTER TABLE password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_resets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON password_resets
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON password_resets TO comanda_app;
