INSERT INTO menu_items (restaurant_id, id, name, category, price, course, station) VALUES ($1, $2, $3, $4, $5, $6, $7)
