//! `/stations`: where lines are made.

use super::{
    answers,
    body::Fields,
    caller::{Call, Caller},
    error::HttpError,
    page, requests,
    schema::{NewStation, Page, StationChange as StationChangeBody},
};
use crate::{
    domain::{
        command::Command,
        ids::StationId,
        rejection::Rejection,
        station::{MAX_AFTER_S, MAX_CATEGORIES, StationChange},
        text::Label,
    },
    vocabulary::body::StationBody,
};
use actix_web::HttpResponse;

/// List the stations, newest first
#[utoipa::path(get, path = "/api/v1/stations", tag = "kitchen", operation_id = "list_stations",
    params(Page),
    responses((status = 200, body = [StationBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    let asked = caller.page()?;
    let listed = caller.read(caller.state.store.stations(caller.restaurant(), &asked)).await?;
    Ok(page::list(&caller, &listed, StationBody::from))
}

/// One station
#[utoipa::path(get, path = "/api/v1/stations/{id}", tag = "kitchen", operation_id = "get_station",
    responses((status = 200, body = StationBody), (status = 304, description = "As in If-None-Match")))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", StationId)?;
    let station = caller.read(caller.state.store.station(caller.restaurant(), id)).await?;
    let station = station.ok_or_else(|| Rejection::not_found("Station", id))?;
    answers::unless_known(&caller, station.version, StationBody::from(&station))
}

/// Make a station (manager)
///
/// The first one is the default. A name or a category that another station has: 409 `NAME_TAKEN`.
#[utoipa::path(post, path = "/api/v1/stations", tag = "kitchen", operation_id = "create_station",
    request_body = NewStation, responses((status = 201, body = StationBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    let command = new_station(call.fields()?)?;
    Ok(answers::created(call.execute(command).await?))
}

/// Change a station (manager)
///
/// Under another name its dishes and unfinished lines go along.
#[utoipa::path(patch, path = "/api/v1/stations/{id}", tag = "kitchen", operation_id = "change_station",
    request_body = StationChangeBody, responses((status = 200, body = StationBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    let station = call.caller.id("id", StationId)?;
    let command = change_station(call.fields()?, station)?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Remove a station (manager)
///
/// What was to be made there goes to the default station; if it was that, the oldest of the others is it now.
#[utoipa::path(delete, path = "/api/v1/stations/{id}", tag = "kitchen", operation_id = "remove_station",
    responses((status = 204, description = "It is gone")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    let station = call.caller.id("id", StationId)?;
    let command = requests::nothing(call.fields()?, Command::RemoveStation { station })?;
    Ok(answers::changed(call.execute(command).await?))
}

/// `{name, categories?, warnAfterS?, lateAfterS?, isDefault?}`
fn new_station(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let name = fields.required("name").text("name", Label::parse);
    let change = values(&mut fields);
    requests::finish(fields, name.map(|name| Command::CreateStation { name, change }))
}

/// The same, all optional.
fn change_station(mut fields: Fields<'_>, station: StationId) -> Result<Command, HttpError> {
    let name = fields.text("name", Label::parse);
    let change = StationChange { name, ..values(&mut fields) };
    requests::finish(fields, Some(Command::ChangeStation { station, change }))
}

fn values(fields: &mut Fields<'_>) -> StationChange {
    let mut after = |name| fields.integer(name, 1..=u64::from(MAX_AFTER_S)).map(|seconds| seconds as u32);
    let (warn_after_s, late_after_s) = (after("warnAfterS"), after("lateAfterS"));
    StationChange {
        name: None,
        categories: fields.texts("categories", MAX_CATEGORIES, Label::parse),
        warn_after_s,
        late_after_s,
        is_default: fields.boolean("isDefault"),
    }
}
