-- Stations: where in the kitchen a line is made. Lines and dishes carry a station's name; see domain/station.

CREATE TABLE stations (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    name          text        NOT NULL,
    categories    text[]      NOT NULL,
    -- Seconds after which a line there is shown as ageing, and as late.
    warn_after_s  integer     NOT NULL,
    late_after_s  integer     NOT NULL,
    is_default    boolean     NOT NULL,
    version       integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    -- Deferred: two stations may swap names within one transaction, whichever is written first.
    CONSTRAINT stations_name_is_unique UNIQUE (restaurant_id, name) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT stations_age_in_order CHECK (warn_after_s > 0 AND late_after_s > warn_after_s)
);
ALTER TABLE stations ENABLE ROW LEVEL SECURITY;
ALTER TABLE stations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stations
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
-- A station may go: lines and dishes name it, none points at it.
GRANT SELECT, INSERT, UPDATE, DELETE ON stations TO comanda_app;
