-- Whether any migration was ever applied here.
SELECT to_regclass('public.migrations') IS NOT NULL
