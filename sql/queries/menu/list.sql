SELECT id, name, category, price, course, station, available, remaining
FROM menu_items
WHERE restaurant_id = $1
ORDER BY category, name, id
