INSERT INTO batches (restaurant_id, id, order_id, station_id, made_by, made_at, undone_at, lines)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
