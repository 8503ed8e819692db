//! Reading the log: where a stream stands, and what follows a position.

use super::{Store, StoreError, Tx, sql, tx::Params};
use crate::domain::{
    event::{Event, Recorded},
    ids::{EventId, RestaurantId, StreamId, UserId},
    stream::{Epoch, Seq, Stream},
};
use jiff::{Timestamp, Unit};
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub epoch: Epoch,
    pub seq: Seq,
}

/// A page of the log, oldest first, read at one moment at which the stream stood at `head`.
#[derive(Debug, Clone)]
pub struct LogPage {
    pub head: Head,
    pub events: Vec<Recorded>,
}

/// Most events of one page; a page is held in memory whole.
pub const MAX_PAGE: u32 = 1_000;
/// Bytes of payload after which a page ends; it has one event at least.
const MAX_BYTES: i64 = 1 << 20;

impl Store {
    /// Where the stream stands; `None` for one that does not exist.
    pub async fn head(&self, stream: impl Into<Stream>) -> Result<Option<Head>, StoreError> {
        let stream = stream.into();
        let tx = self.read(stream).await?;
        let head = head(&tx, stream.into()).await?;
        tx.commit().await?;
        Ok(head)
    }

    /// The events after `after`, at most `limit` (at most [`MAX_PAGE`]) and about `MAX_BYTES` of them: a page that ends
    /// before its head is not the last. `None` for a stream that does not exist.
    pub async fn events_after(
        &self,
        stream: impl Into<Stream>,
        after: Seq,
        limit: u32,
    ) -> Result<Option<LogPage>, StoreError> {
        let whose = stream.into();
        let tx = self.read(whose).await?;
        let stream = StreamId::from(whose);
        let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::from(limit.min(MAX_PAGE)));
        let params: Params<'_> = &[&stream.0, &after, &limit, &MAX_BYTES];
        let (head, rows) = futures_util::try_join!(head(&tx, stream), tx.query(sql!("log/after"), params))?;
        tx.commit().await?;
        let Some(head) = head else { return Ok(None) };
        let events = rows.iter().map(|row| recorded(row, whose)).collect();
        Ok(Some(LogPage { head, events }))
    }
}

/// Where a stream stands, within a transaction.
pub(super) async fn head(tx: &Tx, stream: StreamId) -> Result<Option<Head>, StoreError> {
    let row = tx.query_opt(sql!("log/head"), &[&stream.0]).await?;
    Ok(row.map(|row| Head { epoch: Epoch(row.get::<_, &str>(0).into()), seq: row.get::<_, i64>(1) as Seq }))
}

/// An event from its row: seq, id, at, actor_id, kind, body. One that cannot be read costs itself alone.
pub(super) fn recorded(row: &Row, stream: impl Into<Stream>) -> Recorded {
    let stream = StreamId::from(stream.into());
    let seq = row.get::<_, i64>(0) as Seq;
    let event = decode(row.get(4), row.get(5)).unwrap_or_else(|error| {
        tracing::error!(stream.id = %stream, seq, %error, "event cannot be read");
        Event::Unreadable
    });
    Recorded {
        id: EventId(row.get(1)),
        stream,
        restaurant: RestaurantId(stream.0),
        seq,
        at: row.get::<_, Timestamp>(2),
        by: UserId(row.get::<_, Uuid>(3)),
        event,
    }
}

/// Appends `events`, numbered from the stream's next position on, as a transaction's last statement.
pub(super) async fn append(tx: &Tx, stream: StreamId, events: &[Recorded]) -> Result<(), StoreError> {
    let (mut kinds, mut bodies) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    for recorded in events {
        let (kind, body) = encode(&recorded.event)?;
        kinds.push(kind);
        bodies.push(body);
    }
    let ids: Vec<Uuid> = events.iter().map(|recorded| recorded.id.0).collect();
    let times: Vec<Timestamp> = events.iter().map(|recorded| recorded.at).collect();
    let actors: Vec<Uuid> = events.iter().map(|recorded| recorded.by.0).collect();
    let orders: Vec<Option<Uuid>> =
        events.iter().map(|recorded| recorded.event.order().map(|id| id.0)).collect();
    let count = events.len() as i64;
    let params: Params<'_> = &[&stream.0, &count, &ids, &times, &actors, &kinds, &bodies, &orders];
    let rows = tx.query(sql!("log/append"), params).await?;
    let last = rows.iter().map(|row| row.get::<_, i64>(0) as Seq).max();
    if rows.len() != events.len() || last != events.last().map(|recorded| recorded.seq) {
        return Err(StoreError::Conflict("the stream's counter moved under its lock".into()));
    }
    Ok(())
}

/// Facts with their positions, behind `base`.
pub(super) fn numbered(
    stream: StreamId,
    base: Seq,
    at: Timestamp,
    facts: impl Iterator<Item = (UserId, Event)>,
) -> Vec<Recorded> {
    let number = |(n, (by, event)): (usize, (UserId, Event))| Recorded {
        id: EventId::generate(),
        stream,
        restaurant: RestaurantId(stream.0),
        seq: base + 1 + n as u64,
        at,
        by,
        event,
    };
    facts.enumerate().map(number).collect()
}

/// Holds a restaurant's log to the end of the transaction, as a lane does. Whoever is to append to it and locks other rows too
/// does this first, since a lane, or somebody who moves in, waits for such rows with the log in hand.
pub async fn hold(tx: &Tx, restaurant: RestaurantId) -> Result<(), StoreError> {
    held(tx, restaurant).await.map(drop)
}

/// Where the log ends that is held now.
async fn held(tx: &Tx, restaurant: RestaurantId) -> Result<Seq, StoreError> {
    let row = tx.query_opt(sql!("lane/lock"), &[&StreamId::from(restaurant).0]).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt(format!("no stream of restaurant {restaurant}")))?;
    Ok(row.get::<_, i64>("seq") as Seq)
}

/// Appends facts to a restaurant's log from a transaction that is no lane's, which holds it already where it has locked
/// anything else. Who listens is told by looking into the log.
pub async fn tell(
    tx: &Tx,
    restaurant: RestaurantId,
    by: UserId,
    events: Vec<Event>,
) -> Result<(), StoreError> {
    let stream = StreamId::from(Stream::from(restaurant));
    let base = held(tx, restaurant).await?;
    let now = Timestamp::now();
    let at = now.round(Unit::Millisecond).unwrap_or(now);
    let facts = events.into_iter().map(|event| (by, event));
    append(tx, stream, &numbered(stream, base, at, facts)).await
}

/// The columns `kind` and `body` of an event.
pub(super) fn encode(event: &Event) -> Result<(String, Value), StoreError> {
    let corrupt = |e: serde_json::Error| StoreError::Corrupt(e.to_string());
    match serde_json::to_value(event).map_err(corrupt)? {
        Value::Object(mut map) => match (map.remove("kind"), map.remove("body")) {
            (Some(Value::String(kind)), Some(body)) => Ok((kind, body)),
            _ => Err(StoreError::Corrupt("an event without kind and body".into())),
        },
        _ => Err(StoreError::Corrupt("an event that is no object".into())),
    }
}

fn decode(kind: &str, body: Value) -> Result<Event, serde_json::Error> {
    serde_json::from_value(json!({ "kind": kind, "body": body }))
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
