-- The log of people is read in pages, newest first: all of it, or what was done to one.

CREATE INDEX people_log_by_age ON people_log (restaurant_id, at, id);
DROP INDEX people_log_subject;
CREATE INDEX people_log_subject ON people_log (restaurant_id, subject_id, at, id);

-- What one changed of one's own account was noted as {"name": true, …}; everything else as a list of names.
ALTER TABLE people_log NO FORCE ROW LEVEL SECURITY;
UPDATE people_log
SET detail = jsonb_build_object('fields', (
    SELECT coalesce(jsonb_agg(key ORDER BY key), '[]')
    FROM jsonb_each(detail -> 'fields') WHERE value = 'true'
))
WHERE jsonb_typeof(detail -> 'fields') = 'object';
ALTER TABLE people_log FORCE ROW LEVEL SECURITY;
