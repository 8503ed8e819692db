//! `/auth/register`, and what changes one's own account.

use super::{
    auth::{UserBody, tokens},
    bodies,
    caller::{Anonymous, Call},
    done::{Changed, Sent},
    error::HttpError,
    on_board::OnBoard,
    schema,
};
use crate::{
    code::ErrorCode,
    doors::{address, bearer::Authorization},
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use std::net::{IpAddr, Ipv4Addr};

/// Register
///
/// With an invite into its restaurant, in the invite's role; where registration is open also without, as the owner of a new
/// restaurant. Five attempts an hour from one address.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = schema::Registration, security(()),
    responses((status = 201, body = super::auth::TokensBody)))]
pub async fn register(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let new = bodies::registration(asked.fields()?, &asked.state.profile).map_err(HttpError::validation)?;
    // Only where registration is protected does it matter who asks; a token that is presented must be good all the same.
    let by = match Authorization::of(asked.request.headers()) {
        Authorization::Absent => None,
        presented => {
            let token = presented.token().ok_or(ErrorCode::InvalidToken)?;
            Some(asked.state.verifier.verify(token).await?.principal)
        }
    };
    let answer = asked.state.people.register(new, by, client(&asked.request, &asked.state)).await?;
    Ok(tokens(&answer, StatusCode::CREATED))
}

/// Change one's own account
///
/// The name for the asking; another address or password asks for `currentPassword`. Another password ends one's other logins.
#[utoipa::path(patch, path = "/api/v1/auth/me", operation_id = "change_me", tag = "auth", request_body = schema::AccountChange,
    responses((status = 200, body = UserBody)))]
pub async fn change(OnBoard(call): OnBoard<Call>) -> Result<HttpResponse, HttpError> {
    let declared = &call.caller.state.profile;
    let to = bodies::account_change(call.fields()?, declared).map_err(HttpError::validation)?;
    let (who, state) = (call.caller.principal().clone(), &call.caller.state);
    let changed = state.people.change_account(who, to, client(&call.caller.request, state)).await?;
    state.ended(&changed.ended);
    Ok(HttpResponse::Ok().json(UserBody::from(changed)))
}

/// The address a request is counted under.
pub fn client(request: &HttpRequest, state: &super::HttpState) -> IpAddr {
    address::client(request, &state.trusted_proxies).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// Forgot a password
///
/// A token goes to the address, if anyone has it; the answer is the same where nobody does.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "auth", request_body = schema::ResetPassword,
    security(()), responses((status = 200, body = Sent)))]
pub async fn reset_password(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let email = bodies::reset_password(asked.fields()?).map_err(HttpError::validation)?;
    asked.state.people.ask_reset(&email, client(&asked.request, &asked.state)).await?;
    Ok(HttpResponse::Ok().json(Sent { sent: true }))
}

/// Set another password with the token that was sent
///
/// Every login of the user ends.
#[utoipa::path(post, path = "/api/v1/auth/change-password", tag = "auth", request_body = schema::ChangePassword,
    security(()), responses((status = 200, body = Changed)))]
pub async fn change_password(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let (token, password) = bodies::change_password(asked.fields()?).map_err(HttpError::validation)?;
    let client = client(&asked.request, &asked.state);
    let ended = asked.state.people.reset_password(token, password, client).await?;
    asked.state.ended(&ended);
    Ok(HttpResponse::Ok().json(Changed { changed: true }))
}
