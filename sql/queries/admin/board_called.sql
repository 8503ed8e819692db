SELECT id FROM boards WHERE name = $1
