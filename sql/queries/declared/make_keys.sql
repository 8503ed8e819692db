-- The values of the field $2 of the entity $1 are those of their documents.
INSERT INTO document_keys (restaurant_id, entity, field, value, document_id)
SELECT restaurant_id, entity, $2, comanda_value_text(body -> $2), id
FROM documents
WHERE entity = $1 AND body ? $2
