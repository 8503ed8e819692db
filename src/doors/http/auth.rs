//! `/auth`: logging in, refreshing, logging out, and who one is.

use super::{
    caller::{Anonymous, Caller},
    error::HttpError,
    idempotency,
    schema::{Login, RefreshToken},
};
use crate::{
    auth::{AuthError, LoginAnswer, Me, Refreshed},
    code::ErrorCode,
    telemetry::metrics::Login as LoginOutcome,
    vocabulary::names::RoleName,
};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue},
    },
};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A user as their tokens show them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub struct UserBody {
    pub id: Uuid,
    /// Null for a user of another service, and for a device.
    pub email: Option<String>,
    pub name: Option<String>,
    #[schema(value_type = RoleName)]
    pub role: &'static str,
    pub restaurant_id: Uuid,
}

/// A pair of tokens and whose they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tokens)]
pub struct TokensBody<'a> {
    pub access_token: &'a str,
    /// Good once: for the next pair.
    pub refresh_token: &'a str,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Lifetime of the access token in seconds.
    pub expires_in: u64,
    pub user: UserBody,
}

/// Whose the tokens are.
pub fn user(answer: &LoginAnswer) -> UserBody {
    let user = &answer.user;
    UserBody {
        id: user.user.0,
        email: user.email.clone(),
        name: Some(user.name.clone()),
        role: user.role.name(),
        restaurant_id: user.restaurant.0,
    }
}

/// The answer to a login; nobody may keep it (RFC 6749 §5.1).
pub fn tokens(answer: &LoginAnswer, status: StatusCode) -> HttpResponse {
    let body = TokensBody {
        access_token: answer.access_token.expose_secret(),
        refresh_token: answer.refresh_token.expose_secret(),
        token_type: LoginAnswer::TOKEN_TYPE,
        expires_in: answer.expires_in,
        user: user(answer),
    };
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(body)
}

fn count(outcome: &Result<LoginAnswer, AuthError>) -> Option<LoginOutcome> {
    match outcome {
        Ok(_) => Some(LoginOutcome::Accepted),
        Err(AuthError::InvalidCredentials) => Some(LoginOutcome::Refused),
        Err(AuthError::TooManyFailures(_)) => Some(LoginOutcome::Throttled),
        Err(AuthError::Overloaded) => Some(LoginOutcome::Busy),
        Err(_) => None,
    }
}

/// Log in
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = Login, security(()),
    responses((status = 200, body = TokensBody)))]
pub async fn login(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let email = fields.required("email").plain("email");
    let password = fields.required("password").secret("password");
    let ttl = fields.integer("ttl", 1..=u64::from(u32::MAX));
    let (email, password) = fields.finish(email.zip(password)).map_err(HttpError::validation)?;
    let address = super::account::client(&asked.request, &asked.state);
    let outcome = asked.state.tokens.login(&email, password, ttl, address).await;
    if let Some(counted) = count(&outcome) {
        asked.state.metrics.login(counted);
    }
    Ok(tokens(&outcome?, StatusCode::OK))
}

/// Exchange a refresh token for a new pair
///
/// With an `Idempotency-Key` a lost answer is repeated, while the new refresh token is unused. A refresh token that
/// comes a second time otherwise ends the login.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshToken, security(()),
    responses((status = 200, body = TokensBody)))]
pub async fn refresh(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let token = fields.required("refreshToken").secret("refreshToken");
    let token = fields.finish(token).map_err(HttpError::validation)?;
    let key = idempotency::text(asked.request.headers())?;
    match asked.state.tokens.refresh(token, key).await? {
        Refreshed::Answer(answer) => Ok(tokens(&answer, StatusCode::OK)),
        Refreshed::Reused { login, .. } => {
            (asked.state.login_ended)(login);
            Err(ErrorCode::InvalidToken.into())
        }
    }
}

/// End the login a refresh token belongs to
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", request_body = RefreshToken, security(()),
    responses((status = 204, description = "The login is over, whether or not the token was still good")))]
pub async fn logout(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let mut fields = asked.fields()?;
    let token = fields.required("refreshToken").secret("refreshToken");
    let token = fields.finish(token).map_err(HttpError::validation)?;
    if let Some(login) = asked.state.tokens.logout(token).await? {
        (asked.state.login_ended)(login);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Who the token is
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", responses((status = 200, body = UserBody)))]
pub async fn me(caller: Caller) -> Result<HttpResponse, HttpError> {
    let Me { user, role, restaurant, email, name } = caller.state.tokens.me(caller.principal()).await?;
    let body = UserBody { id: user.0, email, name, role: role.name(), restaurant_id: restaurant.0 };
    Ok(HttpResponse::Ok().json(body))
}
