//! Journals against the database: nothing that was answered is lost, nothing was done twice, nothing is there that nobody
//! asked for, and numbers and logs have no gap. PostgreSQL compares; it is asked as the superuser, whom no policy binds.

use crate::{
    journal::Journal,
    trial::Trial,
    world::{HOUSES, World},
    writers::{Entry, Step},
};
use std::collections::BTreeMap;
use tokio_postgres::Client;
use uuid::Uuid;

/// An order that was answered, in columns: restaurant, ticket, price of its line, whether its bill was answered too.
#[derive(Default)]
struct Answered {
    houses: Vec<Uuid>,
    numbers: Vec<i64>,
    intentions: Vec<i64>,
    closed: Vec<bool>,
}

/// What is wrong, and the query that finds it: any row is. `answered` is what the journal says.
const QUERIES: [(&str, &str); 8] = [
    (
        "lost: it was answered, and is not there as it was answered",
        "SELECT a.intention::text FROM answered a \
         LEFT JOIN orders o ON (o.restaurant_id, o.number) = (a.house, a.number) \
         LEFT JOIN order_items i ON (i.restaurant_id, i.order_id) = (o.restaurant_id, o.id) \
         WHERE i.unit_price IS DISTINCT FROM a.intention OR i.qty IS DISTINCT FROM 1 \
            OR a.closed AND (o.lifecycle, i.status) IS DISTINCT FROM ('CLOSED', 'SERVED')",
    ),
    (
        "doubled: more than one line for one intention",
        "SELECT unit_price::text FROM order_items GROUP BY restaurant_id, unit_price HAVING count(*) > 1",
    ),
    (
        "doubled: a draft that nobody went on with",
        "SELECT id::text FROM orders o WHERE NOT EXISTS \
            (SELECT FROM order_items i WHERE (i.restaurant_id, i.order_id) = (o.restaurant_id, o.id))",
    ),
    (
        "invented: an order that nobody was told of",
        "SELECT o.number::text FROM orders o WHERE o.number IS NOT NULL AND NOT EXISTS \
            (SELECT FROM answered a WHERE (a.house, a.number) = (o.restaurant_id, o.number))",
    ),
    (
        "tickets: not 1, 2, 3 …",
        "SELECT r.name FROM restaurants r LEFT JOIN orders o ON o.restaurant_id = r.id GROUP BY r.id \
         HAVING (count(o.number), coalesce(max(o.number), 0)) <> (r.last_order_number, r.last_order_number)",
    ),
    (
        "log: a gap, or an event twice",
        "SELECT s.id::text FROM streams s LEFT JOIN events e ON e.stream_id = s.id GROUP BY s.id \
         HAVING (count(*) FILTER (WHERE e.seq IS NOT NULL), coalesce(max(e.seq), 0)) <> (s.seq, s.seq) \
             OR (count(DISTINCT e.seq), count(DISTINCT e.id)) <> (s.seq, s.seq)",
    ),
    (
        "log: an order that is not told once",
        "SELECT o.number::text FROM orders o \
         LEFT JOIN events e ON (e.stream_id, e.order_id) = (o.restaurant_id, o.id) \
         WHERE o.number IS NOT NULL GROUP BY o.restaurant_id, o.id \
         HAVING count(*) FILTER (WHERE kind = 'order_confirmed') <> 1",
    ),
    (
        "log: a bill whose way is not told once",
        "SELECT o.id::text FROM orders o \
         LEFT JOIN events e ON (e.stream_id, e.order_id) = (o.restaurant_id, o.id) \
         WHERE o.lifecycle = 'CLOSED' GROUP BY o.restaurant_id, o.id \
         HAVING (count(*) FILTER (WHERE kind = 'item_status_changed'), \
                 count(*) FILTER (WHERE kind = 'order_closed')) <> (2, 1)",
    ),
];

