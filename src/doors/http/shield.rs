//! Headers that tell browsers what an answer may not do.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
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
/// Our own pages: nothing but their own files and this server; no text becomes HTML or a script, whatever a note says.
const SCREENS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; \
     worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types comanda",
);

/// On every answer: it is what its content type says. On pages also what they may load, and that nobody frames them.
pub async fn shield(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let policy = policy(response.request().path()).or_else(|| is_page(response.headers()).then_some(SCREENS));
    put(response.headers_mut(), policy);
    Ok(response)
}

fn put(headers: &mut HeaderMap, policy: Option<HeaderValue>) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
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

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
