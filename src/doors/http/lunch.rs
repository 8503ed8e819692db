//! `/demo/lunch`: a lunch hour played for whoever looks at the demo. There is none outside the demo.

use super::{
    caller::{Call, Caller},
    error::HttpError,
    schema::NewLunch,
    state::HttpState,
};
use crate::{
    code::ErrorCode,
    domain::{
        principal::{Principal, Role},
        rejection::Rejection,
    },
    vocabulary::body::Time,
};
use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// How a lunch hour is to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lunch {
    /// Minutes of the play in one of the clock.
    pub speed: u32,
    /// For how long guests arrive, in minutes of the play.
    pub minutes: u32,
    /// The same seed is the same lunch, on the same menu and tables.
    pub seed: u32,
}

/// One that is being played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playing {
    pub lunch: Lunch,
    pub since: Timestamp,
    /// Orders sent to the kitchen until now.
    pub orders: u64,
}

/// Implemented by the demo: plays a lunch hour a restaurant.
pub trait Lunches: Send + Sync {
    fn playing(&self, manager: &Principal) -> Option<Playing>;

    /// False where one is being played already.
    fn start(&self, manager: &Principal, lunch: Lunch) -> bool;

    /// Resolves when its guests have gone and their tables are free.
    fn stop(&self, manager: &Principal) -> LocalBoxFuture<'static, ()>;
}

/// The lunch hour that is being played, if one is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LunchHour)]
pub struct LunchBody {
    playing: bool,
    /// The rest is null while none is played.
    speed: Option<u32>,
    minutes: Option<u32>,
    seed: Option<u32>,
    since: Option<Time>,
    /// Orders sent to the kitchen until now.
    orders: Option<u64>,
}

impl From<Option<Playing>> for LunchBody {
    fn from(playing: Option<Playing>) -> Self {
        let lunch = playing.map(|playing| playing.lunch);
        Self {
            playing: playing.is_some(),
            speed: lunch.map(|lunch| lunch.speed),
            minutes: lunch.map(|lunch| lunch.minutes),
            seed: lunch.map(|lunch| lunch.seed),
            since: playing.map(|playing| Time(playing.since)),
            orders: playing.map(|playing| playing.orders),
        }
    }
}

/// Those of the demo, for its managers; everywhere else there is nothing here.
fn lunches<'a>(state: &'a HttpState, caller: &Caller) -> Result<&'a dyn Lunches, HttpError> {
    let lunches = state.lunches.as_deref();
    let lunches = lunches.ok_or_else(|| HttpError::new(ErrorCode::NotFound, "this server is no demo"))?;
    caller.require(&[Role::Manager])?;
    Ok(lunches)
}

/// Is a lunch hour being played? (manager; the demo only)
#[utoipa::path(get, path = "/api/v1/demo/lunch", operation_id = "get_lunch", tag = "live",
    responses((status = 200, body = LunchBody)))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    let lunches = lunches(&caller.state, &caller)?;
    caller.query().finish()?;
    Ok(HttpResponse::Ok().json(LunchBody::from(lunches.playing(caller.principal()))))
}

/// Play a lunch hour: guests come, order, eat and pay (manager; the demo only)
///
/// Played by the restaurant's own people, through the same commands as everybody's, until its last guest has gone. One at
/// a time.
#[utoipa::path(post, path = "/api/v1/demo/lunch", operation_id = "start_lunch", tag = "live", request_body = NewLunch,
    responses((status = 201, body = LunchBody)))]
pub async fn start(call: Call) -> Result<HttpResponse, HttpError> {
    let caller = &call.caller;
    let lunches = lunches(&caller.state, caller)?;
    let mut fields = call.fields()?;
    let mut number = |name, most, usual| fields.integer(name, 1..=most).map_or(usual, |given| given as u32);
    let lunch = Lunch {
        speed: number("speed", 60, 10),
        minutes: number("minutes", 240, 60),
        seed: number("seed", u64::from(u32::MAX), 1),
    };
    let lunch = fields.finish(Some(lunch)).map_err(HttpError::validation)?;
    if !lunches.start(caller.principal(), lunch) {
        let message = "a lunch hour is being played already";
        return Err(Rejection::new(ErrorCode::ResourceInUse, message).into());
    }
    Ok(HttpResponse::Created().json(LunchBody::from(lunches.playing(caller.principal()))))
}

/// End the lunch hour: its guests go, their tables are free (manager; the demo only)
#[utoipa::path(delete, path = "/api/v1/demo/lunch", operation_id = "stop_lunch", tag = "live",
    responses((status = 204, description = "None is being played")))]
pub async fn stop(call: Call) -> Result<HttpResponse, HttpError> {
    let caller = &call.caller;
    let lunches = lunches(&caller.state, caller)?;
    call.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    let stopped = lunches.stop(caller.principal());
    let stopped = tokio::time::timeout(*caller.state.settings.answer_within, stopped).await;
    stopped.map_err(|_| HttpError::new(ErrorCode::Overloaded, "its guests are still on their way out"))?;
    Ok(HttpResponse::NoContent().finish())
}
