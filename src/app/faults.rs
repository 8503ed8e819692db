//! Test builds only: `POST /faults/rooms/{stream}/{place}` makes a room panic, in a server that is a process of its own.

use crate::actors::directory::RoomDirectory;
use actix_web::web::ServiceConfig;

/// Adds the route, for anybody: these builds serve tests.
#[cfg(feature = "faults")]
pub fn configure(rooms: RoomDirectory) -> impl FnOnce(&mut ServiceConfig) {
    use crate::{actors::room::Place, domain::ids::StreamId};
    use actix_web::{
        HttpResponse,
        web::{Path, post},
    };
    use uuid::Uuid;

    let panic = move |path: Path<(Uuid, String)>| {
        let (stream, name) = path.into_inner();
        let place = Place::ALL.into_iter().find(|place| format!("{place:?}") == name);
        if let Some(place) = place {
            rooms.panic(StreamId(stream), place);
        }
        let mut answer = if place.is_some() { HttpResponse::NoContent() } else { HttpResponse::NotFound() };
        let answer = answer.finish();
        async move { answer }
    };
    move |config| {
        config.route("/faults/rooms/{stream}/{place}", post().to(panic));
    }
}

/// Nothing.
#[cfg(not(feature = "faults"))]
pub fn configure(_: RoomDirectory) -> impl FnOnce(&mut ServiceConfig) {
    |_| {}
}
