//! An order's history: its draft's steps from the audit, what came after from the log. The log's part is the newer.

use super::moment;
use crate::{
    domain::{
        audit::DraftStep,
        event::Recorded,
        ids::{OrderId, RestaurantId, UserId},
    },
    store::{
        Store, StoreError,
        log::{Head, recorded},
        sql,
    },
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

/// Something that happened to an order.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Uuid,
    pub at: Timestamp,
    pub by: UserId,
    /// `None` for a user of another service.
    pub by_name: Option<String>,
    pub fact: Fact,
}

/// What happened: to a draft, or for everyone to see.
#[derive(Debug, Clone)]
pub enum Fact {
    Draft(Box<DraftStep>),
    Event(Box<Recorded>),
}

/// The last entry that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Event(u64),
    Draft(Uuid),
}

/// A page of a history, newest first.
#[derive(Debug, Clone)]
pub struct HistoryPage {
    pub head: Head,
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Turn>,
}

impl Store {
    /// A page of an order's history; `None` for an id unknown in this restaurant.
    pub async fn history(
        &self,
        restaurant: RestaurantId,
        order: OrderId,
        limit: u32,
        after: Option<Turn>,
    ) -> Result<Option<HistoryPage>, StoreError> {
        let tx = self.read(restaurant).await?;
        let moment = moment(&tx, restaurant).await?;
        let known = tx.query_opt(sql!("orders/exists"), &[&restaurant.0, &order.0]).await?;
        if !known.is_some_and(|row| row.get(0)) {
            tx.commit().await?;
            return Ok(None);
        }
        let probe = i64::from(limit) + 1;
        let (seq, step) = match after {
            None => (None, None),
            Some(Turn::Event(seq)) => (Some(i64::try_from(seq).unwrap_or(i64::MAX)), None),
            Some(Turn::Draft(id)) => (None, Some(id)),
        };
        let mut entries = Vec::new();
        if step.is_none() {
            let found = tx.query(sql!("history/events"), &[&restaurant.0, &order.0, &seq, &probe]).await?;
            for row in &found {
                entries.push(event(row, restaurant));
            }
        }
        let left = probe - entries.len() as i64;
        if left > 0 {
            let found = tx.query(sql!("history/draft"), &[&restaurant.0, &order.0, &step, &left]).await?;
            for row in &found {
                entries.push(draft(row)?);
            }
        }
        tx.commit().await?;
        let more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        let next = entries.last().filter(|_| more).map(|entry| match &entry.fact {
            Fact::Event(recorded) => Turn::Event(recorded.seq),
            Fact::Draft(_) => Turn::Draft(entry.id),
        });
        Ok(Some(HistoryPage { head: moment.head, entries, next }))
    }
}

fn event(row: &Row, restaurant: RestaurantId) -> Entry {
    let recorded = recorded(row, restaurant);
    Entry {
        id: recorded.id.0,
        at: recorded.at,
        by: recorded.by,
        by_name: row.get("actor_name"),
        fact: Fact::Event(Box::new(recorded)),
    }
}

fn draft(row: &Row) -> Result<Entry, StoreError> {
    let id: Uuid = row.get("id");
    let step = match row.get::<_, Option<Value>>("body") {
        Some(body) => json!({ "kind": row.get::<_, &str>("kind"), "body": body }),
        None => json!({ "kind": row.get::<_, &str>("kind") }),
    };
    let step = serde_json::from_value(step).map_err(|e| StoreError::Corrupt(format!("audit {id}: {e}")))?;
    Ok(Entry {
        id,
        at: row.get("at"),
        by: UserId(row.get("actor_id")),
        by_name: row.get("actor_name"),
        fact: Fact::Draft(Box::new(step)),
    })
}
