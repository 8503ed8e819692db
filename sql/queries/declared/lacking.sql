-- Documents of the entity $1 without the field $2, in the same way.
SELECT count(*) AS documents, count(DISTINCT restaurant_id) AS restaurants, (array_agg(id::text ORDER BY id DESC))[:3] AS examples
FROM documents
WHERE entity = $1 AND NOT body ? $2
