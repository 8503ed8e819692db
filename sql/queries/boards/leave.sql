-- Takes the NGO $1 off the board $2, unless it is on no other.
DELETE FROM ngo_boards
WHERE organization_id = $1 AND board_id = $2
  AND EXISTS (SELECT FROM ngo_boards WHERE organization_id = $1 AND board_id <> $2)
