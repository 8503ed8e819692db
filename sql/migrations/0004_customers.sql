-- Customers, and the orders that are theirs.

CREATE TABLE customers (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    -- From 1 in its restaurant, never given twice.
    number        bigint      NOT NULL,
    name          text        NOT NULL,
    email         text,
    phone         text,
    created_at    timestamptz NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT customers_number_is_unique UNIQUE (restaurant_id, number),
    CONSTRAINT customers_number_counts_up CHECK (number >= 1)
);
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON customers TO comanda_app;

-- The last number given to a customer, as with orders.
ALTER TABLE restaurants ADD COLUMN last_customer_number bigint NOT NULL DEFAULT 0;
ALTER TABLE restaurants ADD CONSTRAINT restaurants_customer_number_counts_up CHECK (last_customer_number >= 0);

ALTER TABLE orders ADD COLUMN customer_id uuid;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey
    FOREIGN KEY (restaurant_id, customer_id) REFERENCES customers (restaurant_id, id);
-- For the foreign key: without it a customer's deletion would read every order.
CREATE INDEX orders_by_customer ON orders (restaurant_id, customer_id) WHERE customer_id IS NOT NULL;
