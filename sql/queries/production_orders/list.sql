-- A page of production orders, newest issued first, after ($2, $3).
SELECT id, title, customer_name, status, estimated_date, date_issued, version, created_by, created_at, updated_at,
       external_id
FROM production_orders
WHERE restaurant_id = $1
  AND (date_issued, id) < ($2, $3)
ORDER BY date_issued DESC, id DESC
LIMIT $4
