-- Production orders: what is printed, bound, packed and delivered.

CREATE TABLE production_orders (
    restaurant_id  uuid        NOT NULL REFERENCES restaurants (id),
    id             uuid        NOT NULL,
    title          text        NOT NULL,
    customer_name  text,
    -- A stage by its name. Which ones there are is a setting, so no constraint knows them: an order in one that has been
    -- renamed stays what it is.
    status         text        NOT NULL,
    estimated_date timestamptz,
    date_issued    timestamptz NOT NULL,
    version        integer     NOT NULL,
    -- No foreign key: with auth.foreign_users a user may live in another service.
    created_by     uuid        NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    CONSTRAINT production_orders_title_is_not_empty CHECK (title <> ''),
    CONSTRAINT production_orders_status_is_not_empty CHECK (status <> ''),
    CONSTRAINT production_orders_version_counts_up CHECK (version >= 1)
);
CREATE INDEX production_orders_newest_first ON production_orders (restaurant_id, date_issued DESC, id DESC);
ALTER TABLE production_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE production_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON production_orders
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON production_orders TO comanda_app;
