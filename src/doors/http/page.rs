//! Lists on the wire: opaque cursors, the `Link` to the next page, the position at which a list was read.

pub use crate::vocabulary::cursors::{decode, encode};

use super::caller::Caller;
use crate::store::{
    log::Head,
    reads::{Listed, Turn},
};
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        Uri,
        header::{HeaderName, LINK},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use uuid::Uuid;

/// Most items of a page.
pub const MAX_LIMIT: u64 = 100;
/// The stream's epoch and position at which an answer was read.
pub const X_STREAM_EPOCH: HeaderName = HeaderName::from_static("x-stream-epoch");
pub const X_STREAM_SEQ: HeaderName = HeaderName::from_static("x-stream-seq");

/// A history's cursor: `e` and the position of an event, or `d` and the id of a draft's step.
pub fn encode_turn(turn: &Turn) -> String {
    let (tag, bytes) = match turn {
        Turn::Event(seq) => (b'e', seq.to_be_bytes().to_vec()),
        Turn::Draft(id) => (b'd', id.as_bytes().to_vec()),
    };
    URL_SAFE_NO_PAD.encode([vec![tag], bytes].concat())
}

pub fn decode_turn(text: &str) -> Option<Turn> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    match bytes.split_first()? {
        (b'e', seq) => {
            let seq = u64::from_be_bytes(seq.try_into().ok()?);
            // The database's integers end there.
            i64::try_from(seq).is_ok().then_some(Turn::Event(seq))
        }
        (b'd', id) => Some(Turn::Draft(Uuid::from_slice(id).ok()?)),
        _ => None,
    }
}

/// The next page's address: this one's, with another cursor. `query` is as the client wrote it.
fn next(path: &str, query: &str, cursor: &str) -> String {
    let ours = ["cursor=", "page="];
    let is_kept = |pair: &&str| !pair.is_empty() && !ours.iter().any(|name| pair.starts_with(name));
    let kept = query.split('&').filter(is_kept);
    let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("<{path}?{}>; rel=\"next\"", pairs.join("&"))
}

/// A page of a list, each row as `body` shows it.
pub fn list<'a, T, B: Serialize>(
    caller: &Caller,
    listed: &'a Listed<T>,
    body: impl FnMut(&'a T) -> B,
) -> HttpResponse {
    let bodies: Vec<B> = listed.rows.iter().map(body).collect();
    let cursor = listed.next.as_ref().map(encode);
    answer(caller.request.uri(), &listed.head, &bodies, cursor)
}

/// A page as an answer. `uri` is the request's.
pub fn answer(uri: &Uri, head: &Head, rows: &impl Serialize, cursor: Option<String>) -> HttpResponse {
    self::head(uri, head, cursor).json(rows)
}

/// The same without its body.
pub fn head(uri: &Uri, head: &Head, cursor: Option<String>) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((X_STREAM_EPOCH, head.epoch.to_string()));
    response.insert_header((X_STREAM_SEQ, head.seq));
    if let Some(cursor) = cursor {
        response.insert_header((LINK, next(uri.path(), uri.query().unwrap_or_default(), &cursor)));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_round_trip_and_refuse_the_rest() {
        for turn in [Turn::Event(7), Turn::Draft(Uuid::now_v7())] {
            assert_eq!(decode_turn(&encode_turn(&turn)), Some(turn));
        }
        for bad in ["", "x", "AAAA", "=", "ñ", &"A".repeat(31), &"A".repeat(1000)] {
            assert_eq!(decode_turn(bad), None, "{bad}");
        }
        // The database's integers end there.
        assert_eq!(decode_turn(&encode_turn(&Turn::Event(u64::MAX))), None);
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        for (query, expected) in [
            ("", "</o?cursor=C>; rel=\"next\""),
            ("status=READY&limit=5", "</o?status=READY&limit=5&cursor=C>; rel=\"next\""),
            ("cursor=B&limit=5", "</o?limit=5&cursor=C>; rel=\"next\""),
            ("page=3&limit=5", "</o?limit=5&cursor=C>; rel=\"next\""),
        ] {
            assert_eq!(next("/o", query, "C"), expected);
        }
    }
}
