DELETE FROM production_orders WHERE restaurant_id = $1 AND id = $2 AND version = $3 AND status = $4
