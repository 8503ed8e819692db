//! `Idempotency-Key`: a name the client gives its request, and the fingerprint that tells another request by that name.

use super::error::HttpError;
use crate::{code::ErrorCode, domain::command::IdempotencyKey};
use actix_web::http::{
    Method,
    header::{HeaderMap, HeaderName},
};
use ring::digest::{Context, SHA256};

pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
pub const IDEMPOTENT_REPLAY: HeaderName = HeaderName::from_static("idempotent-replay");

/// The key's text, where there is one. Visible ASCII, once.
pub fn text(headers: &HeaderMap) -> Result<Option<&str>, HttpError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| IdempotencyKey::is_legal(text));
    match (text, values.next()) {
        (Some(text), None) => Ok(Some(text)),
        _ => Err(HttpError::new(
            ErrorCode::BadRequest,
            format!(
                "Idempotency-Key must be one value of 1 to {} visible ASCII characters",
                IdempotencyKey::MAX_LEN
            ),
        )),
    }
}

/// The key of a command.
pub fn key(
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, HttpError> {
    let key = text(headers)?;
    Ok(key.map(|key| IdempotencyKey { key: key.to_owned(), fingerprint: fingerprint(method, path, body) }))
}

/// SHA-256 over method, path and the body's bytes; each length goes in too, so that no two requests read the same.
fn fingerprint(method: &Method, path: &str, body: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in [method.as_str().as_bytes(), path.as_bytes(), body] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn keys_are_visible_ascii_once() {
        let long = "k".repeat(255);
        let too_long = "k".repeat(256);
        for (lines, expected) in [
            (vec![], Ok(None)),
            (vec!["a"], Ok(Some("a"))),
            (vec![long.as_str()], Ok(Some(long.as_str()))),
            (vec![too_long.as_str()], Err(ErrorCode::BadRequest)),
            (vec![""], Err(ErrorCode::BadRequest)),
            (vec!["a b"], Err(ErrorCode::BadRequest)),
            (vec!["ñ"], Err(ErrorCode::BadRequest)),
            (vec!["a", "a"], Err(ErrorCode::BadRequest)),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            assert_eq!(text(&headers).map_err(|error| error.code), expected, "{lines:?}");
        }
    }

    #[test]
    fn another_request_has_another_fingerprint() {
        let base = fingerprint(&Method::POST, "/a", b"bc");
        assert_eq!(base, fingerprint(&Method::POST, "/a", b"bc"));
        for other in [
            fingerprint(&Method::PATCH, "/a", b"bc"),
            fingerprint(&Method::POST, "/ab", b"c"),
            fingerprint(&Method::POST, "/a", b"bcd"),
            fingerprint(&Method::POST, "/a", b""),
        ] {
            assert_ne!(base, other);
        }
    }
}
