-- The tenant of the kind $2 with this id, or those with this name; two are too many already.
SELECT id FROM restaurants WHERE (id::text = $1 OR name = $1) AND kind = $2 LIMIT 2
