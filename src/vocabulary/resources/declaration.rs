//! One declared entity, from what its file says to what the house believes.

mod fields;
mod routes;

use crate::{
    config::{
        Mistake,
        entities::{Declared, DeclaredEntity},
    },
    domain::{
        principal::Role,
        resource::{Entity, Field, Kept},
    },
    wire::event::Vocabulary,
};
pub use fields::field;
use fields::text;

/// Bytes of a name.
pub const MAX_NAME: usize = 40;
/// Parts of a path.
const MAX_PARTS: usize = 3;
/// Parts behind a path that are routes.
const TAKEN_PARTS: &[&str] = &["duplicate", "many"];
/// Where entities can be called, unless the file says otherwise.
const NAMESPACES: &[&str] = &["/", "/api"];

/// Where the entity stands, for people.
pub fn at_entity(all: &Declared, declared: &DeclaredEntity) -> String {
    format!("{}: entity {}", all.origin, declared.name)
}

/// `before` are those that the file has above it: one of the same name has the same documents, and so the same fields.
pub fn entity<'a>(
    all: &Declared,
    declared: &DeclaredEntity,
    before: impl Iterator<Item = &'a Entity>,
) -> Result<Entity, Mistake> {
    let at = at_entity(all, declared);
    let mistake = |what: String| Mistake::new(format_args!("{at}: {what}"));
    if !is_name(&declared.name, char::is_ascii_uppercase) {
        return Err(mistake(format!(
            "its name must be letters and digits, a capital first, at most {MAX_NAME}"
        )));
    }
    let kept = match declared.name.as_str() {
        "Customer" => Kept::Customers,
        "User" => Kept::Users,
        _ => Kept::Documents,
    };
    let mut same = before.filter(|other| other.name == declared.name);
    let fields = match (kept, same.next()) {
        (Kept::Documents, Some(first)) if declared.fields.is_empty() => first.fields.clone(),
        (Kept::Documents, first) => {
            let fields = fields::fields(&at, &declared.fields)?;
            if first.is_some_and(|first| first.fields != fields) {
                return Err(mistake("its fields are not those it has above; leave them out here".to_owned()));
            }
            fields
        }
        _ if !declared.fields.is_empty() => {
            return Err(mistake("it is built in; its fields cannot be declared".to_owned()));
        }
        (Kept::Customers, _) => {
            vec![text("name", true, 200), text("email", false, 254), text("phone", false, 254)]
        }
        // The role is given at /api/v1/users; a password by its owner.
        (Kept::Users, _) => {
            let role = Field { writable: false, ..text("role", true, 20) };
            vec![text("email", true, 254), text("name", true, 200), role]
        }
    };
    Ok(Entity {
        name: declared.name.clone(),
        path: path(declared).map_err(mistake)?,
        kept,
        fields,
        routes: routes::routes(all, declared)?,
        namespaces: namespaces(all, declared).map_err(mistake)?,
    })
}

/// Roles of staff by their names; `usual` where none are named.
fn roles(what: &str, names: &Option<Vec<String>>, usual: &[Role]) -> Result<Vec<Role>, String> {
    let Some(names) = names else { return Ok(usual.to_vec()) };
    if names.is_empty() {
        return Err(format!("{what}: there is no role in it"));
    }
    let role = |name: &String| {
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        role.ok_or_else(|| format!("{what}: staff has no role {name}"))
    };
    names.iter().map(role).collect()
}

fn is_name(name: &str, first: fn(&char) -> bool) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|c| first(&c))
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn path(declared: &DeclaredEntity) -> Result<String, String> {
    let path = declared.path.as_deref().ok_or("path is missing")?;
    let whole = declared.sub_path.iter().fold(path.to_owned(), |path, sub| format!("{path}/{sub}"));
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    if whole.split('/').count() > MAX_PARTS || !whole.split('/').all(part) {
        return Err(format!(
            "path {whole} must be one to {MAX_PARTS} parts of small letters, digits and hyphens, like \"products\""
        ));
    }
    match whole.split('/').skip(1).find(|part| TAKEN_PARTS.contains(part)) {
        Some(part) => Err(format!("path {whole}: {part} is a route's; choose another")),
        None => Ok(whole),
    }
}

fn namespaces(all: &Declared, declared: &DeclaredEntity) -> Result<Vec<String>, String> {
    let named = declared.namespaces.clone().or_else(|| all.namespaces.clone());
    let named = named.unwrap_or_else(|| NAMESPACES.iter().map(|&name| name.to_owned()).collect());
    let speaks = |name: &&String| {
        let words = Vocabulary::of_namespace(name);
        !matches!(words, Some(Vocabulary::Restaurant | Vocabulary::Resources))
    };
    match named.iter().find(speaks) {
        Some(name) => Err(format!("namespaces: {name} is none of {}", NAMESPACES.join(", "))),
        None => Ok(named),
    }
}
