//! `/auth`: logging in, refreshing, logging out, and who one is.

use super::{
    bodies,
    caller::{Anonymous, Caller},
    error::HttpError,
    idempotency,
    on_board::OnBoard,
    schema::{Login, RefreshToken},
};
use crate::{
    auth::{AuthError, LoginAnswer, Me, Refreshed, people::Account},
    code::ErrorCode,
    domain::{
        ids::{RestaurantId, UserId},
        principal::Role,
        resource::Fields,
    },
    telemetry::metrics::{Login as LoginOutcome, Metrics},
    vocabulary::{names::RoleName, profile},
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
use std::collections::BTreeMap;
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
    /// Of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<Uuid>,
    /// In its place, of an NGO's user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Uuid>,
    /// What `auth.additional_fields` declares, as far as it was given.
    #[serde(flatten)]
    #[schema(ignore)]
    pub profile: BTreeMap<String, serde_json::Value>,
}

impl UserBody {
    fn new(
        user: UserId,
        (email, name): (Option<String>, Option<String>),
        role: Role,
        tenant: RestaurantId,
        profile: &Fields,
    ) -> Self {
        let ngo = role == Role::Ngo;
        Self {
            id: user.0,
            email,
            name,
            role: role.name(),
            restaurant_id: (!ngo).then_some(tenant.0),
            organization_id: ngo.then_some(tenant.0),
            profile: profile::members(profile),
        }
    }
}

impl From<&LoginAnswer> for UserBody {
    fn from(LoginAnswer { user, profile, .. }: &LoginAnswer) -> Self {
        let told = (user.email.clone(), Some(user.name.clone()));
        Self::new(user.user, told, user.role, user.restaurant, profile)
    }
}

impl From<Me> for UserBody {
    fn from(me: Me) -> Self {
        Self::new(me.user, (me.email, me.name), me.role, me.restaurant, &me.profile)
    }
}

impl From<Account> for UserBody {
    fn from(Account { person, profile, .. }: Account) -> Self {
        let told = (Some(person.email), Some(person.name));
        Self::new(person.user, told, person.role, person.restaurant, &profile)
    }
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

impl<'a> From<&'a LoginAnswer> for TokensBody<'a> {
    fn from(answer: &'a LoginAnswer) -> Self {
        Self {
            access_token: answer.access_token.expose_secret(),
            refresh_token: answer.refresh_token.expose_secret(),
            token_type: LoginAnswer::TOKEN_TYPE,
            expires_in: answer.expires_in,
            user: UserBody::from(answer),
        }
    }
}

/// The answer to a login; nobody may keep it (RFC 6749 §5.1).
pub fn tokens(answer: &LoginAnswer, status: StatusCode) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(TokensBody::from(answer))
}

/// Counts what became of a login, whichever way it was asked for.
pub fn counted(metrics: &Metrics, outcome: &Result<LoginAnswer, AuthError>) {
    metrics.login(match outcome {
        Ok(_) => LoginOutcome::Accepted,
        Err(AuthError::InvalidCredentials) => LoginOutcome::Refused,
        Err(AuthError::TooManyFailures(_)) => LoginOutcome::Throttled,
        Err(AuthError::Overloaded) => LoginOutcome::Busy,
        Err(_) => return,
    });
}

/// Log in
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = Login, security(()),
    responses((status = 200, body = TokensBody)))]
pub async fn login(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let login = bodies::login(asked.fields()?, &asked.state.profile).map_err(HttpError::validation)?;
    let address = super::account::client(&asked.request, &asked.state);
    let outcome = asked.state.tokens.login(login.by, login.password, login.ttl, address).await;
    counted(&asked.state.metrics, &outcome);
    Ok(tokens(&outcome?, StatusCode::OK))
}

/// Exchange a refresh token for a new pair
///
/// With an `Idempotency-Key` a lost answer is repeated, while the new refresh token is unused. A refresh token that
/// comes a second time otherwise ends the login.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshToken, security(()),
    responses((status = 200, body = TokensBody)))]
pub async fn refresh(asked: Anonymous) -> Result<HttpResponse, HttpError> {
    let token = bodies::refresh_token(asked.fields()?).map_err(HttpError::validation)?;
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
    let token = bodies::refresh_token(asked.fields()?).map_err(HttpError::validation)?;
    if let Some(login) = asked.state.tokens.logout(token).await? {
        (asked.state.login_ended)(login);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Who the token is
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", responses((status = 200, body = UserBody)))]
pub async fn me(OnBoard(caller): OnBoard<Caller>) -> Result<HttpResponse, HttpError> {
    let me = caller.state.tokens.me(caller.principal()).await?;
    Ok(HttpResponse::Ok().json(UserBody::from(me)))
}
