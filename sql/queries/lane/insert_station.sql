INSERT INTO stations (restaurant_id, id, name, categories, warn_after_s, late_after_s, is_default, version, created_at,
                      updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
