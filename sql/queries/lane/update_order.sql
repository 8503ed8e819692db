-- The expected version and life are repeated: whoever changed the order behind our back stops us.
UPDATE orders
SET number = $3, lifecycle = $4, status = $5, note = $6, version = $7, confirmed_at = $8, updated_at = $9,
    table_session_id = $12, priority = $13, acknowledged_at = $14
WHERE restaurant_id = $1 AND id = $2 AND version = $10 AND lifecycle = $11
