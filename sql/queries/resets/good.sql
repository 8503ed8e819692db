-- Whether the token with the hash $2 is good for another password.
SELECT EXISTS (SELECT FROM password_resets WHERE restaurant_id = $1 AND hash = $2 AND expires_at > now())
