-- Dishes by id, and those that the lines of these orders are of.
WITH wanted AS (
    SELECT unnest($2::uuid[]) AS id
    UNION
    SELECT menu_item_id FROM order_items
    WHERE restaurant_id = $1 AND order_id = ANY ($3::uuid[]) AND menu_item_id IS NOT NULL
)
SELECT m.id, m.name, m.category, m.price, m.course, m.station, m.available, m.remaining
FROM wanted w
JOIN menu_items m ON m.restaurant_id = $1 AND m.id = w.id
