-- What documents lend the lines of orders: their names, and their prices where those are numbers.
SELECT id, body ->> 'name' AS name,
       CASE WHEN jsonb_typeof(body -> 'price') = 'number' THEN body ->> 'price' END AS price
FROM documents
WHERE restaurant_id = $1 AND id = ANY ($2::uuid[])
