-- Passwords of users who moved in from another system.

-- A password that another system hashed stays as it came until its user's first login here.
ALTER TABLE users DROP CONSTRAINT users_password_argon2id;
ALTER TABLE users ADD CONSTRAINT users_password_is_a_hash
    CHECK (password_hash ~ '^\$(argon2(id|i|d)|2[aby])\$');
CREATE INDEX users_foreign_hash ON users (id)
    WHERE removed_at IS NULL AND password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%';

-- The kinds of hashes of other systems that some user still has: a failed login does the work of each, so that its time
-- says nothing of an address. Safe: it answers with algorithms and their costs, neither salts nor hashes, nor whose.
CREATE FUNCTION comanda_foreign_hash_kinds() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT substring(password_hash FROM '^\$(?:2[aby]\$\d\d|argon2[id]{1,2}\$v=\d+\$[^$]+)\$')
    FROM users
    WHERE removed_at IS NULL AND password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'
    LIMIT 8
$$;
REVOKE ALL ON FUNCTION comanda_foreign_hash_kinds() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_foreign_hash_kinds() TO comanda_app;
