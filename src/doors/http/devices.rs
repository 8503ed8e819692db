//! `/devices`: displays that show a code, and managers who claim them.

use super::{
    account::client,
    auth::UserBody,
    caller::{Anonymous, Call, Caller},
    error::HttpError,
    page,
    schema::{ClaimDevice, Page, PairingSecret},
};
use crate::{
    actors::room::Presence,
    auth::people::{Asked, Claim, DEVICE_ROLES, Polled},
    domain::{
        ids::UserId,
        people::Device,
        principal::Role,
        text::{Label, Name},
    },
    vocabulary::names::RoleName,
    wire::time::Written,
};
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A paired display.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Device)]
pub struct DeviceBody {
    id: Uuid,
    name: String,
    /// What it acts as: KITCHEN or EXPO.
    #[schema(value_type = RoleName)]
    role: &'static str,
    station: Option<String>,
    claimed_by: Uuid,
    created_at: String,
    /// To this server; null where that cannot be said now.
    connected: Option<bool>,
    /// Now while it is connected; otherwise when it last got a token, which displays do every few minutes.
    last_seen_at: Option<String>,
    /// Events it has not shown yet, while it is connected and tells.
    lag: Option<u64>,
}

impl DeviceBody {
    /// `sockets`: those of its user; `None` where nobody can say.
    fn new(device: &Device, sockets: Option<&[Presence]>) -> Self {
        let connected = sockets.map(|sockets| !sockets.is_empty());
        let seen = if connected == Some(true) { Some(Timestamp::now()) } else { device.last_token_at };
        Self {
            id: device.id.0,
            name: device.name.clone(),
            role: device.role.name(),
            station: device.station.clone(),
            claimed_by: device.claimed_by.0,
            created_at: Written(device.created_at).to_string(),
            connected,
            last_seen_at: seen.map(|at| Written(at).to_string()),
            lag: sockets.into_iter().flatten().filter_map(|one| one.lag).max(),
        }
    }
}

/// A code to show, and the secret to poll with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PairingAsked)]
pub struct AskedBody<'a> {
    /// Eight letters and digits that do not look alike.
    code: &'a str,
    pairing_secret: &'a str,
    /// Seconds.
    expires_in: u64,
}

/// What became of a display: `PENDING`, or `PAIRED` with its tokens.
#[derive(Serialize, ToSchema)]
#[serde(tag = "status", rename_all = "UPPERCASE")]
#[schema(as = Pairing)]
pub enum PairingBody<'a> {
    Pending,
    Paired(Box<PairedBody<'a>>),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Paired)]
pub struct PairedBody<'a> {
    access_token: &'a str,
    refresh_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    user: UserBody,
    device: DeviceBody,
}

fn private(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response
}

/// Ask to be paired (the display)
///
/// It shows the code, a manager claims it within 10 minutes, and the display polls with its secret.
#[utoipa::path(post, path = "/api/v1/devices/pair", operation_id = "ask_pairing", tag = "devices", security(()),
    responses((status = 201, body = AskedBody)))]
pub async fn pair(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    asked.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    let Asked { code, secret, expires_in } =
        asked.state.people.ask_pairing(client(&asked.request, &asked.state)).await?;
    let (code, pairing_secret) = (code.as_str(), secret.expose_secret());
    let body = AskedBody { code, pairing_secret, expires_in: expires_in.as_secs() };
    Ok(private(HttpResponse::Created()).json(body))
}

/// Ask what became of it (the display)
#[utoipa::path(post, path = "/api/v1/devices/pair/poll", operation_id = "poll_pairing", tag = "devices",
    request_body = PairingSecret, security(()), responses((status = 200, body = PairingBody)))]
pub async fn poll(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let secret = fields.required("pairingSecret").secret("pairingSecret");
    let secret = fields.finish(secret).map_err(HttpError::validation)?;
    let polled = asked.state.people.poll_pairing(secret).await?;
    let body = match &polled {
        Polled::Waiting => PairingBody::Pending,
        Polled::Paired(paired) => {
            let (answer, device) = &**paired;
            PairingBody::Paired(Box::new(PairedBody {
                access_token: answer.access_token.expose_secret(),
                refresh_token: answer.refresh_token.expose_secret(),
                token_type: crate::auth::LoginAnswer::TOKEN_TYPE,
                expires_in: answer.expires_in,
                user: UserBody::from(answer),
                device: DeviceBody::new(device, Some(&[])),
            }))
        }
    };
    Ok(private(HttpResponse::Ok()).json(body))
}

/// Claim the display that shows this code (manager)
#[utoipa::path(post, path = "/api/v1/devices/claim", operation_id = "claim_device", tag = "devices",
    request_body = ClaimDevice, responses((status = 201, body = DeviceBody)))]
pub async fn claim(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let mut fields = call.fields()?;
    let code = fields.required("code").plain("code");
    let name = fields.required("name").text("name", Name::parse);
    let station = fields.text("station", Label::parse);
    let role = fields.required("role").one_of("role", &DEVICE_ROLES, Role::name);
    let ((code, name), role) = fields.finish(code.zip(name).zip(role)).map_err(HttpError::validation)?;
    let Caller { request, state, .. } = &call.caller;
    let by = call.caller.principal().clone();
    let claim = Claim { code, name, station, role };
    let device = state.people.claim(by, claim, client(request, state)).await?;
    Ok(HttpResponse::Created().json(DeviceBody::new(&device, Some(&[]))))
}

/// List the devices, newest first, with who is connected and how far behind (manager)
#[utoipa::path(get, path = "/api/v1/devices", operation_id = "list_devices", tag = "devices", params(Page),
    responses((status = 200, body = [DeviceBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let asked = caller.page()?;
    let listed = caller.read(caller.state.store.devices(caller.restaurant(), &asked)).await?;
    let present = caller.state.rooms.present(caller.restaurant()).await;
    let of = present.map(|present| {
        let mut of: HashMap<UserId, Vec<Presence>> = HashMap::new();
        present.sockets.into_iter().for_each(|one| of.entry(one.user).or_default().push(one));
        of
    });
    let sockets = |device: &Device| of.as_ref().map(|of| of.get(&device.id).map_or(&[][..], Vec::as_slice));
    Ok(page::list(&caller, &listed, |device| DeviceBody::new(device, sockets(device))))
}

/// Remove a device: its tokens and sockets end (manager)
#[utoipa::path(delete, path = "/api/v1/devices/{id}", operation_id = "remove_device", tag = "devices",
    responses((status = 204, description = "It is out")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let id = call.caller.id("id", UserId)?;
    call.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    let state = &call.caller.state;
    let ended = state.people.remove_device(call.caller.principal().clone(), id).await?;
    state.ended(&ended);
    Ok(HttpResponse::NoContent().finish())
}
