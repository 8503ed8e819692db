-- The expected version and stage are repeated: whoever changed the order behind our back stops us.
UPDATE production_orders
SET title = $3, customer_name = $4, status = $5, estimated_date = $6, date_issued = $7, version = $8, updated_at = $9
WHERE restaurant_id = $1 AND id = $2 AND version = $10 AND status = $11
