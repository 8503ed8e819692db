-- How many restaurants and NGOs there are, of whichever tenant.
SELECT count(*) FROM restaurants
