//! `/auth/register`, and what changes one's own account.

use super::{
    auth::{UserBody, tokens},
    caller::{Anonymous, Call},
    error::HttpError,
    schema,
};
use crate::{
    auth::{
        Email,
        people::{AccountChange, Registration},
    },
    code::ErrorCode,
    domain::{money::Currency, text::Name},
    doors::{address, bearer::Authorization},
    vocabulary::fields::Fields,
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
    let new = registration(asked.fields()?).map_err(HttpError::validation)?;
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

/// `{email, password, name, inviteCode?, restaurantName?, currency?}`
pub fn registration(mut fields: Fields<'_>) -> Result<Registration, Vec<String>> {
    let email = fields.required("email").parsed("email", Email::parse);
    let password = fields.required("password").secret("password");
    let name = fields.required("name").text("name", Name::parse);
    let invite = fields.secret("inviteCode");
    let restaurant = fields.text("restaurantName", Name::parse);
    let currency = fields.parsed("currency", currency);
    let new = email.zip(password).zip(name);
    let ((email, password), name) = fields.finish(new)?;
    Ok(Registration { email, name, password, invite, restaurant, currency })
}

fn currency(code: &str) -> Result<Currency, &'static str> {
    Currency::from_code(code).ok_or("currency must be a valid ISO4217 currency code")
}

/// Change one's own account
///
/// The name for the asking; another address or password asks for `currentPassword`. Another password ends one's other logins.
#[utoipa::path(patch, path = "/api/v1/auth/me", operation_id = "change_me", tag = "auth", request_body = schema::AccountChange,
    responses((status = 200, body = UserBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    let to = account_change(call.fields()?).map_err(HttpError::validation)?;
    let (who, state) = (call.caller.principal().clone(), &call.caller.state);
    let (person, ended) = state.people.change_account(who, to, client(&call.caller.request, state)).await?;
    ended.into_iter().for_each(|login| (state.login_ended)(login));
    Ok(HttpResponse::Ok().json(UserBody {
        id: person.user.0,
        email: Some(person.email),
        name: Some(person.name),
        role: person.role.name(),
        restaurant_id: person.restaurant.0,
    }))
}

/// `{name?, email?, password?, currentPassword?}`
pub fn account_change(mut fields: Fields<'_>) -> Result<AccountChange, Vec<String>> {
    let to = AccountChange {
        name: fields.text("name", Name::parse),
        email: fields.parsed("email", Email::parse),
        password: fields.secret("password"),
        current: fields.secret("currentPassword"),
    };
    fields.finish(Some(to))
}

/// The address a request is counted under.
pub fn client(request: &HttpRequest, state: &super::HttpState) -> IpAddr {
    address::client(request, &state.trusted_proxies).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// Forgot a password
///
/// A token goes to the address, if anyone has it; the answer is the same where nobody does.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "auth", request_body = schema::ResetPassword,
    security(()), responses((status = 200, body = schema::Sent)))]
pub async fn reset_password(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let email = fields.required("email").plain("email");
    let email = fields.finish(email).map_err(HttpError::validation)?;
    asked.state.people.ask_reset(&email, client(&asked.request, &asked.state)).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "sent": true })))
}

/// Set another password with the token that was sent
///
/// Every login of the user ends.
#[utoipa::path(post, path = "/api/v1/auth/change-password", tag = "auth", request_body = schema::ChangePassword,
    security(()), responses((status = 200, body = schema::Changed)))]
pub async fn change_password(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let token = fields.required("resetPasswordToken").secret("resetPasswordToken");
    let password = fields.required("newPassword").secret("newPassword");
    let (token, password) = fields.finish(token.zip(password)).map_err(HttpError::validation)?;
    let client = client(&asked.request, &asked.state);
    let ended = asked.state.people.reset_password(token, password, client).await?;
    ended.into_iter().for_each(|login| (asked.state.login_ended)(login));
    Ok(HttpResponse::Ok().json(serde_json::json!({ "changed": true })))
}
