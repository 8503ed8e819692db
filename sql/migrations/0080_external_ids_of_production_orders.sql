-- Moving in (comanda import): production orders too.

ALTER TABLE production_orders ADD COLUMN external_id text;
CREATE UNIQUE INDEX production_orders_external_id ON production_orders (restaurant_id, external_id)
    WHERE external_id IS NOT NULL;

CREATE OR REPLACE VIEW external_ids WITH (security_invoker = true) AS
SELECT restaurant_id, 'table' AS kind, NULL::text AS entity, external_id, id, NULL::bigint AS number
FROM tables WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'user', NULL, external_id, id, NULL FROM users WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'customer', NULL, external_id, id, number FROM customers WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'dish', NULL, external_id, id, NULL FROM menu_items WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'document', entity, external_id, id, NULL FROM documents WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'order', NULL, external_id, id, number FROM orders WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'production', NULL, external_id, id, NULL FROM production_orders WHERE external_id IS NOT NULL;
