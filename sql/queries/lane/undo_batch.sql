UPDATE batches SET undone_at = $3 WHERE restaurant_id = $1 AND id = $2 AND undone_at IS NULL
