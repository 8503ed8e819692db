-- What the kitchen has seen of an order and how urgent it is; see domain/attention and domain/order/attending.

ALTER TABLE orders
    ADD COLUMN priority        smallint NOT NULL DEFAULT 0,
    ADD COLUMN acknowledged_at timestamptz,
    ADD CONSTRAINT orders_priority_is_in_range CHECK (priority BETWEEN 0 AND 9);
ALTER TABLE order_items
    ADD COLUMN attention       text,
    ADD COLUMN acknowledged_at timestamptz,
    ADD CONSTRAINT order_items_attention_is_known CHECK (attention IN ('NEW', 'CHANGED', 'VOIDED'));
