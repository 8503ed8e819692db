-- Who has these values of unique fields ($2..$4 are parallel).
SELECT k.entity, k.field, k.value, k.document_id
FROM unnest($2::text[], $3::text[], $4::text[]) AS asked (entity, field, value)
JOIN document_keys k
  ON k.restaurant_id = $1 AND k.entity = asked.entity AND k.field = asked.field AND k.value = asked.value
