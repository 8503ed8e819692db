//! Documents between their column and the domain, exact: no number loses a digit on the way.

use super::{StoreError, rows};
use crate::domain::{
    ids::ResourceId,
    resource::{Document, Entity, Fields, Number, Value},
};
use serde_json::{Map, Value as Json, value::RawValue};
use std::collections::{BTreeMap, HashMap};
use tokio_postgres::Row;

/// The column `body` of these fields; also what a document must contain to have them.
pub(super) fn column(fields: &Fields) -> Json {
    let members = fields.iter().map(|(name, value)| (name.clone(), json(value)));
    Json::Object(members.collect::<Map<_, _>>())
}

pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Number(number) => Json::from(number.get()),
        Value::Boolean(boolean) => Json::from(*boolean),
    }
}

/// Everything in such a column, read as text, in the order of names; `None` for what no field can hold.
pub(super) fn all(text: &str) -> Option<Fields> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    members.into_iter().map(|(name, raw)| Some((name, value(raw.get())?))).collect()
}

/// id, number, body (as text), version, created_at, updated_at, external_id. What the entity does not declare any more is left out.
pub(super) fn document(entity: &Entity, row: &Row) -> Result<Document, StoreError> {
    let id = ResourceId(row.get("id"));
    let corrupt = |what: &str| StoreError::Corrupt(format!("document {id}: {what}"));
    let mut members: HashMap<String, &RawValue> =
        serde_json::from_str(row.get("body")).map_err(|_| corrupt("its body"))?;
    let mut fields = Fields::new();
    for field in &entity.fields {
        let Some(raw) = members.remove(&field.name) else { continue };
        fields.push((field.name.clone(), value(raw.get()).ok_or_else(|| corrupt(&field.name))?));
    }
    Ok(Document {
        id,
        number: row.get::<_, Option<i64>>("number").and_then(|number| u64::try_from(number).ok()),
        fields,
        version: u32::try_from(row.get::<_, i32>("version")).map_err(|_| corrupt("its version"))?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        external_id: rows::external_id(row)?,
    })
}

/// A number is read by the standard library, which is exact.
fn value(raw: &str) -> Option<Value> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok().map(Value::Text),
        b't' | b'f' => serde_json::from_str(raw).ok().map(Value::Boolean),
        b'-' | b'0'..=b'9' => Number::new(raw.parse().ok()?).map(Value::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_survive_their_text(bits in any::<u64>()) {
            if let Some(number) = Number::new(f64::from_bits(bits)) {
                let fields = vec![("n".to_owned(), Value::Number(number))];
                let text = column(&fields)["n"].to_string();
                prop_assert_eq!(value(&text), Some(Value::Number(number)), "{}", text);
                prop_assert_eq!(value(&number.to_string()), Some(Value::Number(number)), "{}", number);
            }
        }
    }
}
