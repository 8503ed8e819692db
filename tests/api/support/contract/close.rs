//! Schemas of a document, closed: what they do not name may not be there. Compiled once each.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The validators of one document.
pub struct Checks {
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Checks {
    pub fn new(document: &Value) -> Self {
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let all = |whole: bool| -> Map<String, Value> {
            schemas.iter().map(|(name, schema)| (name.clone(), closed(schema, whole))).collect()
        };
        // A part of another shape is open: the whole is closed.
        let components = json!({ "schemas": all(true), "parts": all(false) });
        Self { components, compiled: Mutex::default() }
    }

    /// What is wrong with a value.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let key = schema.to_string();
        let known = self.compiled.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let validator = known.unwrap_or_else(|| {
            let root = json!({ "components": self.components, "allOf": [closed(schema, true)] });
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            let validator =
                Arc::new(options.build(&root).unwrap_or_else(|error| panic!("{schema}: {error}")));
            self.compiled.lock().unwrap_or_else(PoisonError::into_inner).insert(key, validator.clone());
            validator
        });
        let faults = validator.iter_errors(value);
        faults.map(|fault| format!("at {}: {fault}", fault.instance_path())).collect()
    }
}

/// The same schema without room for more. `whole` is false for a part of another one, which is closed instead.
pub fn closed(schema: &Value, whole: bool) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let each = |value: &Value, whole: bool| -> Value {
        value.as_array().into_iter().flatten().map(|item| closed(item, whole)).collect()
    };
    let mut made: Map<String, Value> = Map::new();
    for (name, value) in members {
        let value = match name.as_str() {
            "properties" => {
                let all = value.as_object().into_iter().flatten();
                all.map(|(name, value)| (name.clone(), closed(value, true))).collect()
            }
            "items" => closed(value, true),
            "additionalProperties" => closed(value, true),
            "allOf" => each(value, false),
            "anyOf" | "oneOf" => each(value, whole),
            "$ref" if !whole => {
                json!(
                    value.as_str().unwrap_or_default().replace("/components/schemas/", "/components/parts/")
                )
            }
            _ => value.clone(),
        };
        made.insert(name.clone(), value);
    }
    let is_object = members.contains_key("properties") || members.contains_key("allOf");
    if whole && is_object && !members.contains_key("additionalProperties") {
        made.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    Value::Object(made)
}
