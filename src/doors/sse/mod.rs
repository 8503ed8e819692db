//! The door of server-sent events: `GET /api/v1/events/stream`, with a token in the header or a ticket in the query.

mod stream;

pub use stream::{Stream, last_event_id};

use super::{
    bearer::Authorization,
    refusal::{method_not_allowed, refusal},
    tickets::Tickets,
};
use crate::{code::ErrorCode, session::Verified, wire::event::Vocabulary};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use std::{sync::Arc, time::Instant};

/// Everything the door needs, shared by all workers.
#[derive(Clone)]
pub struct Door {
    pub stream: Stream,
    /// Issued by the HTTP door.
    pub tickets: Arc<Tickets>,
}

/// Adds the route.
pub fn configure(door: Door) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        // A HEAD would open a stream that nobody reads.
        let others = web::to(|request: HttpRequest| async move { method_not_allowed(&request, "GET") });
        let stream = web::resource("/api/v1/events/stream").route(web::get().to(open));
        config.app_data(web::Data::new(door)).service(stream.default_service(others));
    }
}

#[derive(Deserialize)]
struct Query {
    ticket: Option<String>,
}

async fn open(request: HttpRequest, query: web::Query<Query>, door: web::Data<Door>) -> HttpResponse {
    match caller(&request, query.into_inner(), &door).await {
        Ok(verified) => door.stream.open(&request, verified, last_event_id(&request)),
        Err(code) => refusal(code),
    }
}

/// A browser's EventSource cannot send a header; whoever can, does.
async fn caller(request: &HttpRequest, query: Query, door: &Door) -> Result<Verified, ErrorCode> {
    let redeemed = || door.tickets.redeem(&query.ticket?, Instant::now());
    let token = Authorization::of(request.headers()).presented().or_else(redeemed);
    let verified = door.stream.backend.verify(token.ok_or(ErrorCode::InvalidToken)?).await?;
    let hears = Vocabulary::Restaurant.admits(verified.principal.role);
    if hears { Ok(verified) } else { Err(ErrorCode::Forbidden) }
}
