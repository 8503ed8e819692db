//! `/board`: what a display starts from, at one position of the stream.

use super::{
    caller::Caller,
    error::HttpError,
    page::{X_STREAM_EPOCH, X_STREAM_SEQ},
};
use crate::vocabulary::body::{OrderBody, StationBody, TableBody, TableSessionBody, Time};
use actix_web::HttpResponse;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long what was served or cancelled stays on the board.
const LATELY: SignedDuration = SignedDuration::from_mins(15);

/// The floor and the kitchen at one moment: events up to `seq` are in it, those after it are not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Board)]
pub struct BoardBody {
    pub epoch: String,
    pub seq: u64,
    pub server_time: Time,
    pub tables: Vec<TableBody>,
    /// The open ones.
    pub sessions: Vec<TableSessionBody>,
    /// By ticket number: `CONFIRMED`, `IN_PROGRESS`, `READY`, and what was `SERVED` or `CANCELLED` in the last 15 min.
    pub orders: Vec<OrderBody>,
    /// Where lines are made, the first made first.
    pub stations: Vec<StationBody>,
    /// ISO 4217.
    pub currency: &'static str,
    /// Who works there, for the names behind `createdBy`.
    pub staff: Vec<NameBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StaffName)]
pub struct NameBody {
    pub id: Uuid,
    pub name: String,
}

async fn answer(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.query().finish()?;
    let now = Timestamp::now();
    let lately = now.checked_sub(LATELY).unwrap_or(now);
    let board = caller.read(caller.state.store.board(caller.restaurant(), lately)).await?;
    let (epoch, seq) = (board.head.epoch.to_string(), board.head.seq);
    let mut response = HttpResponse::Ok();
    response.insert_header((X_STREAM_EPOCH, epoch.clone())).insert_header((X_STREAM_SEQ, seq));
    Ok(response.json(BoardBody {
        epoch,
        seq,
        server_time: Time(now),
        tables: board.tables.iter().map(TableBody::from).collect(),
        sessions: board.sessions.iter().map(TableSessionBody::from).collect(),
        orders: board.orders.iter().map(OrderBody::from).collect(),
        stations: board.stations.iter().map(StationBody::from).collect(),
        currency: board.currency.code(),
        staff: board.staff.into_iter().map(|(user, name)| NameBody { id: user.0, name }).collect(),
    }))
}

/// The board
///
/// Read it, then follow the stream from its `seq`; drop what is at or before it.
#[utoipa::path(get, path = "/api/v1/board", tag = "live", responses((status = 200, body = BoardBody)))]
pub async fn board(caller: Caller) -> Result<HttpResponse, HttpError> {
    answer(caller).await
}

/// The board, by its other name
#[utoipa::path(get, path = "/api/v1/kitchen/board", tag = "live", responses((status = 200, body = BoardBody)))]
pub async fn kitchen_board(caller: Caller) -> Result<HttpResponse, HttpError> {
    answer(caller).await
}
