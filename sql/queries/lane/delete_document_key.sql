DELETE FROM document_keys
WHERE restaurant_id = $1 AND entity = $2 AND field = $3 AND value = $4 AND document_id = $5
