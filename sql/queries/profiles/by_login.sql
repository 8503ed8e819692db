-- Who logs in by this name ($1); the transaction has named it in app.login.
SELECT restaurant_id, user_id FROM user_profiles WHERE login = $1
