-- Seconds from when the kitchen could begin a line until it was READY, of the lines that were READY at $2 or later and before
-- $3: by station, and by station and dish. A dish goes by its present name, a line that was typed by its own.
WITH lines AS (
    SELECT i.station, i.menu_item_id, coalesce(m.name, i.name) AS name,
           greatest(extract(epoch FROM i.ready_at - i.sent_at)::float8, 0) AS took
    FROM order_items i
    LEFT JOIN menu_items m ON m.restaurant_id = $1 AND m.id = i.menu_item_id
    WHERE i.restaurant_id = $1 AND i.ready_at >= $2 AND i.ready_at < $3
      AND i.sent_at IS NOT NULL AND i.status IN ('READY', 'SERVED')
)
SELECT grouping(name) = 0 AS is_dish, station, menu_item_id, name, count(*) AS lines,
       percentile_cont(ARRAY[0.5, 0.9]::float8[]) WITHIN GROUP (ORDER BY took) AS took
FROM lines
GROUP BY GROUPING SETS ((station), (station, menu_item_id, name))
ORDER BY is_dish, station, count(*) DESC, name, menu_item_id
LIMIT $4
