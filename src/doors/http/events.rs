//! `/events`: the log, page by page, and tickets for the event stream.

use super::{
    caller::{Call, Caller},
    error::HttpError,
    on_board::{self, OnBoard},
    page::{X_STREAM_EPOCH, X_STREAM_SEQ},
    query::Query,
    schema::{BoardChoice, EventData, LogPosition},
};
use crate::{
    code::ErrorCode,
    store::{
        StoreError,
        log::{LogPage, MAX_PAGE},
    },
    vocabulary::{self, body::Time},
    wire::event::Vocabulary,
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use serde::Serialize;
use serde_json::value::RawValue;
use std::time::Instant;
use utoipa::ToSchema;
use uuid::Uuid;

/// Events of a page where the client does not say.
pub const DEFAULT_LIMIT: u32 = 100;

/// A page of the log, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Events)]
pub struct EventsBody {
    pub epoch: String,
    /// Where the stream stood when the page was read; the page may end before it.
    pub seq: u64,
    pub events: Vec<EventBody>,
}

/// An event as the sockets get it.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventBody {
    pub id: Uuid,
    pub seq: u64,
    /// Its name, e.g. `order.new`.
    pub event: String,
    /// Its payload.
    #[schema(value_type = EventData)]
    pub data: Box<RawValue>,
    pub at: Time,
}

/// Replay the log from a position
///
/// Ask again with `after` the last event's `seq` until it is the page's `seq`.
#[utoipa::path(get, path = "/api/v1/events", tag = "live",
    params(LogPosition),
    responses((status = 200, body = EventsBody)))]
pub async fn replay(caller: Caller) -> Result<HttpResponse, HttpError> {
    replayed(&caller, caller.query(), Vocabulary::Restaurant).await
}

/// Replay a donation board's log from a position
///
/// As `/api/v1/events` is for a restaurant: what the board's sockets were told, in the same words.
#[utoipa::path(get, path = "/api/v1/donations/events", operation_id = "replay_board", tag = "donations",
    params(LogPosition, BoardChoice),
    responses((status = 200, body = EventsBody)))]
pub async fn replay_board(OnBoard(caller): OnBoard<Caller>) -> Result<HttpResponse, HttpError> {
    replayed(&caller, on_board::query(&caller), Vocabulary::Donations).await
}

/// A page of the stream that is told of in these words.
async fn replayed(
    caller: &Caller,
    mut query: Query,
    vocabulary: Vocabulary,
) -> Result<HttpResponse, HttpError> {
    let after = query.integer("after", 0..=i64::MAX as u64).unwrap_or_default();
    let limit = query.integer("limit", 1..=u64::from(MAX_PAGE)).map_or(DEFAULT_LIMIT, |limit| limit as u32);
    query.finish()?;
    let stream = vocabulary.stream(caller.principal());
    let page = caller.read(caller.state.store.events_after(stream, after, limit)).await?;
    let page = page.ok_or_else(|| HttpError::new(ErrorCode::Internal, "the caller has no such stream"))?;
    if is_truncated(after, &page) {
        let message = "the log is no longer kept from this position; read the board";
        return Err(HttpError::new(ErrorCode::LogTruncated, message));
    }
    let (epoch, seq) = (page.head.epoch.to_string(), page.head.seq);
    let mut response = HttpResponse::Ok();
    response.insert_header((X_STREAM_EPOCH, epoch.clone())).insert_header((X_STREAM_SEQ, seq));
    Ok(response.json(EventsBody { epoch, seq, events: bodies(vocabulary, &page)? }))
}

/// Numbers have no gaps: a page that begins later than asked, or is empty before the head, has lost its beginning.
fn is_truncated(after: u64, page: &LogPage) -> bool {
    match page.events.first() {
        Some(first) => first.seq > after.saturating_add(1),
        None => after < page.head.seq,
    }
}

fn bodies(vocabulary: Vocabulary, page: &LogPage) -> Result<Vec<EventBody>, HttpError> {
    let body = |recorded| {
        let Some(wire) = vocabulary::encode(vocabulary, recorded, &page.head.epoch)? else { return Ok(None) };
        let data = RawValue::from_string(wire.data.to_string())?;
        let (event, at) = (wire.name.to_string(), Time(wire.at));
        Ok(Some(EventBody { id: wire.id, seq: wire.seq, event, data, at }))
    };
    let bodies: Result<_, serde_json::Error> =
        page.events.iter().filter_map(|recorded| body(recorded).transpose()).collect();
    bodies.map_err(|error| StoreError::Corrupt(format!("an event has no wire form: {error}")).into())
}

/// A ticket for the event stream.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Ticket)]
pub struct TicketBody {
    pub ticket: String,
    /// Seconds.
    pub expires_in: u64,
}

/// A ticket for `GET /events/stream?ticket=`, good once: browsers cannot send a header there
#[utoipa::path(post, path = "/api/v1/events/ticket", tag = "live", responses((status = 201, body = TicketBody)))]
pub async fn ticket(call: Call) -> Result<HttpResponse, HttpError> {
    call.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    let tickets = &call.caller.state.tickets;
    let ticket = tickets.issue(call.caller.principal().user, call.caller.token()?, Instant::now())?;
    let body = TicketBody { ticket, expires_in: tickets.ttl().as_secs() };
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(HttpResponse::Created().insert_header(no_store).json(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            event::{Event, Recorded},
            ids::{EventId, OrderId, RestaurantId, UserId},
            stream::Epoch,
        },
        store::log::Head,
    };
    use jiff::Timestamp;

    fn page(head: u64, seqs: &[u64]) -> LogPage {
        let restaurant = RestaurantId::generate();
        let event = |&seq: &u64| Recorded {
            id: EventId::generate(),
            stream: restaurant.into(),
            restaurant,
            seq,
            at: Timestamp::UNIX_EPOCH,
            by: UserId::generate(),
            event: Event::OrderClosed { order: OrderId::generate(), order_version: 3 },
        };
        LogPage {
            head: Head { epoch: Epoch("e".into()), seq: head },
            events: seqs.iter().map(event).collect(),
        }
    }

    #[test]
    fn only_a_log_that_lost_its_beginning_is_truncated() {
        for (after, head, seqs, truncated) in [
            (0, 0, vec![], false),
            (0, 2, vec![1, 2], false),
            (2, 2, vec![], false),
            (9, 2, vec![], false),
            (u64::MAX, 2, vec![], false),
            (0, 9, vec![4, 5], true),
            (3, 9, vec![4, 5], false),
            (0, 9, vec![], true),
        ] {
            assert_eq!(is_truncated(after, &page(head, &seqs)), truncated, "{after} {head} {seqs:?}");
        }
    }

    #[test]
    fn an_event_is_told_as_the_sockets_tell_it() {
        let page = page(7, &[7]);
        let body = serde_json::to_value(bodies(Vocabulary::Restaurant, &page).unwrap()).unwrap();
        let event = &body[0];
        assert_eq!((&event["event"], &event["seq"]), (&"order.closed".into(), &7.into()));
        assert_eq!(event["at"], "1970-01-01T00:00:00.000Z");
        assert_eq!((&event["data"]["seq"], &event["data"]["eventId"]), (&event["seq"], &event["id"]));
    }
}
