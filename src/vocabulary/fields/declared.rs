//! Readers for what a file declares and no type knows: a field's value, lists of ids and of objects.

use super::{Fields, number, time, uuid};
use crate::{
    domain::resource::{Field, Kind, Number, Value},
    store::reads::Cursor,
    vocabulary::cursors,
    wire::time::Written,
};
use serde_json::value::RawValue;
use uuid::Uuid;

/// What is wrong with a value, or with one under the field's demands; class-validator's words.
type Fault = String;

impl<'a> Fields<'a> {
    /// A value of the field's kind, whatever else is demanded of it.
    pub fn of_kind(&mut self, field: &Field) -> Option<Value> {
        let raw = self.value(&field.name)?;
        of_kind(field.kind, raw).map_err(|fault| self.fault(&field.name, fault)).ok()
    }

    /// A value that meets all the field demands; a required field that is absent is at fault where it is to be `whole`.
    pub fn declared(&mut self, field: &Field, whole: bool) -> Option<Value> {
        if whole && field.required && field.default.is_none() {
            self.required(&field.name);
        }
        let value = self.of_kind(field)?;
        let faults = faults(field, &value);
        let is_good = faults.is_empty();
        faults.into_iter().for_each(|fault| self.fault(&field.name, fault));
        is_good.then_some(value)
    }

    /// 1 to `most` ids, each once where it is named twice.
    pub fn ids(&mut self, name: &str, most: usize) -> Option<Vec<Uuid>> {
        let raw = self.required(name).value(name)?;
        let texts = serde_json::from_str::<Vec<String>>(raw).ok();
        let ids = texts.and_then(|texts| texts.iter().map(|text| uuid(text)).collect::<Option<Vec<_>>>());
        let Some(ids) = ids else {
            self.fault(name, "must be an array of UUIDs");
            return None;
        };
        distinct(ids, most).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// 1 to `most` values of a list, as JSON texts.
    pub fn list(&mut self, name: &str, most: usize) -> Option<Vec<&'a RawValue>> {
        let raw = self.required(name).value(name)?;
        let Ok(list) = serde_json::from_str::<Vec<&'a RawValue>>(raw) else {
            self.fault(name, "must be an array");
            return None;
        };
        if list.is_empty() {
            self.fault(name, "should not be empty");
        } else if list.len() > most {
            self.fault(name, format!("must contain no more than {most} elements"));
        } else {
            return Some(list);
        }
        None
    }

    /// The digits of a member that is a whole number, not below 0; what is none is left for another reader.
    pub fn whole(&mut self, name: &str) -> Option<String> {
        let (_, raw) = self.members.iter().find(|(member, _)| member == name)?;
        let is_whole = raw.get().bytes().all(|byte| byte.is_ascii_digit());
        if is_whole { self.take(name).map(str::to_owned) } else { None }
    }

    /// The member's JSON text, whatever it is.
    pub fn raw(&mut self, name: &str) -> Option<&'a str> {
        self.value(name)
    }

    /// An opaque cursor.
    pub fn cursor(&mut self, name: &str) -> Option<Cursor> {
        let text = self.plain(name)?;
        let cursor = cursors::decode(&text);
        if cursor.is_none() {
            self.fault(name, "must be one that an answer gave");
        }
        cursor
    }

    /// A fault that names its members itself.
    pub fn fault_of_all(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// A fault of something within, by its place.
    pub fn at(&mut self, place: &str, fault: &str) {
        self.fault(place, fault);
    }

    /// Faults of its members.
    pub fn within(&mut self, place: &str, faults: Vec<Fault>) {
        self.faults.extend(faults.into_iter().map(|fault| format!("{place}.{fault}")));
    }
}

/// Each id once, in their order; none, or more than `most`, are at fault.
pub fn distinct(ids: Vec<Uuid>, most: usize) -> Result<Vec<Uuid>, Fault> {
    let mut seen = std::collections::HashSet::new();
    let ids: Vec<Uuid> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
    if ids.is_empty() {
        return Err("should not be empty".to_owned());
    }
    if ids.len() > most {
        return Err(format!("must contain no more than {most} elements"));
    }
    Ok(ids)
}

fn of_kind(kind: Kind, raw: &str) -> Result<Value, &'static str> {
    let text = || serde_json::from_str::<String>(raw).ok();
    let number = || number(raw).and_then(Number::new);
    match kind {
        Kind::String => text().ok_or("must be a string").and_then(checked),
        Kind::Boolean => serde_json::from_str(raw).map(Value::Boolean).map_err(|_| "must be a boolean value"),
        Kind::Number => {
            number().map(Value::Number).ok_or("must be a number conforming to the specified constraints")
        }
        Kind::Integer => number()
            .filter(|number| number.is_safe_integer())
            .map(Value::Number)
            .ok_or("must be an integer number"),
        Kind::Date => text().and_then(|text| date(&text)).ok_or("must be a valid ISO 8601 date string"),
    }
}

/// The database has no NUL, and people no use for the others.
fn checked(text: String) -> Result<Value, &'static str> {
    match text.chars().any(|c| c.is_control() && c != '\n') {
        true => Err("must not contain control characters"),
        false => Ok(Value::Text(text)),
    }
}

fn date(text: &str) -> Option<Value> {
    time(text.trim()).map(|time| Value::Text(Written(time).to_string()))
}

/// The value of a parameter's text.
pub fn of_text(kind: Kind, text: &str) -> Result<Value, &'static str> {
    match kind {
        Kind::String => checked(text.to_owned()),
        Kind::Date => date(text).ok_or("must be a valid ISO 8601 date string"),
        // As JSON writes them.
        Kind::Number | Kind::Integer | Kind::Boolean => of_kind(kind, text),
    }
}

/// Everything about the value that the field does not allow.
pub fn faults(field: &Field, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    match value {
        Value::Text(_) if field.kind == Kind::Date => {}
        Value::Text(text) => {
            let length = text.chars().count();
            if (field.required || field.min_length > 0) && text.trim().is_empty() {
                faults.push("should not be empty".to_owned());
            } else if length < field.min_length {
                faults.push(format!("must be longer than or equal to {} characters", field.min_length));
            }
            if length > field.max_length {
                faults.push(format!("must be shorter than or equal to {} characters", field.max_length));
            }
            if text.chars().any(|c| c.is_control() && c != '\n') {
                faults.push("must not contain control characters".to_owned());
            }
        }
        Value::Number(number) => {
            if let Some(min) = field.min.filter(|min| number.get() < *min) {
                faults.push(format!("must not be less than {min}"));
            }
            if let Some(max) = field.max.filter(|max| number.get() > *max) {
                faults.push(format!("must not be greater than {max}"));
            }
        }
        Value::Boolean(_) => {}
    }
    faults
}
