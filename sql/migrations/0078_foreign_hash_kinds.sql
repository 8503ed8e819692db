-- The kinds of other systems' hashes: the same eight at every asking, should some database have more; a ninth does not move
-- in. bcrypt's three names are of one kind. Safe as before: algorithms and their costs, neither salts nor hashes, nor whose.
CREATE OR REPLACE FUNCTION comanda_foreign_hash_kinds() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT regexp_replace(
        substring(password_hash FROM '^\$(?:2[aby]\$\d\d|argon2[id]{1,2}\$v=\d+\$[^$]+)\$'), '^\$2[ay]', '$2b') AS kind
    FROM users
    WHERE removed_at IS NULL AND password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'
    ORDER BY kind
    LIMIT 8
$$;
