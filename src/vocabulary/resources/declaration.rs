//! One declared entity, from what its file says to what the house believes.

use super::naming;
use crate::{
    config::{
        Mistake,
        entities::{self, Declared, DeclaredEntity, DeclaredField, DeclaredRoute, Literal, Switches},
    },
    domain::{
        principal::Role,
        resource::{Broadcast, Entity, Field, Kept, Kind, Number, Route, RouteKind, Value},
    },
    vocabulary::fields::declared::faults,
    wire::event::Vocabulary,
};
use jiff::Timestamp;

/// Characters of a text: what notes have, the most a body should carry, and what an index can hold.
const MAX_LENGTH: usize = 1_000;
const LONGEST: usize = 10_000;
const UNIQUE_LENGTH: usize = 255;
const LONGEST_UNIQUE: usize = 500;
/// Fields of an entity, and bytes of a name.
const MAX_FIELDS: usize = 100;
pub const MAX_NAME: usize = 40;
const MAX_EVENT: usize = 64;
/// Parts of a path.
const MAX_PARTS: usize = 3;
/// Members that every document, or every request, has.
const TAKEN: &[&str] = &[
    "createdAt",
    "eventId",
    "externalId",
    "id",
    "ids",
    "items",
    "limit",
    "list",
    "number",
    "page",
    "seq",
    "updatedAt",
];
/// Parts behind a path that are routes.
const TAKEN_PARTS: &[&str] = &["duplicate", "many"];
/// Where entities can be called, unless the file says otherwise.
const NAMESPACES: &[&str] = &["/", "/api"];

