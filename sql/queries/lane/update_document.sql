UPDATE documents SET body = $3, version = $4, updated_at = $5 WHERE restaurant_id = $1 AND id = $2 AND version = $6
