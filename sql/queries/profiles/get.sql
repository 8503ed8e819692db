-- What is kept of the user $2 beside the built-in fields, as text.
SELECT fields::text AS fields FROM user_profiles WHERE restaurant_id = $1 AND user_id = $2
