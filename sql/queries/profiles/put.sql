-- Lays the fields $4, and the name to log in by $3 unless it is null, over what is kept of the user $2.
INSERT INTO user_profiles (restaurant_id, user_id, login, fields) VALUES ($1, $2, $3, $4)
ON CONFLICT (restaurant_id, user_id) DO UPDATE
SET login = coalesce(EXCLUDED.login, user_profiles.login), fields = user_profiles.fields || EXCLUDED.fields
