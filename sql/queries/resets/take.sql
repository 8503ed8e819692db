-- Uses the token with the hash $2 up: of two who come with it at once the second finds none.
DELETE FROM password_resets
WHERE restaurant_id = $1 AND hash = $2 AND expires_at > now()
RETURNING user_id
