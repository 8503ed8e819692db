UPDATE order_items
SET qty = $3, status = $4, notes = $5, course = $6, station = $7, version = $8, updated_at = $9
WHERE restaurant_id = $1 AND id = $2 AND version = $10 AND status = $11
