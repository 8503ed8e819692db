-- The declared fields ($7) are these ($3) from now on. What is no longer declared is kept as it is.
UPDATE documents SET body = (body - $7::text[]) || $3, version = $4, updated_at = $5
WHERE restaurant_id = $1 AND id = $2 AND version = $6
