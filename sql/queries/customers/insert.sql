-- Takes the next number of its restaurant.
WITH numbered AS (
    UPDATE restaurants SET last_customer_number = last_customer_number + 1
    WHERE id = $1 RETURNING last_customer_number AS number
)
INSERT INTO customers (restaurant_id, id, number, name, email, phone, created_at)
SELECT $1, $2, numbered.number, $3, $4, $5, $6 FROM numbered
