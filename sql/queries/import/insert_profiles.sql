-- What the house keeps of the users $2 of the restaurant $1 (all arrays are parallel; a login is null where there is none).
-- Whoever's name to log in by is somebody's already, of whichever restaurant, is not answered.
INSERT INTO user_profiles (restaurant_id, user_id, login, fields)
SELECT $1, id, login, fields FROM unnest($2::uuid[], $3::text[], $4::jsonb[]) AS new (id, login, fields)
ON CONFLICT DO NOTHING
RETURNING user_id
