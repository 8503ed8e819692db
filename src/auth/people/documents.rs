//! A user as a document of the dynamic API: what a body says of one, and what is shown.

use crate::{
    auth::{AuthError, Email},
    domain::{
        ids::ResourceId,
        people::Person,
        profile::{LoginName, Profile},
        rejection::Rejection,
        resource::{Change, Document, Entity, Fields, Value, value},
        text::Name,
    },
};

/// Every user's; all else is what the house declares.
const BUILT_IN: [&str; 3] = ["email", "name", "role"];

/// What a body says, as far as it does.
pub struct Written {
    pub email: Option<Email>,
    pub name: Option<Name>,
    pub profile: Profile,
}

/// `login` is the declared field that people log in by.
pub fn read(fields: &Fields, login: Option<&str>) -> Result<Written, AuthError> {
    let email = text(fields, "email").map(|text| Email::parse(text.trim())).transpose();
    let email = email.map_err(|fault| Rejection::invalid(fault.to_string()))?;
    let name = text(fields, "name").map(parse_name).transpose()?;
    let declared = fields.iter().filter(|(name, _)| !BUILT_IN.contains(&name.as_str())).cloned().collect();
    let profile = Profile { login: login_name(fields, login)?, fields: declared };
    Ok(Written { email, name, profile })
}

/// The name to log in by that these fields hold.
pub fn login_name(fields: &Fields, login: Option<&str>) -> Result<Option<LoginName>, AuthError> {
    let Some((field, typed)) = login.and_then(|field| Some((field, text(fields, field)?))) else {
        return Ok(None);
    };
    let name = LoginName::parse(field, typed);
    name.map(Some).ok_or_else(|| Rejection::invalid(format!("{field} should not be empty")).into())
}

/// What a copy has of it: nobody's name to log in by.
pub fn copied(profile: Fields, entity: &Entity, login: Option<&str>) -> Fields {
    let kept = |name: &str| Some(name) != login && entity.field(name).is_some();
    profile.into_iter().filter(|(name, _)| kept(name)).collect()
}

/// Whether somebody may come to have another address or name to log in by.
pub fn takes(change: &Change, login: Option<&str>) -> bool {
    match change {
        Change::Create(_) | Change::Duplicate { .. } => true,
        Change::Update { fields, .. } | Change::Replace { fields, .. } => {
            text(fields, "email").is_some() || login.is_some_and(|login| text(fields, login).is_some())
        }
        Change::Delete(_) => false,
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    match value(fields, name) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

pub fn parse_name(text: &str) -> Result<Name, AuthError> {
    Name::parse(text).map_err(|fault| Rejection::invalid(format!("name {fault}")).into())
}

/// What is shown of a user, with what the house keeps beside.
pub fn document(entity: &Entity, person: &Person, profile: Option<&Fields>) -> Document {
    let text = |name: &str, text: &str| (name.to_owned(), Value::Text(text.to_owned()));
    let mut fields =
        vec![text("email", &person.email), text("name", &person.name), text("role", person.role.name())];
    let declared = entity.fields.iter().filter(|field| !BUILT_IN.contains(&field.name.as_str()));
    fields.extend(declared.filter_map(|field| {
        let kept = value(profile?, &field.name)?;
        Some((field.name.clone(), kept.clone()))
    }));
    Document {
        id: ResourceId(person.user.0),
        number: None,
        fields,
        external_id: person.external_id.clone(),
        version: person.version,
        created_at: person.created_at,
        updated_at: person.updated_at,
    }
}
