//! `auth-*` over sockets: the events of specification 003, answered as `/api/v1/auth` answers its calls.
//!
//! What came in is never repeated in an answer, nor logged: it holds passwords and tokens.

use crate::{
    auth::{AuthError, LoginAnswer, Me, Refreshed, Tokens, people::People},
    code::ErrorCode,
    domain::{
        ids::UserId,
        principal::{Principal, Role},
        rejection::Rejection,
    },
    doors::{http, refusal},
    vocabulary::fields::Fields,
};
use bytestring::ByteString;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};

/// What answers them.
#[derive(Clone)]
pub struct Accounts {
    pub tokens: Tokens,
    pub people: People,
}

impl Accounts {
    /// The data of the answer.
    pub async fn answer(
        &self,
        who: Option<Principal>,
        address: Option<IpAddr>,
        event: &str,
        data: &[u8],
    ) -> Result<ByteString, Rejection> {
        let fields = Fields::parse(data)?;
        // Without an address all are counted as one.
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let data = match (event, who) {
            ("auth-login", _) => self.login(fields, address).await?,
            ("auth-register", who) => {
                let new = http::registration(fields).map_err(faults)?;
                tokens(&self.people.register(new, who, address).await.map_err(refused)?)
            }
            ("auth-refresh-token", _) => self.refresh(fields).await?,
            ("auth-reset-password", _) => {
                let mut fields = fields;
                let email = fields.required("email").plain("email");
                let email = fields.finish(email).map_err(faults)?;
                self.people.ask_reset(&email, address).await.map_err(refused)?;
                json!({ "sent": true })
            }
            ("auth-change-password", _) => {
                let mut fields = fields;
                let token = fields.required("resetPasswordToken").secret("resetPasswordToken");
                let password = fields.required("newPassword").secret("newPassword");
                let (token, password) = fields.finish(token.zip(password)).map_err(faults)?;
                self.people.reset_password(token, password, address).await.map_err(refused)?;
                json!({ "changed": true })
            }
            ("auth-get-account", Some(who)) => {
                fields.finish(Some(())).map_err(faults)?;
                let Me { user, role, restaurant, email, name } =
                    self.tokens.me(&who).await.map_err(refused)?;
                account(user, email, name, role, restaurant)
            }
            ("auth-update-account", Some(who)) => {
                let to = http::account_change(fields).map_err(faults)?;
                let (person, _) = self.people.change_account(who, to, address).await.map_err(refused)?;
                account(person.user, Some(person.email), Some(person.name), person.role, person.restaurant)
            }
            ("auth-logout", Some(who)) => {
                fields.finish(Some(())).map_err(faults)?;
                self.people.log_out(&who).await.map_err(refused)?;
                json!({ "loggedOut": true })
            }
            _ => return Err(Rejection::new(ErrorCode::InvalidToken, "Unauthorized")),
        };
        Ok(data.to_string().into())
    }

    async fn login(&self, mut fields: Fields<'_>, address: IpAddr) -> Result<Value, Rejection> {
        let email = fields.required("email").plain("email");
        let password = fields.required("password").secret("password");
        let ttl = fields.integer("ttl", 1..=u64::from(u32::MAX));
        let (email, password) = fields.finish(email.zip(password)).map_err(faults)?;
        let answer = self.tokens.login(&email, password, ttl, address).await.map_err(refused)?;
        Ok(tokens(&answer))
    }

    async fn refresh(&self, mut fields: Fields<'_>) -> Result<Value, Rejection> {
        let token = fields.required("refreshToken").secret("refreshToken");
        let token = fields.finish(token).map_err(faults)?;
        match self.tokens.refresh(token, None).await.map_err(refused)? {
            Refreshed::Answer(answer) => Ok(tokens(&answer)),
            // Its sockets hear of it from the poller of revocations.
            Refreshed::Reused { .. } => Err(Rejection::new(ErrorCode::InvalidToken, "Unauthorized")),
        }
    }
}

fn tokens(answer: &LoginAnswer) -> Value {
    let user = answer.user.clone();
    json!({
        "user": account(user.user, user.email, Some(user.name), user.role, user.restaurant),
        "accessToken": answer.access_token.expose_secret(),
        "refreshToken": answer.refresh_token.expose_secret(),
        "tokenType": LoginAnswer::TOKEN_TYPE,
        "expiresIn": answer.expires_in,
    })
}

fn account(
    user: UserId,
    email: Option<String>,
    name: Option<String>,
    role: Role,
    restaurant: crate::domain::ids::RestaurantId,
) -> Value {
    json!({ "id": user, "email": email, "name": name, "role": role.name(), "restaurantId": restaurant })
}

fn faults(messages: Vec<String>) -> Rejection {
    Rejection { code: ErrorCode::ValidationFailed, messages, current: None }
}

/// As REST words it: of our own failures nothing but that there was one.
fn refused(error: AuthError) -> Rejection {
    let code = error.code();
    match error {
        AuthError::Rejected(rejection) => rejection,
        AuthError::InvalidCredentials => Rejection::new(code, "Invalid credentials"),
        error if matches!(code.face().status, 400 | 403 | 404 | 409 | 429) => {
            Rejection::new(code, error.to_string())
        }
        _ => Rejection::new(code, refusal::words(code)),
    }
}
