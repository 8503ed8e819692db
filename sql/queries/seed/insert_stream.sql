-- Its epoch is made here, once.
INSERT INTO streams (id) VALUES ($1)
