-- Gives the documents of the entity $1 that are without the field $2 its default.
UPDATE documents SET body = jsonb_set(body, ARRAY[$2], $3), version = version + 1, updated_at = date_trunc('milliseconds', now())
WHERE entity = $1 AND NOT body ? $2
