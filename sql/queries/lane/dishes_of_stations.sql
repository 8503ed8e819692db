-- The dishes that name these stations.
SELECT m.id
FROM stations s
JOIN menu_items m ON m.restaurant_id = $1 AND m.station = s.name
WHERE s.restaurant_id = $1 AND s.id = ANY ($2::uuid[])
