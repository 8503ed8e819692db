//! The OpenAPI document against the routes and against itself.

use super::*;
use crate::{
    doors::http::{events, page::MAX_LIMIT, query, routes::ROUTES},
    store::log::MAX_PAGE,
};
use std::collections::BTreeSet;

#[test]
fn the_document_and_the_routes_are_the_same() {
    let document = serde_json::to_value(document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            documented.insert((path.clone(), method.clone()));
        }
    }
    let registered: BTreeSet<_> = ROUTES
        .iter()
        .flat_map(|(path, methods)| methods.iter().map(|method| (path.to_string(), method.to_string())))
        .collect();
    documented.remove(&("/api/v1/events/stream".to_owned(), "get".to_owned()));
    assert_eq!(documented, registered);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_described_responses() {
    let document = serde_json::to_value(document()).unwrap();
    let mut names = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            assert!(names.insert(operation["operationId"].to_string()), "{}", operation["operationId"]);
            for response in operation["responses"].as_object().unwrap().values() {
                assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{operation}");
            }
        }
    }
}

#[test]
fn what_is_optional_bounded_or_one_of_some_is_said_so() {
    let document = serde_json::to_value(document()).unwrap();
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    for path in ["/api/v1/orders/{id}/cancel", "/api/v1/orders/{id}/reopen"] {
        assert_ne!(operation(path, "post")["requestBody"]["required"], true, "{path}");
    }
    assert_eq!(operation("/api/v1/orders", "post")["requestBody"]["required"], true);
    let parameter = |path: &str, method: &str, name: &str| {
        let operation = operation(path, method);
        let all = operation["parameters"].as_array().unwrap();
        all.iter().find(|parameter| parameter["name"] == name).unwrap().clone()
    };
    for (path, most, usual) in [
        ("/api/v1/orders", MAX_LIMIT, query::DEFAULT_LIMIT),
        ("/api/v1/tables", MAX_LIMIT, query::DEFAULT_LIMIT),
        ("/api/v1/table-sessions", MAX_LIMIT, query::DEFAULT_LIMIT),
        ("/api/v1/orders/{id}/history", MAX_LIMIT, query::DEFAULT_LIMIT),
        ("/api/v1/production-orders", MAX_LIMIT, query::DEFAULT_LIMIT),
        ("/api/v1/events", MAX_PAGE.into(), events::DEFAULT_LIMIT.into()),
    ] {
        let limit = &parameter(path, "get", "limit")["schema"];
        assert_eq!((&limit["minimum"], &limit["maximum"]), (&1.into(), &most.into()), "{path}");
        assert_eq!(limit["default"], usual, "{path}");
    }
    assert_eq!(parameter("/api/v1/auth/refresh", "post", "Idempotency-Key")["in"], "header");
    for (path, method) in [("/api/v1/orders/{id}/close", "post"), ("/api/v1/production-orders/{id}", "patch")]
    {
        assert_eq!(parameter(path, method, "If-Match")["in"], "header", "{path}");
    }
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Order"]["properties"]["status"]["$ref"], "#/components/schemas/OrderStatus");
    assert_eq!(schemas["OrderStatus"]["enum"][0], "DRAFT");
    let data = &schemas["Event"]["properties"]["data"];
    assert!(data.to_string().contains("EventData") && schemas["EventData"]["anyOf"].is_array(), "{data}");
}

#[test]
fn every_reference_leads_somewhere() {
    let text = serde_json::to_string(&document()).unwrap();
    let document = serde_json::to_value(document()).unwrap();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
}
