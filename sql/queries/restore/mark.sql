-- Another one after every restore, which makes all tables anew.
SELECT to_regclass('public.streams')::oid::bigint AS mark
