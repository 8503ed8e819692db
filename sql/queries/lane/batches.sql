SELECT id, order_id, station_id, made_by, made_at, undone_at, lines
FROM batches
WHERE restaurant_id = $1 AND id = ANY ($2::uuid[])
