SELECT id, title, customer_name, status, estimated_date, date_issued, version, created_by, created_at, updated_at,
       external_id
FROM production_orders
WHERE restaurant_id = $1 AND id = ANY ($2::uuid[])
