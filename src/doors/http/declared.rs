//! The declared entities, and the declared fields of people, in the documents: from their declaration.

use super::resources::PATHS;
use crate::{
    domain::resource::{Broadcast, Entity, Field, Kept, Kind, RouteKind},
    vocabulary::{
        profile::Declared,
        resources::{
            Catalog,
            bodies::{DEFAULT_LIMIT, MAX_LIMIT, MOST, WINDOW},
        },
        words::Numbering,
    },
};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Adds every entity's paths and shapes to the document.
pub fn extend(document: &mut Value, catalog: &Catalog) {
    for (n, entity) in catalog.entities().iter().enumerate() {
        // One of several declarations of the same documents has its operations named by its path, too.
        let again = catalog.entities()[..n].iter().any(|other| other.name == entity.name);
        let suffix_of_ids =
            if again { format!("_{}", entity.path.replace(['/', '-'], "_")) } else { String::new() };
        for (name, schema) in shapes(entity) {
            document["components"]["schemas"][name] = schema;
        }
        logged(entity, &mut document["components"]["schemas"]["EventData"]["anyOf"]);
        for (suffix, routes) in PATHS {
            let mut item = Map::new();
            for (method, kind) in routes.iter().filter(|(_, kind)| entity.route(*kind).is_some()) {
                item.insert((*method).to_owned(), operation(entity, *kind, &suffix_of_ids));
            }
            if !item.is_empty() {
                document["paths"][format!("/{}{suffix}", entity.path)] = Value::Object(item);
            }
        }
    }
}

/// Adds the fields of people to what is said of them: `schemas` are a document's, or those of them that it has.
pub fn profile(schemas: &mut Value, profile: &Declared) {
    for name in ["User", "Registration", "AccountChange"] {
        let Some(shape) = schemas.get_mut(name) else { continue };
        for field in profile.fields() {
            let is_told = name == "User";
            shape["properties"][&field.name] = if is_told { kept(field) } else { schema(field) };
            if name == "Registration"
                && field.required
                && let Some(required) = shape["required"].as_array_mut()
            {
                required.push(json!(field.name));
            }
        }
    }
    if let (Some(name), Some(shape)) = (profile.login(), schemas.get_mut("Login")) {
        shape["properties"][name] = json!({ "type": "string" });
        shape["required"] = json!(["password"]);
        shape["oneOf"] = json!([{ "required": ["email"] }, { "required": [name] }]);
    }
}

/// What an entity's schema is called: no type of ours has a dot in its name, whatever a house calls its entities.
fn called(entity: &Entity, what: &str) -> String {
    format!("{}.{what}", entity.name)
}

/// An entity's schemas, by their names.
pub fn shapes(entity: &Entity) -> [(String, Value); 3] {
    let named = |what: &str, schema: Value| (called(entity, what), schema);
    [
        named("Document", shape(entity)),
        named("Body", body(entity, true)),
        named("Change", body(entity, false)),
    ]
}

/// One of them: `Document`, as it is read; `Body`, as it is written whole; `Change`.
pub fn reference(entity: &Entity, what: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", called(entity, what)) })
}

fn schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        Kind::String => {
            json!({ "type": "string", "minLength": field.min_length, "maxLength": field.max_length })
        }
        Kind::Number => json!({ "type": "number" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        // A day is its midnight, UTC.
        Kind::Date => json!({ "type": "string", "anyOf": [{ "format": "date-time" }, { "format": "date" }] }),
    };
    if let Some(min) = field.min {
        schema["minimum"] = json!(min);
    }
    if let Some(max) = field.max {
        schema["maximum"] = json!(max);
    }
    schema
}

/// A value as it is told: days were made times.
fn kept(field: &Field) -> Value {
    match field.kind {
        Kind::Date => json!({ "type": "string", "format": "date-time" }),
        _ => schema(field),
    }
}

fn properties<'a>(fields: impl Iterator<Item = &'a Field>) -> Map<String, Value> {
    fields.map(|field| (field.name.clone(), schema(field))).collect()
}

/// The declared fields.
pub fn all_properties(entity: &Entity) -> Map<String, Value> {
    properties(entity.fields.iter())
}

/// Those that a body may have.
pub fn writable_properties(entity: &Entity) -> Map<String, Value> {
    properties(entity.fields.iter().filter(|field| field.writable))
}

/// Those that a whole document must bring.
pub fn required(entity: &Entity) -> Vec<&str> {
    let required =
        entity.fields.iter().filter(|field| field.writable && field.required && field.default.is_none());
    required.map(|field| field.name.as_str()).collect()
}

fn body(entity: &Entity, whole: bool) -> Value {
    let required = if whole { required(entity) } else { Vec::new() };
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": writable_properties(entity),
        "required": required,
    })
}

fn shape(entity: &Entity) -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    let mut all: Map<String, Value> =
        entity.fields.iter().map(|field| (field.name.clone(), kept(field))).collect();
    all.insert("id".to_owned(), json!({ "type": "string", "format": "uuid" }));
    if entity.kept == Kept::Customers {
        all.insert("number".to_owned(), json!({ "type": "integer" }));
    }
    all.insert("createdAt".to_owned(), time.clone());
    all.insert("updatedAt".to_owned(), time);
    let always = entity.fields.iter().filter(|field| field.required).map(|field| field.name.as_str());
    all.insert("externalId".to_owned(), json!({ "type": "string" }));
    let required: Vec<&str> = ["id", "createdAt", "updatedAt"].into_iter().chain(always).collect();
    json!({ "type": "object", "properties": all, "required": required })
}

