-- What the dynamic API reads: of people also what the house declares of them (auth.additional_fields).

CREATE OR REPLACE VIEW resources WITH (security_invoker = true) AS
SELECT restaurant_id, entity, id, NULL::bigint AS number, body, version, created_at, updated_at, external_id
FROM documents
UNION ALL
SELECT restaurant_id, 'Customer', id, number,
       jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'phone', phone)),
       version, created_at, coalesce(updated_at, created_at), external_id
FROM customers
UNION ALL
SELECT u.restaurant_id, 'User', u.id, NULL::bigint,
       coalesce(p.fields, '{}') || jsonb_build_object('email', u.email, 'name', u.name, 'role', u.role),
       u.version, u.created_at, coalesce(u.updated_at, u.created_at), u.external_id
FROM users u
LEFT JOIN user_profiles p ON p.restaurant_id = u.restaurant_id AND p.user_id = u.id
WHERE u.removed_at IS NULL AND NOT u.device;
