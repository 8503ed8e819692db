-- Dishes by id, those that the lines of these orders are of, and where $4 all that are on the menu.
WITH wanted AS (
    SELECT unnest($2::uuid[]) AS id
    UNION
    SELECT menu_item_id FROM order_items
    WHERE restaurant_id = $1 AND order_id = ANY ($3::uuid[]) AND menu_item_id IS NOT NULL
    UNION
    SELECT id FROM menu_items WHERE restaurant_id = $1 AND removed_at IS NULL AND $4
)
SELECT m.id, m.name, m.category, m.price, m.course, m.station, m.available, m.remaining, m.until, m.version, m.created_at,
       m.updated_at, m.removed_at, m.external_id
FROM wanted w
JOIN menu_items m ON m.restaurant_id = $1 AND m.id = w.id
