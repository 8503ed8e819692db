-- What a restored database must not carry on with. Positions: displays may have seen more than the backup holds, so every
-- stream begins another life, and they are told to read the board. Secrets: what was used up, revoked or replaced after the
-- backup would be good again, so nothing that was handed out is: all sign in anew, displays are paired anew, open invites end.
-- Passwords stay, and so do the answers to keyed requests. What becomes of a table its comment says (migration 0087), so that a
-- new one is not forgotten here.
DO $$
DECLARE
    one  record;
    fate text[];
    odd  text;
BEGIN
    FOR one IN
        SELECT c.oid, c.relname, obj_description(c.oid, 'pg_class') AS said
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname
    LOOP
        fate := regexp_match(one.said, '^restore: (keep|empty|end|anew)((?: \w+)*)$');
        IF fate IS NULL THEN
            RAISE EXCEPTION 'restore: nothing says what becomes of table %', one.relname;
        ELSIF fate[1] = 'keep' THEN
            SELECT a.attname INTO odd
            FROM pg_attribute a
            WHERE a.attrelid = one.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND (a.atttypid = 'bytea'::regtype OR a.attname ~ 'hash|secret|token|code')
              AND a.attname <> ALL (string_to_array(trim(fate[2]), ' '))
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'restore: table % is kept, and nothing says that column % may be', one.relname, odd;
            END IF;
        ELSIF fate[1] = 'empty' THEN
            EXECUTE format('DELETE FROM %I', one.relname);
        ELSIF one.relname || ' ' || fate[1] NOT IN ('invites end', 'streams anew') THEN
            RAISE EXCEPTION 'restore: nothing is written for what is to become of table %', one.relname;
        END IF;
    END LOOP;
    UPDATE streams SET epoch = DEFAULT;
    UPDATE invites SET revoked_at = now() WHERE used_at IS NULL AND revoked_at IS NULL;
END
$$
