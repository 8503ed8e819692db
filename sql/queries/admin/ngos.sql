-- Every NGO with the boards it is on and the addresses of its users.
SELECT r.id, r.name,
       ARRAY(SELECT b.name FROM ngo_boards n JOIN boards b ON b.id = n.board_id
             WHERE n.organization_id = r.id ORDER BY n.joined_at, b.id) AS boards,
       ARRAY(SELECT u.email FROM users u
             WHERE u.restaurant_id = r.id AND u.removed_at IS NULL ORDER BY u.email) AS users
FROM restaurants r
WHERE r.kind = 'NGO'
ORDER BY r.name, r.id
