-- What a house keeps of its people beside the built-in fields (auth.additional_fields), and the name they log in by
-- (auth.login_field). Who has neither has no row; whoever is removed leaves none.

CREATE TABLE user_profiles (
    restaurant_id uuid  NOT NULL,
    user_id       uuid  NOT NULL,
    -- The field's name, a colon and its value in lower case: where people log in by another field it is nobody's.
    login         text,
    fields        jsonb NOT NULL,

    CONSTRAINT user_profiles_pkey PRIMARY KEY (restaurant_id, user_id),
    CONSTRAINT user_profiles_user_fkey FOREIGN KEY (restaurant_id, user_id) REFERENCES users (restaurant_id, id),
    CONSTRAINT user_profiles_login_length CHECK (length(login) BETWEEN 3 AND 200)
);
-- Logging in knows no restaurant yet, so a name is one person's everywhere.
CREATE UNIQUE INDEX user_profiles_login_key ON user_profiles (login);

ALTER TABLE user_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_profiles
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
-- Logging in: the one row with the name that was typed, to read only.
CREATE POLICY logging_in ON user_profiles FOR SELECT
    USING (login = (SELECT nullif(current_setting('app.login', true), '')));
GRANT SELECT, INSERT, DELETE ON user_profiles TO comanda_app;
GRANT UPDATE (login, fields) ON user_profiles TO comanda_app;
