//! Headers that tell browsers what an answer may not do.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CONTENT_SECURITY_POLICY, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    middleware::Next,
};

/// Swagger's page: its own scripts and styles, the pictures in those, calls to this server. It sets style attributes.
const DOCS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The example: its own script, socket.io's client, which it takes only by its hash; sockets to this server.
const EXAMPLES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' https://cdn.socket.io; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// On every answer: it is what its content type says. On pages also what they may load, and that nobody frames them.
pub async fn shield(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let policy = policy(response.request().path());
    put(response.headers_mut(), policy);
    Ok(response)
}

fn put(headers: &mut HeaderMap, policy: Option<HeaderValue>) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
}

fn policy(path: &str) -> Option<HeaderValue> {
    if path.starts_with("/docs") {
        Some(DOCS)
    } else if path.starts_with("/examples/") {
        Some(EXAMPLES)
    } else {
        None
    }
}
