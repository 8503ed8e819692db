-- The floor, the menu and the orders. Keys and foreign keys start with the tenant, because constraints do not look at
-- row-level security: no row can point into another restaurant.

CREATE TABLE tables (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    name          text        NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    CONSTRAINT tables_name_is_unique UNIQUE (restaurant_id, name)
);

CREATE TABLE table_sessions (
    restaurant_id uuid        NOT NULL,
    id            uuid        NOT NULL,
    table_id      uuid        NOT NULL,
    covers        integer,
    -- No foreign key: with auth.foreign_users a user may live in another service.
    opened_by     uuid        NOT NULL,
    opened_at     timestamptz NOT NULL,
    closed_at     timestamptz,
    PRIMARY KEY (restaurant_id, id),
    FOREIGN KEY (restaurant_id, table_id) REFERENCES tables (restaurant_id, id)
);
-- Of racing openings of one table one wins, whatever the server believes.
CREATE UNIQUE INDEX one_open_session_a_table ON table_sessions (restaurant_id, table_id) WHERE closed_at IS NULL;

CREATE TABLE menu_items (
    restaurant_id uuid    NOT NULL REFERENCES restaurants (id),
    id            uuid    NOT NULL,
    name          text    NOT NULL,
    category      text    NOT NULL,
    -- Minor units of the restaurant's currency.
    price         bigint  NOT NULL,
    course        text,
    station       text,
    available     boolean NOT NULL DEFAULT true,
    -- Portions left, where they are counted.
    remaining     integer,
    PRIMARY KEY (restaurant_id, id),
    CONSTRAINT menu_items_never_oversell CHECK (remaining >= 0),
    CONSTRAINT menu_items_price_is_not_negative CHECK (price >= 0)
);

CREATE TABLE orders (
    restaurant_id    uuid        NOT NULL REFERENCES restaurants (id),
    id               uuid        NOT NULL,
    -- NULL for a counter order.
    table_session_id uuid,
    number           bigint,
    -- DRAFT, LIVE, CANCELLED, CLOSED: what a person decided.
    lifecycle        text        NOT NULL,
    -- As derived from the lines at the last change; for lists, never for decisions.
    status           text        NOT NULL,
    note             text,
    version          integer     NOT NULL,
    created_by       uuid        NOT NULL,
    created_at       timestamptz NOT NULL,
    confirmed_at     timestamptz,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    FOREIGN KEY (restaurant_id, table_session_id) REFERENCES table_sessions (restaurant_id, id),
    CONSTRAINT orders_number_is_unique UNIQUE (restaurant_id, number),
    CONSTRAINT orders_lifecycle_is_known CHECK (lifecycle IN ('DRAFT', 'LIVE', 'CANCELLED', 'CLOSED')),
    CONSTRAINT orders_status_is_known
        CHECK (status IN ('DRAFT', 'CONFIRMED', 'IN_PROGRESS', 'READY', 'SERVED', 'CANCELLED', 'CLOSED'))
);
CREATE INDEX orders_by_session ON orders (restaurant_id, table_session_id);
CREATE INDEX orders_newest_first ON orders (restaurant_id, created_at DESC, id DESC);
CREATE INDEX orders_on_the_board ON orders (restaurant_id, status, updated_at);

CREATE TABLE order_items (
    restaurant_id uuid        NOT NULL,
    id            uuid        NOT NULL,
    order_id      uuid        NOT NULL,
    name          text        NOT NULL,
    qty           integer     NOT NULL,
    unit_price    bigint      NOT NULL,
    status        text        NOT NULL,
    notes         text,
    menu_item_id  uuid,
    course        text,
    station       text,
    late          boolean     NOT NULL,
    version       integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    FOREIGN KEY (restaurant_id, order_id) REFERENCES orders (restaurant_id, id),
    FOREIGN KEY (restaurant_id, menu_item_id) REFERENCES menu_items (restaurant_id, id),
    CONSTRAINT order_items_status_is_known
        CHECK (status IN ('PENDING', 'HELD', 'IN_PROGRESS', 'READY', 'SERVED', 'CANCELLED', 'VOIDED')),
    CONSTRAINT order_items_qty_is_in_range CHECK (qty BETWEEN 1 AND 9999),
    CONSTRAINT order_items_line_is_in_range CHECK (unit_price >= 0 AND unit_price * qty <= 10000000000)
);
CREATE INDEX order_items_by_order ON order_items (restaurant_id, order_id, id);

-- What happened to drafts; the kitchen's log never hears of them.
CREATE TABLE order_audit (
    restaurant_id uuid        NOT NULL,
    id            uuid        NOT NULL,
    order_id      uuid        NOT NULL,
    at            timestamptz NOT NULL,
    actor_id      uuid        NOT NULL,
    kind          text        NOT NULL,
    body          jsonb,
    PRIMARY KEY (restaurant_id, id),
    FOREIGN KEY (restaurant_id, order_id) REFERENCES orders (restaurant_id, id)
);
CREATE INDEX order_audit_by_order ON order_audit (restaurant_id, order_id, id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['tables', 'table_sessions', 'menu_items', 'orders', 'order_items', 'order_audit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING '
                       '(restaurant_id = (SELECT nullif(current_setting(''app.restaurant'', true), '''')::uuid))', t);
    END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE ON tables, table_sessions, menu_items, orders TO comanda_app;
-- A line of a draft may go for good.
GRANT SELECT, INSERT, UPDATE, DELETE ON order_items TO comanda_app;
GRANT SELECT, INSERT ON order_audit TO comanda_app;
