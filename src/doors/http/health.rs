//! `/health/live`, `/health/ready`, `/metrics`: for whoever watches the server.

use super::{caller, error::HttpError};
use crate::{code::ErrorCode, doors::bearer::Authorization, telemetry::metrics::CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, http::header};
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthBody {
    pub status: &'static str,
}

fn well() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(HealthBody { status: "ok" })
}

/// The process answers
#[utoipa::path(get, path = "/health/live", tag = "health", security(()),
    responses((status = 200, body = HealthBody)))]
pub async fn live() -> HttpResponse {
    well()
}

/// The server can do its work: the database answers, commands are taken
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()),
    responses((status = 200, body = HealthBody)))]
pub async fn ready(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let state = caller::state(&request)?;
    if state.is_draining() || !state.orders.is_alive() {
        return Err(ErrorCode::ShuttingDown.into());
    }
    // A probe must not hang longer than a request would.
    match tokio::time::timeout(*state.settings.answer_within, state.store.is_ready()).await {
        Ok(true) => Ok(well()),
        Ok(false) | Err(_) => Err(ErrorCode::DatabaseUnavailable.into()),
    }
}

/// Numbers for Prometheus, in its text format; from loopback, or with the configured token
#[utoipa::path(get, path = "/metrics", tag = "health", security((), ("metricsToken" = [])),
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub async fn metrics(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let state = caller::state(&request)?;
    let token = Authorization::of(request.headers()).token();
    if !may_read(is_local(&request), token, state.metrics_token.as_ref()) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, CONTENT_TYPE)).body(state.metrics.render()))
}

fn may_read(local: bool, given: Option<&str>, wanted: Option<&SecretString>) -> bool {
    // Hashes are compared, so that the time it takes says nothing of the token.
    let hash = |text: &str| digest(&SHA256, text.as_bytes());
    let good = given
        .zip(wanted)
        .is_some_and(|(given, wanted)| hash(given).as_ref() == hash(wanted.expose_secret()).as_ref());
    local || good
}

/// True for this machine itself. What a proxy on it passes on comes from elsewhere, whatever the proxy says of it.
fn is_local(request: &HttpRequest) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    let peer = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let passed_on = forwarded.iter().any(|name| request.headers().contains_key(*name));
    peer && !passed_on
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn numbers_are_for_this_machine_or_the_token() {
        let wanted = SecretString::from("t");
        for (local, given, wanted, expected) in [
            (true, None, None, true),
            (false, None, None, false),
            (false, Some("t"), None, false),
            (false, None, Some(&wanted), false),
            (false, Some("x"), Some(&wanted), false),
            (false, Some("t"), Some(&wanted), true),
        ] {
            assert_eq!(may_read(local, given, wanted), expected, "{local} {given:?}");
        }
    }

    /// Behind a trusted proxy that names the client in another way, or not at all, everybody was this machine.
    #[test]
    fn a_proxy_on_this_machine_makes_nobody_local() {
        let request = |peer: &str| TestRequest::default().peer_addr(peer.parse().unwrap());
        assert!(is_local(&request("127.0.0.1:5").to_http_request()));
        assert!(is_local(&request("[::1]:5").to_http_request()));
        assert!(!is_local(&request("192.0.2.1:5").to_http_request()));
        for header in [
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-for", "unknown"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-real-ip", "192.0.2.1"),
            ("forwarded", "for=192.0.2.1"),
            ("via", "1.1 proxy"),
        ] {
            let passed_on = request("127.0.0.1:5").insert_header(header).to_http_request();
            assert!(!is_local(&passed_on), "{header:?}");
        }
    }
}
