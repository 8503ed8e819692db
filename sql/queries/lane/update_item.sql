UPDATE order_items
SET qty = $3, status = $4, notes = $5, course = $6, station = $7, version = $8, updated_at = $9, sent_at = $12,
    started_at = $13, ready_at = $14, served_at = $15, batch_id = $16, attention = $17,
    acknowledged_at = $18
WHERE restaurant_id = $1 AND id = $2 AND version = $10 AND status = $11
