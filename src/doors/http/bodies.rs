//! What `/auth` is asked, read: over REST and over sockets alike. What comes in holds passwords, and is never repeated.

use crate::{
    auth::{
        Email,
        people::{AccountChange, Registration},
    },
    domain::{money::Currency, profile::LoginBy, text::Name},
    vocabulary::{fields::Fields, profile::Declared},
};
use secrecy::SecretString;

/// Everything that is wrong with a body.
type Faults = Vec<String>;

/// Who wants in, and for how many seconds an access token is to live.
pub struct Login {
    pub by: LoginBy,
    pub password: SecretString,
    pub ttl: Option<u64>,
}

/// `{email, password, ttl?}`, or what `auth.login_field` names in place of the address
pub fn login(mut fields: Fields<'_>, declared: &Declared) -> Result<Login, Faults> {
    let by = declared.who(&mut fields);
    let password = fields.required("password").secret("password");
    let ttl = fields.integer("ttl", 1..=u64::from(u32::MAX));
    let (by, password) = fields.finish(by.zip(password))?;
    Ok(Login { by, password, ttl })
}

/// `{refreshToken}`
pub fn refresh_token(mut fields: Fields<'_>) -> Result<SecretString, Faults> {
    let token = fields.required("refreshToken").secret("refreshToken");
    fields.finish(token)
}

/// `{email, password, name, inviteCode?, restaurantName?, currency?, …}`
pub fn registration(mut fields: Fields<'_>, declared: &Declared) -> Result<Registration, Faults> {
    let email = fields.required("email").parsed("email", Email::parse);
    let password = fields.required("password").secret("password");
    let name = fields.required("name").text("name", Name::parse);
    let invite = fields.secret("inviteCode");
    let restaurant = fields.text("restaurantName", Name::parse);
    let currency = fields.parsed("currency", currency);
    let profile = declared.read(&mut fields, true);
    let ((email, password), name) = fields.finish(email.zip(password).zip(name))?;
    Ok(Registration { email, name, password, invite, restaurant, currency, profile })
}

fn currency(code: &str) -> Result<Currency, &'static str> {
    Currency::from_code(code).ok_or("currency must be a valid ISO4217 currency code")
}

/// `{name?, email?, password?, currentPassword?, …}`
pub fn account_change(mut fields: Fields<'_>, declared: &Declared) -> Result<AccountChange, Faults> {
    let to = AccountChange {
        name: fields.text("name", Name::parse),
        email: fields.parsed("email", Email::parse),
        password: fields.secret("password"),
        current: fields.secret("currentPassword"),
        profile: declared.read(&mut fields, false),
    };
    fields.finish(Some(to))
}

/// `{email}`
pub fn reset_password(mut fields: Fields<'_>) -> Result<String, Faults> {
    let email = fields.required("email").plain("email");
    fields.finish(email)
}

/// `{resetPasswordToken, newPassword}`
pub fn change_password(mut fields: Fields<'_>) -> Result<(SecretString, SecretString), Faults> {
    let token = fields.required("resetPasswordToken").secret("resetPasswordToken");
    let password = fields.required("newPassword").secret("newPassword");
    fields.finish(token.zip(password))
}
