-- Times of a line's life, and the batches that lines are bumped in; see domain/times and domain/batch.

ALTER TABLE order_items
    -- When the kitchen could begin, began, was done, and when the guest had it.
    ADD COLUMN sent_at    timestamptz,
    ADD COLUMN started_at timestamptz,
    ADD COLUMN ready_at   timestamptz,
    ADD COLUMN served_at  timestamptz,
    -- The bump that made it ready, until its next move.
    ADD COLUMN batch_id   uuid;
-- For reports, over what was finished in some days.
CREATE INDEX order_items_by_ready_at ON order_items (restaurant_id, ready_at) WHERE ready_at IS NOT NULL;

CREATE TABLE batches (
    restaurant_id uuid        NOT NULL,
    id            uuid        NOT NULL,
    order_id      uuid        NOT NULL,
    -- No foreign key: a station may go.
    station_id    uuid,
    made_by       uuid        NOT NULL,
    made_at       timestamptz NOT NULL,
    undone_at     timestamptz,
    -- Each line's state and times before.
    lines         jsonb       NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    FOREIGN KEY (restaurant_id, order_id) REFERENCES orders (restaurant_id, id)
);
ALTER TABLE batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE batches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON batches
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON batches TO comanda_app;
