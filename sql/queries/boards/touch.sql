-- The NGO $1 is on other boards than it was; its row is locked to the end of the transaction.
UPDATE restaurants SET boards_changed_at = now() WHERE id = $1 AND kind = 'NGO'
