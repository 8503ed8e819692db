-- The user $2 is who another system calls $3.
UPDATE users SET external_id = $3 WHERE restaurant_id = $1 AND id = $2 AND external_id IS NULL
