-- How many donations lie in the boxes that donations/near would look at, $7 at most.
SELECT count(*)
FROM (
    SELECT
    FROM unnest($4::text[]) AS wanted (wanted_status)
    CROSS JOIN unnest($5::float8[], $6::float8[]) AS box (west, east)
    CROSS JOIN LATERAL (
        SELECT
        FROM donations
        WHERE board_id = $1 AND status = wanted_status AND lat BETWEEN $2 AND $3 AND lng BETWEEN west AND east
    ) AS d
    LIMIT $7
) AS found
