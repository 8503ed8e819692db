-- Users of the restaurant $1, and a note of each ($2 its id; all arrays are parallel). Whoever's address is somebody's
-- already, of whichever restaurant, is not made and not answered.
WITH new AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        AS new (note, id, external_id, email, name, role, password_hash)
), made AS (
    INSERT INTO users (restaurant_id, id, external_id, email, name, role, password_hash)
    SELECT $1, id, external_id, email, name, role, password_hash FROM new
    ON CONFLICT DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO people_log (restaurant_id, id, actor_id, action, subject_id, detail)
    SELECT $1, new.note, $9, $10, new.id, jsonb_build_object('role', new.role, 'externalId', new.external_id)
    FROM new JOIN made USING (id)
)
SELECT id FROM made
