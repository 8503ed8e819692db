-- The whole menu, as it is read at a table.
SELECT m.id, m.name, m.category, m.price, m.course, m.station, m.available, m.remaining, m.until, m.version, m.created_at,
       m.updated_at, m.removed_at, m.external_id
FROM menu_items m
LEFT JOIN menu_categories c ON c.restaurant_id = $1 AND c.name = m.category
WHERE m.restaurant_id = $1 AND m.removed_at IS NULL
ORDER BY c.position, m.category, m.name, m.id
