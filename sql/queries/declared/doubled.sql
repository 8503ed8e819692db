-- Documents of the entity $1 whose field $2 holds what another one of their restaurant holds, or more than $3 characters, of
-- which none can be unique; in the same way.
SELECT count(*) AS documents, count(DISTINCT restaurant_id) AS restaurants, (array_agg(id::text ORDER BY id DESC))[:3] AS examples
FROM (
    SELECT restaurant_id, id, length(body ->> $2) AS length,
           count(*) OVER (PARTITION BY restaurant_id, comanda_value_text(body -> $2)) AS have_it
    FROM documents
    WHERE entity = $1 AND body ? $2
) AS held
WHERE have_it > 1 OR length > $3
