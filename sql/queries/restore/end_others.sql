-- Ends what a restore that was given up has left at work, and says how many there were. One in the middle of its COMMIT comes to
-- the end of that first.
SELECT count(*) AS others
FROM (
    SELECT pg_terminate_backend(pid)
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'comanda restore' AND pid <> pg_backend_pid()
      AND usename = current_user
    OFFSET 0
) AS ended
