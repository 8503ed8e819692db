-- The restaurant's name, as donors are called.
SELECT name FROM restaurants WHERE id = $1
