INSERT INTO order_items (restaurant_id, id, order_id, name, qty, unit_price, status, notes, menu_item_id, course, station,
                         late, version, created_at, updated_at, sent_at, started_at, ready_at, served_at, batch_id, attention,
                         acknowledged_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
