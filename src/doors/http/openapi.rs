//! The OpenAPI document (3.1), from the handlers' own annotations.

use super::{routes, schema};
use crate::{
    doors::refusal::ErrorBody,
    vocabulary::{body, production::ProductionOrderBody},
};
use std::collections::BTreeMap;
use utoipa::{
    OpenApi,
    openapi::{
        self, Content, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Schema, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "comanda",
        description = "Restaurant orders over REST. Live events come over Socket.IO, a plain WebSocket (`/ws`) and server-sent events (`/api/v1/events/stream`): see `/asyncapi.json`."
    ),
    paths(event_stream),
    components(schemas(
        ErrorBody, body::ItemBody, body::OrderBody, body::TableBody, body::TableSessionBody, ProductionOrderBody,
        schema::Why,
    )),
    security(("token" = [])),
)]
struct Document;

/// Follow the stream as server-sent events
///
/// Each event's `id` is `epoch:seq`; `Last-Event-ID` resumes. A comment breaks every 2 s of silence.
#[utoipa::path(get, path = "/api/v1/events/stream", tag = "live",
    params(
        ("ticket" = Option<String>, Query, description = "In place of the token, which a browser cannot send here"),
        ("Last-Event-ID" = Option<String>, Header, description = "`epoch:seq`, or a bare seq")),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
#[expect(dead_code, reason = "another door's route, documented here because the document is one")]
fn event_stream() {}

/// The document.
pub fn document() -> openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(routes::Documented::openapi());
    say_once(&mut document);
    document
}

/// Paths to things whose version a write may be conditional on.
const VERSIONED: [&str; 6] = [
    "-orders/{id}",
    "/orders/{id}",
    "/donations/{id}",
    "/stations/{id}",
    "/menu/items/{id}",
    "/menu/categories/{id}",
];

/// What holds for every operation, said once.
fn say_once(document: &mut openapi::OpenApi) {
    let components = document.components.get_or_insert_with(Default::default);
    let bearer = |what: &str| {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(what.to_owned());
        SecurityScheme::Http(scheme)
    };
    components.add_security_scheme("token", bearer("The access token of a login"));
    components.add_security_scheme("metricsToken", bearer("The setting metrics.token"));
    let schemas = components.schemas.clone();
    for (path, item) in &mut document.paths.paths {
        let keyed = (path.starts_with("/api/v1/") || is_admin(path))
            && !path.contains("/auth/")
            && !path.ends_with("/ticket")
            && !["/api/v1/invites", "/api/v1/devices", "/api/v1/demo"]
                .iter()
                .any(|whole| path.starts_with(whole));
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
            .into_iter()
            .flatten()
        {
            refusal(operation);
            body(operation, &schemas);
            if path.ends_with("/auth/refresh") {
                let key = "Repeated with it, a refresh whose answer was lost is answered again";
                header(operation, "Idempotency-Key", key);
            }
            identify(operation, path);
        }
        for operation in
            [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
        {
            if keyed {
                let key = "A name for this request: repeated with it, it is answered again and not done \
                           again. Without a token it must be random, of 22 characters or more";
                header(operation, "Idempotency-Key", key);
            }
            if keyed && VERSIONED.iter().any(|part| path.contains(part)) {
                header(
                    operation,
                    "If-Match",
                    "Refused with 412 unless the version is one of these entity tags",
                );
            }
        }
    }
}

/// No body counts as an empty one, so it is required where a member of it is.
fn body(operation: &mut Operation, schemas: &BTreeMap<String, RefOr<Schema>>) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    let Some(RefOr::T(Content { schema: Some(schema), .. })) = body.content.values().next() else { return };
    let schema = match schema {
        RefOr::Ref(to) => to.ref_location.rsplit('/').next().and_then(|name| schemas.get(name)),
        RefOr::T(_) => Some(schema),
    };
    if let Some(RefOr::T(Schema::Object(object))) = schema {
        let required = if object.required.is_empty() { Required::False } else { Required::True };
        body.required = Some(required);
    }
}

/// Specification 000's paths.
fn is_admin(path: &str) -> bool {
    path.starts_with("/orders")
}

/// Path parameters: all are ids, which specification 000 has as numbers.
fn identify(operation: &mut Operation, path: &str) {
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let id = match is_admin(path) {
            true => ObjectBuilder::new().schema_type(Type::Integer),
            false => ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(openapi::SchemaFormat::Custom("uuid".to_owned()))),
        };
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(id.build()));
        parameters(operation).push(RefOr::T(parameter.build()));
    }
}

fn header(operation: &mut Operation, name: &str, description: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text.build()));
    parameters(operation).push(RefOr::T(parameter.build()));
}

fn parameters(operation: &mut Operation) -> &mut Vec<RefOr<Parameter>> {
    operation.parameters.get_or_insert_with(Vec::new)
}

fn refusal(operation: &mut Operation) {
    let response = ResponseBuilder::new()
        .description("Refused; `code` says why")
        .content("application/json", Content::new(Some(Ref::from_schema_name("Error"))));
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response.build()));
    // OpenAPI 3.1 demands a description of every response.
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = operation.summary.clone().unwrap_or_default();
        }
    }
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
