-- The values of the field $2 of the entity $1 are nobody's any more.
DELETE FROM document_keys WHERE entity = $1 AND field = $2
