//! Pages for people: the API to try out, and the specification's own client.

use super::error::HttpError;
use crate::code::ErrorCode;
use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::header::{CONTENT_TYPE, LOCATION},
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The client of specification 004; from disk its origin would be `null`.
const EXAMPLE_004: &str = include_str!("examples/004.html");
const EXAMPLE_004_JS: &str = include_str!("examples/004.js");

/// The page under `/docs/`, its assets in the binary; nothing is asked of another host.
pub fn docs() -> SwaggerUi {
    let config = Config::new(["/openapi.json"]).validator_url("none").persist_authorization(false);
    SwaggerUi::new("/docs/{_:.*}").config(config)
}

/// `/docs`
pub async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// `/examples/004.html`
pub async fn example_004() -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(EXAMPLE_004)
}

/// `/examples/004.js`
pub async fn example_004_js() -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8")).body(EXAMPLE_004_JS)
}

/// What no route answers.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    let message = format!("Cannot {} {}", request.method(), request.path());
    HttpError::new(ErrorCode::NotFound, message).error_response()
}
