//! `/people/log`: who did what to whom.

use super::{
    caller::Caller,
    error::HttpError,
    page,
    schema::{Page, PeopleLogFilter},
};
use crate::{
    domain::{people::Noted, principal::Role},
    vocabulary::names::{DeedName, RoleName},
    wire::time::Written,
};
use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What somebody did to a user, an invite or a device. Kept for good; nobody can change or delete it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PeopleLogEntry)]
pub struct NotedBody<'a> {
    id: Uuid,
    at: String,
    #[schema(value_type = DeedName)]
    action: &'static str,
    actor_id: Uuid,
    /// Also of somebody who was removed since; null for a user of another service.
    actor_name: Option<&'a str>,
    /// A user, a device, or an invite, which has no name.
    subject_id: Uuid,
    subject_name: Option<&'a str>,
    /// Of whom was made, removed, let in or invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RoleName>)]
    role: Option<&'static str>,
    /// What was changed; neither what it was nor what it is.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    fields: &'a [String],
    /// The role before and after, where that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RoleName>)]
    from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RoleName>)]
    to: Option<&'static str>,
    /// With which somebody registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    invite_id: Option<Uuid>,
}

impl<'a> From<&'a Noted> for NotedBody<'a> {
    fn from(noted: &'a Noted) -> Self {
        let Noted { id, at, deed, actor, actor_name, subject, subject_name, detail } = noted;
        Self {
            id: *id,
            at: Written(*at).to_string(),
            action: deed.name(),
            actor_id: actor.0,
            actor_name: actor_name.as_deref(),
            subject_id: *subject,
            subject_name: subject_name.as_deref(),
            role: detail.role.map(Role::name),
            fields: &detail.fields,
            from: detail.from.map(Role::name),
            to: detail.to.map(Role::name),
            invite_id: detail.invite.map(|invite| invite.0),
        }
    }
}

/// Who did what to users, invites and devices, newest first (manager)
#[utoipa::path(get, path = "/api/v1/people/log", operation_id = "people_log", tag = "people",
    params(PeopleLogFilter, Page), responses((status = 200, body = [NotedBody])))]
pub async fn list(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.require(&[Role::Manager])?;
    let mut query = caller.query();
    let subject = query.id("subject", |id| id);
    let asked = query.page();
    query.finish()?;
    let listed = caller.read(caller.state.store.people_log(caller.restaurant(), subject, &asked)).await?;
    Ok(page::list(&caller, &listed, NotedBody::from))
}