pub fn entity(all: &Declared, declared: &DeclaredEntity) -> Result<Entity, Mistake> {
    let at = format!("{}: entity {}", all.origin, declared.name);
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
    let fields = match kept {
        Kept::Documents => fields(&at, &declared.fields)?,
        Kept::Customers | Kept::Users if !declared.fields.is_empty() => {
            return Err(mistake("it is built in; its fields cannot be declared".to_owned()));
        }
        Kept::Customers => {
            vec![text("name", true, 200), text("email", false, 254), text("phone", false, 254)]
        }
        Kept::Users => vec![text("email", true, 254), text("name", true, 200), text("role", true, 20)],
    };
    let roles = |what: &str, names: &Option<Vec<String>>, usual: &[Role]| match names {
        None => Ok(usual.to_vec()),
        Some(names) => names
            .iter()
            .map(|name| {
                // Documents are a restaurant's: an NGO has none.
                let role = Role::from_name(name).filter(|role| role.is_staff());
                role.ok_or_else(|| mistake(format!("{what}: staff has no role {name}")))
            })
            .collect(),
    };
    let staff = [Role::Waiter, Role::Cashier, Role::Kitchen];
    Ok(Entity {
        name: declared.name.clone(),
        path: path(declared).map_err(mistake)?,
        kept,
        fields,
        routes: routes(all, declared, kept, &at)?,
        read: roles("read", &declared.read, &staff)?,
        write: roles("write", &declared.write, &[Role::Manager])?,
        namespaces: namespaces(all, declared).map_err(mistake)?,
    })
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

fn routes(all: &Declared, declared: &DeclaredEntity, kept: Kept, at: &str) -> Result<Vec<Route>, Mistake> {
    let mistake =
        |route: &DeclaredRoute, what: &str| Mistake::new(format_args!("{at}, route {}: {what}", route.kind));
    for (n, route) in declared.routes.iter().enumerate() {
        let Some(kind) = RouteKind::ALL.into_iter().find(|kind| kind.name() == route.kind) else {
            let known = RouteKind::ALL.map(RouteKind::name).join(", ");
            return Err(mistake(route, &format!("there is no such type; there are {known}")));
        };
        if kept == Kept::Users && !kind.reads() {
            return Err(mistake(route, "users are only read here"));
        }
        if declared.routes[..n].iter().any(|other| other.kind == route.kind) {
            return Err(mistake(route, "it stands there twice"));
        }
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
        match &route.event_name {
            Some(name) if name.is_empty() || name.len() > MAX_EVENT || !name.bytes().all(good) => {
                let what = format!(
                    "eventName must be 1 to {MAX_EVENT} letters, digits, hyphens, underscores or colons"
                );
                return Err(mistake(route, &what));
            }
            _ => {}
        }
    }
    let kinds = RouteKind::ALL.into_iter().filter(|kind| kept != Kept::Users || kind.reads());
    Ok(kinds.map(|kind| route(all, declared, kind)).collect())
}

fn route(all: &Declared, declared: &DeclaredEntity, kind: RouteKind) -> Route {
    let own = declared.routes.iter().find(|route| route.kind == kind.name());
    let levels: [Switches; 3] =
        [own.map(|route| route.switches).unwrap_or_default(), declared.switches, all.switches];
    let (sub_path, api_tag) = (declared.sub_path.as_deref(), declared.api_tag.as_deref());
    let event = own.and_then(|route| route.event_name.clone());
    let broadcast = match levels.iter().find_map(|level| level.broadcast) {
        Some(entities::Broadcast::On) if !kind.reads() => Broadcast::On,
        Some(entities::Broadcast::Legacy) if !kind.reads() => Broadcast::Legacy,
        _ => Broadcast::Off,
    };
    Route {
        kind,
        event: event.unwrap_or_else(|| naming::event(kind, &declared.name, sub_path, api_tag)),
        legacy_event: naming::legacy(kind, &declared.name, sub_path, api_tag),
        socket: levels.iter().find_map(|level| level.web_socket).unwrap_or(false),
        broadcast,
    }
}

/// A field of a built-in entity.
fn text(name: &str, required: bool, max_length: usize) -> Field {
    Field {
        name: name.to_owned(),
        kind: Kind::String,
        required,
        unique: false,
        default: None,
        min: None,
        max: None,
        min_length: 1,
        max_length,
    }
}

fn fields(at: &str, declared: &[DeclaredField]) -> Result<Vec<Field>, Mistake> {
    let mistake = |what: String| Err(Mistake::new(format_args!("{at}: {what}")));
    if declared.is_empty() {
        return mistake("it has no fields".to_owned());
    }
    if declared.len() > MAX_FIELDS {
        return mistake(format!("it has more than {MAX_FIELDS} fields"));
    }
    for (n, one) in declared.iter().enumerate() {
        if declared[..n].iter().any(|other| other.name == one.name) {
            return mistake(format!("field {}: it is declared twice", one.name));
        }
    }
    let one = |declared| {
        field(declared).map_err(|what| Mistake::new(format_args!("{at}, field {}: {what}", declared.name)))
    };
    declared.iter().map(one).collect()
}

/// One field, checked.
pub fn field(declared: &DeclaredField) -> Result<Field, String> {
    if !is_name(&declared.name, char::is_ascii_lowercase) {
        return Err(format!("its name must be letters and digits, a small one first, at most {MAX_NAME}"));
    }
    if TAKEN.contains(&declared.name.as_str()) {
        return Err("this name is the server's own; choose another".to_owned());
    }
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == declared.kind) else {
        let known = Kind::ALL.map(Kind::name).join(", ");
        return Err(format!("there is no type {}; there are {known}", declared.kind));
    };
    let (text, number) = (kind == Kind::String, matches!(kind, Kind::Number | Kind::Integer));
    if !number && (declared.min.is_some() || declared.max.is_some()) {
        return Err(format!("min and max are for numbers, not for {}", kind.name()));
    }
    if !text && (declared.min_length.is_some() || declared.max_length.is_some()) {
        return Err(format!("minLength and maxLength are for string, not for {}", kind.name()));
    }
    let (usual, longest) =
        if declared.unique { (UNIQUE_LENGTH, LONGEST_UNIQUE) } else { (MAX_LENGTH, LONGEST) };
    let min_length = declared.min_length.unwrap_or(0);
    let max_length = declared.max_length.unwrap_or(usual);
    if max_length > longest {
        return Err(format!("maxLength is {max_length}; at most {longest} can be kept"));
    }
    if min_length > max_length || declared.min.zip(declared.max).is_some_and(|(min, max)| min > max) {
        return Err("the least allowed is more than the most".to_owned());
    }
    let mut field = Field {
        name: declared.name.clone(),
        kind,
        required: declared.required,
        unique: declared.unique,
        default: None,
        min: declared.min,
        max: declared.max,
        min_length,
        max_length,
    };
    if let Some(literal) = &declared.default {
        if field.unique {
            return Err("a unique field has no default: the second document would be refused".to_owned());
        }
        let default = default(kind, literal).ok_or_else(|| format!("default is no {}", kind.name()))?;
        if let Some(fault) = faults(&field, &default).first() {
            return Err(format!("default {fault}"));
        }
        field.default = Some(default);
    }
    Ok(field)
}

fn default(kind: Kind, literal: &Literal) -> Option<Value> {
    match (kind, literal) {
        (Kind::String, Literal::Text(text)) => Some(Value::Text(text.clone())),
        (Kind::Boolean, Literal::Boolean(value)) => Some(Value::Boolean(*value)),
        (Kind::Number, Literal::Number(number)) => Number::new(*number).map(Value::Number),
        (Kind::Integer, Literal::Number(number)) => {
            Number::new(*number).filter(|number| number.is_safe_integer()).map(Value::Number)
        }
        (Kind::Date, Literal::Text(text)) => {
            let time: Timestamp = text.parse().ok()?;
            Some(Value::Text(crate::wire::time::Written(time).to_string()))
        }
        _ => None,
    }
}
