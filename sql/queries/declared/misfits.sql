-- Documents of the entity $1 whose field $2 holds something else than the kind $3: how many, in how many restaurants, and the
-- newest three.
SELECT count(*) AS documents, count(DISTINCT restaurant_id) AS restaurants, (array_agg(id::text ORDER BY id DESC))[:3] AS examples
FROM documents
WHERE entity = $1 AND body ? $2 AND NOT CASE $3
    WHEN 'string' THEN jsonb_typeof(body -> $2) = 'string'
    WHEN 'boolean' THEN jsonb_typeof(body -> $2) = 'boolean'
    WHEN 'number' THEN jsonb_typeof(body -> $2) = 'number'
    WHEN 'integer' THEN
        CASE jsonb_typeof(body -> $2)
            WHEN 'number' THEN trunc((body ->> $2)::numeric) = (body ->> $2)::numeric
                               AND abs((body ->> $2)::numeric) <= 9007199254740991
            ELSE false
        END
    WHEN 'date' THEN jsonb_typeof(body -> $2) = 'string'
                     AND body ->> $2 ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
    ELSE false
END
