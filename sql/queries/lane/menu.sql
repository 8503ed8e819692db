-- Dishes by id, and those that the lines of these orders are of.
SELECT m.id, m.name, m.category, m.price, m.course, m.station, m.available, m.remaining
FROM menu_items m
WHERE m.restaurant_id = $1
  AND (m.id = ANY ($2::uuid[])
       OR m.id IN (SELECT i.menu_item_id FROM order_items i WHERE i.restaurant_id = $1 AND i.order_id = ANY ($3::uuid[])))
