-- The numbers that customers of the restaurant $1 have.
SELECT number FROM customers WHERE restaurant_id = $1
