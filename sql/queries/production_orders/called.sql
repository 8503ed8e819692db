-- The same of the production order that another system called $5.
SELECT id, title, customer_name, status, estimated_date, date_issued, version, created_by, created_at, updated_at,
       external_id
FROM production_orders
WHERE restaurant_id = $1
  AND (date_issued, id) < ($2, $3)
  AND external_id = $5
ORDER BY date_issued DESC, id DESC
LIMIT $4
