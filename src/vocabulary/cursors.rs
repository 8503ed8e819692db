//! Opaque cursors of lists: which row a page ended with.

use crate::{store::reads::Cursor, wire::time::is_storable};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use uuid::Uuid;

/// A cursor's text: the microseconds and the id, in base64url.
pub fn encode(cursor: &Cursor) -> String {
    let mut bytes = cursor.at.as_microsecond().to_be_bytes().to_vec();
    bytes.extend_from_slice(cursor.id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Option<Cursor> {
    let bytes: [u8; 24] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let (at, id) = bytes.split_at(8);
    let at = Timestamp::from_microsecond(i64::from_be_bytes(at.try_into().ok()?)).ok();
    let at = at.filter(is_storable)?;
    Some(Cursor { at, id: Uuid::from_slice(id).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_refuse_the_rest() {
        let cursor = Cursor { at: "2024-01-01T00:00:00.123456Z".parse().unwrap(), id: Uuid::now_v7() };
        assert_eq!(decode(&encode(&cursor)), Some(cursor));
        for bad in ["", "x", "AAAA", "=", "ñ", &"A".repeat(31), &"A".repeat(1000)] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn forged_cursors_ask_the_database_for_nothing_it_cannot_hold() {
        let far = Cursor { at: "-005000-01-01T00:00:00Z".parse().unwrap(), id: Uuid::now_v7() };
        assert_eq!(decode(&encode(&far)), None);
        assert_eq!(decode(&encode(&Cursor { at: Timestamp::MIN, ..far })), None);
        let last = Cursor { at: "9999-12-30T00:00:00Z".parse().unwrap(), ..far };
        assert!(decode(&encode(&last)).is_some());
    }
}
