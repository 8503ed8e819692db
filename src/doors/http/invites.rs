//! `/invites`: codes that let someone register.

use super::{
    caller::{Call, Caller},
    error::HttpError,
    page,
    schema::{NewInvite, Page},
};
use crate::{
    domain::{ids::InviteId, people::Invite, principal::Role, text::Name},
    vocabulary::names::{InviteStateName, RoleName},
    wire::time::Written,
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An invite; its code is told once, to whoever makes it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invite)]
pub struct InviteBody<'a> {
    id: Uuid,
    #[schema(value_type = RoleName)]
    role: &'static str,
    note: Option<&'a str>,
    #[schema(value_type = InviteStateName)]
    status: &'static str,
    created_by: Uuid,
    created_at: String,
    expires_at: String,
    /// The user who registered with it.
    used_by: Option<Uuid>,
    /// Only in the answer to its making.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl<'a> InviteBody<'a> {
    fn new(invite: &'a Invite, code: Option<&'a str>) -> Self {
        Self {
            id: invite.id.0,
            role: invite.role.name(),
            note: invite.note.as_deref(),
            status: invite.state.name(),
            created_by: invite.created_by.0,
            created_at: Written(invite.created_at).to_string(),
            expires_at: Written(invite.expires_at).to_string(),
            used_by: invite.used_by.map(|user| user.0),
            code,
        }
    }
}

/// List the invites, newest first (manager)
#[utoipa::path(get, path = "/api/v1/invites", operation_id = "list_invites", tag = "people", params(Page),
    responses((status = 200, body = [InviteBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let asked = caller.page()?;
    let listed = caller.read(caller.state.store.invites(caller.restaurant(), &asked)).await?;
    Ok(page::list(&caller, &listed, |invite| InviteBody::new(invite, None)))
}

/// Invite someone, in a role not above one's own (manager)
///
/// The code is shown this once; it is good once, for 7 days.
#[utoipa::path(post, path = "/api/v1/invites", operation_id = "create_invite", tag = "people",
    request_body = NewInvite, responses((status = 201, body = InviteBody)))]
pub async fn create(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let mut fields = call.fields()?;
    let role = fields.required("role").one_of("role", &Role::ALL, Role::name);
    let note = fields.text("note", Name::parse);
    let role = fields.finish(role).map_err(HttpError::validation)?;
    let by = call.caller.principal().clone();
    let made = call.caller.state.people.invite(by, role, note).await?;
    let body = InviteBody::new(&made.invite, Some(made.code.expose_secret()));
    let kept_nowhere = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(HttpResponse::Created().insert_header(kept_nowhere).json(body))
}

/// Take an invite back (manager)
#[utoipa::path(delete, path = "/api/v1/invites/{id}", operation_id = "revoke_invite", tag = "people",
    responses((status = 204, description = "Nobody can use it any more")))]
pub async fn revoke(call: Call) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Manager])?;
    let id = call.caller.id("id", InviteId)?;
    call.fields()?.finish(Some(())).map_err(HttpError::validation)?;
    call.caller.state.people.revoke_invite(call.caller.principal().clone(), id).await?;
    Ok(HttpResponse::NoContent().finish())
}
