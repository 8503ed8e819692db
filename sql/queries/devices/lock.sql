-- The device $2, unless removed: whoever gives it a login does so alone.
SELECT FROM users WHERE restaurant_id = $1 AND id = $2 AND device AND removed_at IS NULL FOR UPDATE
