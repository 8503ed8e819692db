-- Lays the fields $4, and the name to log in by $3 unless it is null, over what is kept of the user $2. No row is touched where
-- all of it was there.
INSERT INTO user_profiles AS known (restaurant_id, user_id, login, fields) VALUES ($1, $2, $3, $4)
ON CONFLICT (restaurant_id, user_id) DO UPDATE
SET login = coalesce(EXCLUDED.login, known.login), fields = known.fields || EXCLUDED.fields
WHERE (coalesce(EXCLUDED.login, known.login), known.fields || EXCLUDED.fields) IS DISTINCT FROM (known.login, known.fields)