/// What must be found, each made by one statement in a transaction that is rolled back: how, and what is said of it.
const SPOILS: [(&str, &str); 8] = [
    (
        "UPDATE order_items SET unit_price = 0 WHERE id = (SELECT min(id::text)::uuid FROM order_items)",
        "lost",
    ),
    ("UPDATE orders SET number = NULL WHERE id = (SELECT min(id::text)::uuid FROM orders)", "lost"),
    (
        "INSERT INTO order_items SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid()))).* \
         FROM order_items i LIMIT 1",
        "more than one line",
    ),
    (
        "INSERT INTO orders SELECT (jsonb_populate_record( \
            o, jsonb_build_object('id', gen_random_uuid(), 'number', NULL))).* FROM orders o LIMIT 1",
        "a draft",
    ),
    (
        "INSERT INTO orders SELECT (jsonb_populate_record( \
            o, jsonb_build_object('id', gen_random_uuid(), 'number', 0))).* FROM orders o LIMIT 1",
        "invented",
    ),
    ("UPDATE restaurants SET last_order_number = last_order_number + 1", "tickets"),
    (
        "DELETE FROM events WHERE (stream_id, seq) IN (SELECT stream_id, min(seq) FROM events GROUP BY stream_id)",
        "a gap",
    ),
    ("UPDATE events SET kind = 'order_closed' WHERE kind = 'order_confirmed'", "not told once"),
];

/// Compares, and shows on the very data that it would have found what it is for.
pub async fn check(trial: &Trial, world: &World, journal: &Journal) {
    let mut sql = world.sql().await;
    let entries = journal.read::<Entry>();
    for key in unsettled(&entries) {
        trial.fail(format!("{key} was sent and never settled"));
    }
    tell(&sql, &entries).await;
    let found = compare(&sql).await;
    let is_whole = found.is_empty();
    found.into_iter().for_each(|wrong| trial.fail(wrong));
    if is_whole {
        for (spoil, said) in SPOILS {
            let spoiled = sql.transaction().await.expect("a transaction");
            spoiled.execute(spoil, &[]).await.unwrap_or_else(|error| panic!("{spoil}: {error:?}"));
            let found = compare(spoiled.client()).await;
            if !found.iter().any(|wrong| wrong.contains(said)) {
                trial.fail(format!("the checker is blind, it says {found:?} of: {spoil}"));
            }
            spoiled.rollback().await.expect("a rollback");
        }
    }
}

/// Keys of requests without an answer.
fn unsettled(entries: &[Entry]) -> Vec<&str> {
    let mut open = BTreeMap::new();
    for entry in entries {
        match entry {
            Entry::Sent { key, .. } => drop(open.insert(key.as_str(), ())),
            Entry::Answered { key, .. } => drop(open.remove(key.as_str())),
        }
    }
    open.into_keys().collect()
}

/// The journal as a table that only this connection sees.
async fn tell(sql: &Client, entries: &[Entry]) {
    let mut ids = Vec::new();
    for (name, _) in HOUSES {
        let row = sql.query_one("SELECT id FROM restaurants WHERE name = $1", &[&name]).await;
        ids.push(row.expect("a restaurant").get::<_, Uuid>(0));
    }
    let closed: BTreeMap<u64, ()> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Answered { intention, step: Step::Close, .. } => Some((*intention, ())),
            _ => None,
        })
        .collect();
    let mut answered = Answered::default();
    for entry in entries {
        if let Entry::Answered { house, intention, step: Step::Sell | Step::Confirm, number, .. } = entry {
            answered.houses.push(ids[*house]);
            // 0 is nobody's: an answer without a number is lost.
            answered.numbers.push(number.unwrap_or(0).cast_signed());
            answered.intentions.push(intention.cast_signed());
            answered.closed.push(closed.contains_key(intention));
        }
    }
    sql.batch_execute(
        "CREATE TEMP TABLE answered (house uuid, number bigint, intention bigint, closed boolean)",
    )
    .await
    .expect("a table");
    let Answered { houses, numbers, intentions, closed } = answered;
    let insert =
        "INSERT INTO answered SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::boolean[])";
    sql.execute(insert, &[&houses, &numbers, &intentions, &closed]).await.expect("rows");
    sql.batch_execute("CREATE INDEX ON answered (house, number); ANALYZE answered").await.expect("an index");
}

/// What is wrong, a line for each kind, with the first cases.
async fn compare(sql: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for (what, query) in QUERIES {
        let rows = sql.query(query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
        if !rows.is_empty() {
            let first: Vec<&str> = rows.iter().take(5).map(|row| row.get(0)).collect();
            found.push(format!("{what}: {} of them, such as {}", rows.len(), first.join(", ")));
        }
    }
    found
}
