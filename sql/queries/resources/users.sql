-- A page of the people, newest first, after ($2, $3): those that have all members of $6. A restaurant has some dozens.
SELECT u.id, NULL::bigint AS number, shown.body::text AS body, u.version, u.created_at,
       coalesce(u.updated_at, u.created_at) AS updated_at, u.external_id
FROM users u
LEFT JOIN user_profiles p ON p.restaurant_id = $1 AND p.user_id = u.id
CROSS JOIN LATERAL (
    SELECT coalesce(p.fields, '{}') || jsonb_build_object('email', u.email, 'name', u.name, 'role', u.role) AS body
) AS shown
WHERE u.restaurant_id = $1 AND u.removed_at IS NULL AND NOT u.device AND (u.created_at, u.id) < ($2, $3)
  AND shown.body @> $6::jsonb
ORDER BY u.created_at DESC, u.id DESC
LIMIT $4 OFFSET $5
