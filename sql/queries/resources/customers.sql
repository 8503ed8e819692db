-- A page of the customers, newest first, after ($2, $3).
SELECT id, number, jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'phone', phone))::text AS body,
       version, created_at, coalesce(updated_at, created_at) AS updated_at, external_id
FROM customers
WHERE restaurant_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT $4 OFFSET $5
