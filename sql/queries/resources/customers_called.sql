-- The same of the customer whom another system called $9.
SELECT id, number, jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'phone', phone))::text AS body,
       version, created_at, coalesce(updated_at, created_at) AS updated_at, external_id
FROM customers
WHERE restaurant_id = $1 AND (created_at, id) < ($2, $3)
  AND ($6::text IS NULL OR name = $6) AND ($7::text IS NULL OR email = $7) AND ($8::text IS NULL OR phone = $8)
  AND external_id = $9
ORDER BY created_at DESC, id DESC
LIMIT $4 OFFSET $5
