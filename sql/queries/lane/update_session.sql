-- Only the open one of a moment ago can be closed.
UPDATE table_sessions SET closed_at = $3
WHERE restaurant_id = $1 AND id = $2 AND closed_at IS NULL
