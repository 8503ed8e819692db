-- What the restaurant or NGO is called, as boards tell it.
SELECT name FROM restaurants WHERE id = $1
