//! R3: log order = commit order. Writers append with the very statement of the server, straight on the database, where no
//! lane keeps them apart, and a poller that asks for what is newer than its last must see every event.

use crate::{
    chance::Chance,
    scenario::{Control, Scenario},
    trial::Trial,
};
use futures_util::FutureExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
};
use tokio_postgres::Client;
use uuid::Uuid;

pub const SCENARIO: Scenario = Scenario {
    id: "R3",
    property: "log order = commit order",
    target: "0 skipped in 10^6 events, 64 writers on one stream, 30 % rollbacks",
    bouts: 20,
    controls: &[Control { flaw: BIGSERIAL, says: "never seen" }],
    run: |trial| bout(trial).boxed_local(),
};

const WRITERS: u64 = 64;
const ROLLBACKS_OF_100: u64 = 30;
const PAGE: i64 = 1_000;

const APPEND: &str = include_str!("../../../sql/queries/log/append.sql");

/// What every other log does: a number is taken when the row is written, and seen when it is committed.
const BIGSERIAL: &str = "bigserial";
const APPEND_BIGSERIAL: &str = "INSERT INTO events (stream_id, seq, id, at, actor_id, kind, body, order_id) \
    SELECT $1, nextval('flawed'), e.id, e.at, e.actor_id, e.kind, e.body, e.order_id \
    FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::jsonb[], $8::uuid[]) \
         AS e (id, at, actor_id, kind, body, order_id) WHERE $2::bigint IS NOT NULL RETURNING seq";

struct Log {
    trial: Trial,
    stream: Uuid,
    append: &'static str,
    /// Events wanted, and committed.
    goal: u64,
    committed: AtomicU64,
    done: AtomicBool,
}

async fn bout(trial: Trial) {
    let database = trial.cluster().database().await;
    let sql = trial.cluster().sql(&database).await;
    let log = Arc::new(Log {
        stream: Uuid::now_v7(),
        append: if trial.has(BIGSERIAL) { APPEND_BIGSERIAL } else { APPEND },
        goal: trial.of(1_000_000, 4_000),
        committed: AtomicU64::new(0),
        done: AtomicBool::new(false),
        trial: trial.clone(),
    });
    sql.execute("INSERT INTO streams (id) VALUES ($1)", &[&log.stream]).await.unwrap();
    sql.batch_execute("CREATE SEQUENCE flawed").await.unwrap();
    let poller = tokio::spawn(poll(log.clone(), trial.cluster().sql(&database).await));
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        let connection = trial.cluster().sql(&database).await;
        // Order is what this is about; flushing a million commits, one after another, would only take hours.
        connection.batch_execute("SET synchronous_commit TO off").await.unwrap();
        writers.push(tokio::spawn(write(log.clone(), connection, trial.chance(n))));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    log.done.store(true, SeqCst);
    let seen = poller.await.unwrap();
    let rows = sql.query("SELECT seq FROM events WHERE stream_id = $1 ORDER BY seq", &[&log.stream]).await;
    let stored: Vec<i64> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    trial.check("the poller", compare(&stored, &seen));
    trial.count("events", stored.len() as u64);
    trial.cluster().forget(&database).await;
}

/// Whether all that is stored was seen, once, in order, and is numbered without a gap.
fn compare(stored: &[i64], seen: &[i64]) -> Result<(), String> {
    let known: BTreeSet<i64> = seen.iter().copied().collect();
    let skipped: Vec<&i64> = stored.iter().filter(|seq| !known.contains(seq)).collect();
    if let Some(first) = skipped.first() {
        return Err(format!("{} of {} events were never seen, the first is {first}", skipped.len(), stored.len()));
    }
    if !seen.is_sorted_by(|a, b| a < b) || seen.len() != stored.len() {
        return Err("what was seen is not in order, or was taken back".into());
    }
    let gap = (1..).zip(stored).find(|(n, seq)| n != *seq);
    gap.map_or(Ok(()), |(n, seq)| Err(format!("a gap: {seq} is number {n}")))
}

async fn write(log: Arc<Log>, mut sql: Client, mut chance: Chance) {
    let append = sql.prepare(log.append).await.unwrap();
    while log.committed.load(SeqCst) < log.goal {
        let count = chance.within(1..5);
        let ids: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
        let times = vec![Timestamp::now(); ids.len()];
        let (kinds, bodies) = (vec!["order_closed"; ids.len()], vec![json!({}) as Value; ids.len()]);
        let orders: Vec<Option<Uuid>> = vec![None; ids.len()];
        let tx = sql.transaction().await.unwrap();
        let more = count.cast_signed();
        tx.query(&append, &[&log.stream, &more, &ids, &times, &ids, &kinds, &bodies, &orders]).await.unwrap();
        if chance.within(0..100) < ROLLBACKS_OF_100 {
            tx.rollback().await.unwrap();
            log.trial.count("rollbacks", 1);
        } else {
            tx.commit().await.unwrap();
            log.committed.fetch_add(count, SeqCst);
            log.trial.count("commits", 1);
        }
    }
}

/// Flat out; what it has seen, in the order it saw it.
async fn poll(log: Arc<Log>, sql: Client) -> Vec<i64> {
    let newer = "SELECT seq FROM events WHERE stream_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let newer = sql.prepare(newer).await.unwrap();
    let (mut seen, mut last) = (Vec::new(), 0_i64);
    loop {
        let is_last = log.done.load(SeqCst);
        let rows = sql.query(&newer, &[&log.stream, &last, &PAGE]).await.unwrap();
        seen.extend(rows.iter().map(|row| row.get::<_, i64>(0)));
        last = seen.last().copied().unwrap_or(0);
        log.trial.count("polls", 1);
        if is_last && rows.is_empty() {
            return seen;
        }
    }
}
