//! `/orders/{id}/history`: what happened to an order, when, and by whom.

use super::{caller::Caller, error::HttpError, page, schema::Page};
use crate::{
    domain::{audit::DraftStep, ids::OrderId, rejection::Rejection, stream::Epoch},
    store::{
        StoreError,
        reads::{Entry, Fact},
    },
    vocabulary::{
        body::{ItemBody, Time},
        restaurant,
    },
};
use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that happened to an order.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HistoryEntry)]
pub struct EntryBody {
    pub id: Uuid,
    pub at: Time,
    pub by: ActorBody,
    /// An event's name, or `order.draft.opened`, `.item.added`, `.item.changed`, `.item.removed`, `.cancelled`.
    pub event: String,
    /// The event's payload; of a draft's step the item, or `{itemId}` of a removed one.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
    /// Its position in the stream; null for a draft's step, which is not in it.
    pub seq: Option<u64>,
}

/// Who did it.
#[derive(Serialize, ToSchema)]
#[schema(as = Actor)]
pub struct ActorBody {
    pub id: Uuid,
    /// Null for a user of another service.
    pub name: Option<String>,
}

/// The order's history, newest first
#[utoipa::path(get, path = "/api/v1/orders/{id}/history", tag = "orders",
    params(Page),
    responses((status = 200, body = [EntryBody])))]
pub async fn history(caller: Caller) -> Result<HttpResponse, HttpError> {
    let order = caller.id("id", OrderId)?;
    let mut query = caller.query();
    let (limit, after) = (query.limit(), query.cursor(page::decode_turn));
    query.finish()?;
    let page = caller.read(caller.state.store.history(caller.restaurant(), order, limit, after)).await?;
    let page = page.ok_or_else(|| Rejection::not_found("Order", order))?;
    let bodies: Result<Vec<_>, _> = page.entries.into_iter().map(|e| body(e, &page.head.epoch)).collect();
    let bodies = bodies.map_err(|error| StoreError::Corrupt(format!("history of {order}: {error}")))?;
    let cursor = page.next.as_ref().map(page::encode_turn);
    Ok(page::answer(caller.request.uri(), &page.head, &bodies, cursor))
}

fn body(entry: Entry, epoch: &Epoch) -> Result<EntryBody, serde_json::Error> {
    let (event, data, seq) = match &entry.fact {
        Fact::Event(recorded) => {
            let wire = restaurant::encode(recorded, epoch)?;
            (wire.name.to_string(), RawValue::from_string(wire.data.to_string())?, Some(wire.seq))
        }
        Fact::Draft(step) => {
            let (name, data) = draft(step)?;
            (name.to_owned(), data, None)
        }
    };
    let by = ActorBody { id: entry.by.0, name: entry.by_name };
    Ok(EntryBody { id: entry.id, at: Time(entry.at), by, event, data, seq })
}

fn draft(step: &DraftStep) -> Result<(&'static str, Box<RawValue>), serde_json::Error> {
    let empty = || serde_json::Map::new();
    Ok(match step {
        DraftStep::Opened => ("order.draft.opened", to_raw_value(&empty())?),
        DraftStep::ItemAdded(item) => ("order.draft.item.added", to_raw_value(&ItemBody::from(item))?),
        DraftStep::ItemChanged(item) => ("order.draft.item.changed", to_raw_value(&ItemBody::from(item))?),
        DraftStep::ItemRemoved(id) => {
            ("order.draft.item.removed", to_raw_value(&serde_json::json!({ "itemId": id.0 }))?)
        }
        DraftStep::Cancelled => ("order.draft.cancelled", to_raw_value(&empty())?),
    })
}
