-- Whose user has this address.
SELECT restaurant_id FROM users WHERE email = $1 AND removed_at IS NULL
