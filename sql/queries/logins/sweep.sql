-- Logins of the restaurant $1 whose every token has expired, with their tokens; a few at a time, whenever someone logs in.
DELETE FROM logins
WHERE restaurant_id = $1 AND id IN (
    SELECT id FROM logins
    WHERE restaurant_id = $1 AND expires_at <= now()
    ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
)
