UPDATE stations
SET name = $3, categories = $4, warn_after_s = $5, late_after_s = $6, is_default = $7, version = $8, updated_at = $9
WHERE restaurant_id = $1 AND id = $2 AND version = $10
