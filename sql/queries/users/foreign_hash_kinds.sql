-- As their hashes begin: algorithm and cost.
SELECT kind FROM comanda_foreign_hash_kinds() AS kind WHERE kind IS NOT NULL
