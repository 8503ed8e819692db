-- A board keeps what was delivered years ago; what people look for are the few that are available. So both ways of looking
-- begin with the status: a page is read from one index per status, and what is near from a box of latitudes and longitudes.
DROP INDEX donations_newest_first;
DROP INDEX donations_by_latitude;
CREATE INDEX donations_newest_first ON donations (board_id, status, created_at DESC, id DESC);
CREATE INDEX donations_by_place ON donations (board_id, status, lat, lng);
