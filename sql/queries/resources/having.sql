-- The same of those that have all members of $7. The rarest of its values leads, as far as a thousand tell which that is: its
-- documents are read in their order, off the index.
WITH asked AS (
    SELECT key AS field, hashtextextended(comanda_value_text(value), 0) AS value FROM jsonb_each($7::jsonb)
), rarest AS (
    SELECT field, value
    FROM asked a
    ORDER BY (SELECT count(*)
              FROM (SELECT FROM document_filters f
                    WHERE f.restaurant_id = $1 AND f.entity = $2 AND f.field = a.field AND f.value = a.value
                    LIMIT 1000) AS few)
    LIMIT 1
)
SELECT found.*
FROM rarest, LATERAL (
    SELECT d.id, NULL::bigint AS number, d.body::text AS body, d.version, d.created_at, d.updated_at, d.external_id
    FROM document_filters f
    JOIN documents d ON d.restaurant_id = f.restaurant_id AND d.id = f.document_id
    WHERE f.restaurant_id = $1 AND f.entity = $2 AND f.field = rarest.field AND f.value = rarest.value
      AND (f.created_at, f.document_id) < ($3, $4)
      AND d.restaurant_id = $1 AND d.body @> $7::jsonb
    ORDER BY f.created_at DESC, f.document_id DESC
    LIMIT $5 OFFSET $6
) AS found
ORDER BY found.created_at DESC, found.id DESC
