-- What a restore does with each table (sql/queries/restore/begin_anew), said where it cannot be forgotten: a restore refuses a
-- database with a table of which nothing is said.
--   keep   what was in the backup is so again. Behind it stand the columns that look as if they held secrets and may stay.
--   empty  what was handed out is void.
--   end    the rows stay, what they let in is over.
--   anew   another life: displays may have seen more than the backup holds.
COMMENT ON TABLE batches IS 'restore: keep';
COMMENT ON TABLE boards IS 'restore: keep';
COMMENT ON TABLE customers IS 'restore: keep';
COMMENT ON TABLE devices IS 'restore: keep';
COMMENT ON TABLE document_audit IS 'restore: keep';
COMMENT ON TABLE document_filters IS 'restore: keep';
COMMENT ON TABLE document_keys IS 'restore: keep';
COMMENT ON TABLE documents IS 'restore: keep';
COMMENT ON TABLE donations IS 'restore: keep';
COMMENT ON TABLE events IS 'restore: keep';
COMMENT ON TABLE idempotency IS 'restore: keep fingerprint';
COMMENT ON TABLE instance IS 'restore: keep';
COMMENT ON TABLE invites IS 'restore: end';
COMMENT ON TABLE logins IS 'restore: empty';
COMMENT ON TABLE menu_categories IS 'restore: keep';
COMMENT ON TABLE menu_items IS 'restore: keep';
COMMENT ON TABLE migrations IS 'restore: keep';
COMMENT ON TABLE ngo_boards IS 'restore: keep';
COMMENT ON TABLE order_audit IS 'restore: keep';
COMMENT ON TABLE order_items IS 'restore: keep';
COMMENT ON TABLE orders IS 'restore: keep';
COMMENT ON TABLE pairings IS 'restore: empty';
COMMENT ON TABLE password_resets IS 'restore: empty';
COMMENT ON TABLE people_log IS 'restore: keep';
COMMENT ON TABLE production_orders IS 'restore: keep';
COMMENT ON TABLE refresh_tokens IS 'restore: empty';
COMMENT ON TABLE restaurants IS 'restore: keep';
COMMENT ON TABLE stations IS 'restore: keep';
COMMENT ON TABLE streams IS 'restore: anew';
COMMENT ON TABLE table_sessions IS 'restore: keep';
COMMENT ON TABLE tables IS 'restore: keep';
COMMENT ON TABLE user_profiles IS 'restore: keep';
COMMENT ON TABLE users IS 'restore: keep password_hash';
