//! `/users`: a restaurant's people, for managers.

use super::{
    answers::replayed,
    caller::{Call, Caller},
    error::HttpError,
    page,
    schema::{Called, NewUser, Page, UserChange},
};
use crate::{
    auth::{
        Email,
        people::{Done, NewPerson, PersonChange},
    },
    domain::{ids::UserId, people::Person, principal::Role, rejection::Rejection, text::Name},
    vocabulary::names::RoleName,
    wire::time::Written,
};
use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A user as managers see them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub struct PersonBody {
    id: Uuid,
    email: String,
    name: String,
    #[schema(value_type = RoleName)]
    role: &'static str,
    restaurant_id: Uuid,
    /// RFC 3339, UTC.
    created_at: String,
    /// What another system called them, where they moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
}

impl From<&Person> for PersonBody {
    fn from(person: &Person) -> Self {
        Self {
            id: person.user.0,
            email: person.email.clone(),
            name: person.name.clone(),
            role: person.role.name(),
            restaurant_id: person.restaurant.0,
            created_at: Written(person.created_at).to_string(),
            external_id: person.external_id.as_ref().map(ToString::to_string),
        }
    }
}

/// List the users, newest first (manager)
#[utoipa::path(get, path = "/api/v1/users", operation_id = "list_users", tag = "people", params(Called, Page),
    responses((status = 200, body = [PersonBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let (asked, called) = caller.page_called()?;
    let read = caller.state.store.people(caller.restaurant(), called.as_ref(), &asked);
    let listed = caller.read(read).await?;
    Ok(page::list(&caller, &listed, PersonBody::from))
}

/// One user (manager)
#[utoipa::path(get, path = "/api/v1/users/{id}", operation_id = "get_user", tag = "people",
    responses((status = 200, body = PersonBody)))]
pub async fn get(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let id = caller.id("id", UserId)?;
    let person = caller.read(caller.state.store.person(caller.restaurant(), id)).await?;
    let person = person.ok_or_else(|| Rejection::not_found("User", id))?;
    Ok(HttpResponse::Ok().json(PersonBody::from(&person)))
}

/// Make a user, in a role not above one's own (manager)
#[utoipa::path(post, path = "/api/v1/users", operation_id = "create_user", tag = "people", request_body = NewUser,
    responses((status = 201, body = PersonBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let mut fields = call.fields()?;
    let email = fields.required("email").parsed("email", Email::parse);
    let name = fields.required("name").text("name", Name::parse);
    let role = fields.required("role").one_of("role", &Role::ALL, Role::name);
    let password = fields.required("password").secret("password");
    let new = email.zip(name).zip(role.zip(password));
    let ((email, name), (role, password)) = fields.finish(new).map_err(HttpError::validation)?;
    let new = NewPerson { email, name, role, password };
    let by = call.caller.principal().clone();
    let done = call.caller.state.people.create(by, new, call.key()?).await?;
    Ok(answer(&call.caller, done, StatusCode::CREATED))
}

/// Change a user's name, address, role or password (manager)
///
/// Another password ends the user's logins; another role is what the user has within 5 s, on live sockets too. One's own
/// address and password are changed at `/auth/me`.
#[utoipa::path(patch, path = "/api/v1/users/{id}", operation_id = "change_user", tag = "people",
    request_body = UserChange, responses((status = 200, body = PersonBody)))]
pub async fn change(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let id = call.caller.id("id", UserId)?;
    let mut fields = call.fields()?;
    let to = PersonChange {
        email: fields.parsed("email", Email::parse),
        name: fields.text("name", Name::parse),
        role: fields.one_of("role", &Role::ALL, Role::name),
        password: fields.secret("password"),
    };
    let to = fields.finish(Some(to)).map_err(HttpError::validation)?;
    let by = call.caller.principal().clone();
    let done = call.caller.state.people.change(by, id, to, call.key()?).await?;
    Ok(answer(&call.caller, done, StatusCode::OK))
}

/// Remove a user: tokens and sockets end, the address is free again (manager)
#[utoipa::path(delete, path = "/api/v1/users/{id}", operation_id = "remove_user", tag = "people",
    responses((status = 204, description = "Removed")))]
pub async fn remove(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let id = call.caller.id("id", UserId)?;
    call.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    let by = call.caller.principal().clone();
    let done = call.caller.state.people.remove(by, id, call.key()?).await?;
    Ok(answer(&call.caller, done, StatusCode::NO_CONTENT))
}

fn answer(caller: &Caller, done: Done, status: StatusCode) -> HttpResponse {
    // At once, and not only when the poller of revocations comes by.
    caller.state.ended(&done.ended);
    let response = match done.outcome {
        Err(rejection) => HttpError::from(rejection).error_response(),
        Ok(Some(person)) => HttpResponse::build(status).json(PersonBody::from(&person)),
        Ok(None) => HttpResponse::NoContent().finish(),
    };
    replayed(response, done.replayed)
}
