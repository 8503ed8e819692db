//! `/reports`: how the kitchen did.

use super::{caller::Caller, error::HttpError, schema::Days};
use crate::{domain::principal::Role, store::reads::PrepTime, vocabulary::body::Time};
use actix_web::HttpResponse;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest range, in days: a quarter.
const MAX_DAYS: i64 = 92;
/// Days begin at midnight there: a restaurant has no time zone of its own.
const TIME_ZONE: &str = "UTC";

/// From when the kitchen could begin a line until it was ready.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrepTimes {
    /// The first moment counted.
    pub from: Time,
    /// The first moment no longer counted.
    pub to: Time,
    /// Where days begin at midnight.
    pub time_zone: &'static str,
    pub stations: Vec<StationPrepTime>,
    /// At each station those with the most lines first.
    pub items: Vec<ItemPrepTime>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StationPrepTime {
    /// Null for lines that name none.
    pub station: Option<String>,
    pub lines: i64,
    /// Seconds within which half of the lines were ready.
    pub p50_s: f64,
    /// Seconds within which nine of ten were.
    pub p90_s: f64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemPrepTime {
    pub station: Option<String>,
    /// Null for a line that was typed.
    pub menu_item_id: Option<Uuid>,
    pub name: String,
    pub lines: i64,
    pub p50_s: f64,
    pub p90_s: f64,
}

/// Preparation times, by station and by dish (manager)
///
/// Of the lines that were ready within the range, at most 92 days.
#[utoipa::path(get, path = "/api/v1/reports/prep-times", tag = "reports", params(Days),
    responses((status = 200, body = PrepTimes)))]
pub async fn prep_times(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let mut query = caller.query();
    let (from, to) = (query.day("from", false), query.day("to", true));
    if let (Some(from), Some(to)) = (from, to) {
        if to <= from {
            query.fault("to", "must be after from");
        } else if to.duration_since(from).as_hours() > MAX_DAYS * 24 {
            query.fault("to", format!("must be at most {MAX_DAYS} days after from"));
        }
    }
    query.finish()?;
    let (Some(from), Some(to)) = (from, to) else { return Err(crate::code::ErrorCode::BadRequest.into()) };
    let found = caller.read(caller.state.store.prep_times(caller.restaurant(), from, to)).await?;
    Ok(HttpResponse::Ok().json(report(from, to, found)))
}

fn report(from: Timestamp, to: Timestamp, found: Vec<PrepTime>) -> PrepTimes {
    let (mut stations, mut items) = (Vec::new(), Vec::new());
    for PrepTime { station, dish, lines, p50, p90 } in found {
        let (p50_s, p90_s) = (tenths(p50), tenths(p90));
        match dish {
            None => stations.push(StationPrepTime { station, lines, p50_s, p90_s }),
            Some(dish) => items.push(ItemPrepTime {
                station,
                menu_item_id: dish.id.map(|id| id.0),
                name: dish.name,
                lines,
                p50_s,
                p90_s,
            }),
        }
    }
    PrepTimes { from: Time(from), to: Time(to), time_zone: TIME_ZONE, stations, items }
}

/// Seconds to one decimal: what lies behind it is the width of a tap.
fn tenths(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
