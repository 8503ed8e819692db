-- What the NGO $2 has claimed on the board $1 and not picked up, and who claimed it.
SELECT id, claimed_by
FROM donations
WHERE board_id = $1 AND status = 'CLAIMED' AND claimed_for = $2
ORDER BY id
