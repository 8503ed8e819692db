-- Only the open one of a moment ago can be closed or moved, from the table it was at.
UPDATE table_sessions SET table_id = $3, closed_at = $4
WHERE restaurant_id = $1 AND id = $2 AND closed_at IS NULL AND table_id = $5
