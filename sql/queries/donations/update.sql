-- The expected version and status are repeated: a claim is a compare-and-set, whatever came before it.
UPDATE donations
SET status = $3, claimed_for = $4, claimed_by = $5, claimed_at = $6, picked_up_at = $7, picked_up_by = $8, delivered_at = $9,
    delivered_by = $10, version = $11, updated_at = $12, claimed_for_name = $15
WHERE board_id = $1 AND id = $2 AND version = $13 AND status = $14