fn parameter(place: &str, name: &str, required: bool, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": schema })
}

/// What another system called a document.
pub fn external_id() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 200 })
}

fn list(item: Value) -> Value {
    json!({ "type": "array", "items": item })
}

/// What is told of each document that a route has written.
pub fn told(entity: &Entity, kind: RouteKind) -> Value {
    match kind.deletes() {
        true => json!({
            "type": "object", "properties": { "id": { "type": "string", "format": "uuid" } }, "required": ["id"],
        }),
        false => reference(entity, "Document"),
    }
}

/// The same as an event of the log has it: `{items, eventId, seq}`
pub fn numbered(item: &Value) -> Value {
    let items = json!({
        "type": "object", "properties": { "items": list(item.clone()) }, "required": ["items"],
    });
    let numbering = format!("#/components/schemas/{}", Numbering::name());
    json!({ "allOf": [items, { "$ref": numbering }] })
}

/// Adds what the log holds of this entity to the payloads of its events.
fn logged(entity: &Entity, payloads: &mut Value) {
    let Some(payloads) = payloads.as_array_mut() else { return };
    for route in entity.routes.iter().filter(|route| route.broadcast != Broadcast::Off) {
        let payload = numbered(&told(entity, route.kind));
        if !payloads.contains(&payload) {
            payloads.push(payload);
        }
    }
}

/// How a route is answered.
pub fn answered(entity: &Entity, kind: RouteKind) -> Value {
    match kind {
        kind if kind.deletes() => {
            json!({ "type": "object", "properties": { "deletedCount": { "type": "integer" } }, "required": ["deletedCount"] })
        }
        kind if kind.is_many() => list(reference(entity, "Document")),
        _ => reference(entity, "Document"),
    }
}

fn operation(entity: &Entity, kind: RouteKind, suffix: &str) -> Value {
    let name = &entity.name;
    let mut parameters = Vec::new();
    let id = json!({ "type": "string", "format": "uuid" });
    match kind {
        RouteKind::CreateOne | RouteKind::CreateMany => {}
        RouteKind::GetMany => {
            let page = json!({ "type": "integer", "minimum": 1, "maximum": WINDOW, "default": 1 });
            let limit =
                json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT });
            parameters.extend([
                parameter("query", "page", false, &page),
                parameter("query", "limit", false, &limit),
                parameter("query", "cursor", false, &json!({ "type": "string" })),
                parameter("query", "externalId", false, &external_id()),
            ]);
            let fields = entity.fields.iter();
            parameters.extend(fields.map(|field| parameter("query", &field.name, false, &schema(field))));
        }
        kind if kind.is_many() => {
            let ids = json!({ "type": "array", "items": id, "minItems": 1, "maxItems": MOST });
            let mut ids = parameter("query", "ids", true, &ids);
            ids["style"] = json!("form");
            ids["explode"] = json!(false);
            parameters.push(ids);
        }
        _ => parameters.push(parameter("path", "id", true, &id)),
    }
    if !kind.reads() {
        parameters.push(parameter("header", "Idempotency-Key", false, &json!({ "type": "string" })));
    }
    if !matches!(kind, RouteKind::GetMany | RouteKind::GetOne | RouteKind::CreateOne | RouteKind::CreateMany)
    {
        parameters.push(parameter("header", "If-Match", false, &json!({ "type": "string" })));
    }
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let makes = matches!(
        kind,
        RouteKind::CreateOne | RouteKind::CreateMany | RouteKind::DuplicateOne | RouteKind::DuplicateMany
    );
    let refused = json!({
        "description": "Refused; `code` says why",
        "content": content(json!({ "$ref": "#/components/schemas/Error" })),
    });
    let summary = format!("{} of {name}", kind.name());
    let done = json!({ "description": summary, "content": content(answered(entity, kind)) });
    let mut operation = json!({
        "tags": [entity.path],
        "summary": summary,
        "operationId": format!("{}{name}{suffix}", kind.name()),
        "parameters": parameters,
        "responses": { (if makes { "201" } else { "200" }): done, "default": refused },
    });
    let asked = match kind {
        RouteKind::CreateOne | RouteKind::ReplaceOne => Some(reference(entity, "Body")),
        RouteKind::CreateMany => Some(json!({
            "type": "object", "required": ["list"], "properties": { "list": list(reference(entity, "Body")) },
        })),
        RouteKind::UpdateOne | RouteKind::UpdateMany | RouteKind::DuplicateOne | RouteKind::DuplicateMany => {
            Some(reference(entity, "Change"))
        }
        _ => None,
    };
    if kind == RouteKind::GetOne {
        operation["responses"]["304"] = json!({ "description": "As in If-None-Match" });
    }
    if let Some(schema) = asked {
        operation["requestBody"] = json!({ "content": content(schema) });
    }
    operation
}
