-- Every other token of the user $2, and what is too old.
DELETE FROM password_resets
WHERE restaurant_id = $1 AND (user_id = $2 OR expires_at <= now())
