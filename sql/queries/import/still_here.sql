-- A transaction that is silent for too long is ended by the database.
SELECT 1
