//! The fields of a declared entity.

use super::{MAX_NAME, is_name};
use crate::{
    config::{
        Mistake,
        entities::{DeclaredField, Literal},
    },
    domain::resource::{Field, Kind, MAX_FIELDS, Number, Value},
    store::declared::LONGEST_UNIQUE,
    vocabulary::fields::declared::faults,
};
use jiff::Timestamp;

/// Characters of a text: what notes have, the most a body should carry, and what an index can hold.
const MAX_LENGTH: usize = 1_000;
const LONGEST: usize = 10_000;
const UNIQUE_LENGTH: usize = 255;
/// Members that every document, or every request, has.
const TAKEN: &[&str] = &[
    "createdAt",
    "cursor",
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

/// A field of a built-in entity.
pub fn text(name: &str, required: bool, max_length: usize) -> Field {
    Field {
        name: name.to_owned(),
        kind: Kind::String,
        required,
        writable: true,
        unique: false,
        default: None,
        min: None,
        max: None,
        min_length: 1,
        max_length,
    }
}

pub fn fields(at: &str, declared: &[DeclaredField]) -> Result<Vec<Field>, Mistake> {
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
        writable: true,
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
