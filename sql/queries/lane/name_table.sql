-- The name that another system has for it, where it had none.
UPDATE tables SET external_id = $3 WHERE restaurant_id = $1 AND id = $2 AND external_id IS NULL
