//! What the house is asked over a plain WebSocket: each question is answered under its frame's `id`, in whatever order.

use super::{Id, Plain, State};
use crate::{
    code::ErrorCode,
    domain::{command::IdempotencyKey, rejection::Rejection},
    session::{Action, Answered, Asked, Now},
    wire::plain::{self as wire, Incoming},
};
use bytestring::ByteString;
use ring::digest::{self, SHA256};
use serde_json::value::RawValue;

/// Questions under way; the limit on events bounds their number.
#[derive(Debug, Default)]
pub(super) struct Calls {
    next: u64,
    waiting: Vec<(u64, Id)>,
}

impl Calls {
    fn begin(&mut self, id: Id) -> u64 {
        self.next += 1;
        self.waiting.push((self.next, id));
        self.next
    }

    fn end(&mut self, number: u64) -> Option<Id> {
        let index = self.waiting.iter().position(|(waiting, _)| *waiting == number)?;
        Some(self.waiting.swap_remove(index).1)
    }
}

/// SHA-256 over what is asked: the same key with another question is refused.
fn fingerprint(event: &str, data: &str) -> [u8; 32] {
    let mut hash = digest::Context::new(&SHA256);
    for part in [event, data] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.finish().as_ref());
    bytes
}

impl Plain {
    /// Hands an event that is none of this protocol's to the house; only a member may ask.
    pub(super) fn ask(&mut self, now: Now, frame: &Incoming<'_>, out: &mut Vec<Action>) {
        let State::Member { feed, .. } = &self.state else {
            return self.refuse(now, frame.id, ErrorCode::InvalidToken, "not authenticated", out);
        };
        if frame.key.as_deref().is_some_and(|key| !IdempotencyKey::is_legal(key)) {
            let why = "key must be 1 to 255 visible ASCII characters";
            return self.refuse(now, frame.id, ErrorCode::BadRequest, why, out);
        }
        let data = frame.data.map(RawValue::get).unwrap_or_default();
        let key = frame
            .key
            .as_ref()
            .map(|key| IdempotencyKey { key: key.to_string(), fingerprint: fingerprint(&frame.event, data) });
        let (socket, principal) = (self.socket, feed.principal().clone());
        let asked = Asked {
            socket,
            address: None,
            vocabulary: self.vocabulary,
            event: ByteString::from(frame.event.to_string()),
            data: data.into(),
            key,
        };
        let ack = Some(self.calls.begin(frame.id.map(ToOwned::to_owned)));
        out.push(Action::Execute { socket, principal, asked, ack });
    }

    /// `{"id"?,"event","data","cursor"?}` or `{"id"?,"error"}`.
    pub(super) fn executed(
        &mut self,
        now: Now,
        event: &str,
        number: Option<u64>,
        result: Result<Answered, Rejection>,
        out: &mut Vec<Action>,
    ) {
        let Some(id) = number.and_then(|number| self.calls.end(number)) else { return };
        let page = result.and_then(|Answered { data, cursor }| {
            let raw = RawValue::from_string(data.to_string());
            let raw = raw.map_err(|_| Rejection::new(ErrorCode::Internal, "Internal server error"));
            Ok((raw?, cursor))
        });
        match page {
            Ok((data, cursor)) => {
                self.say(now, wire::page(id.as_deref(), event, data, cursor.as_deref()), out);
            }
            Err(refused) => self.refuse(now, id.as_deref(), refused.code, &refused.messages.join("; "), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_find_their_questions_in_any_order() {
        let mut calls = Calls::default();
        let id = |text: &str| Some(RawValue::from_string(text.to_owned()).unwrap());
        let (one, two, none) = (calls.begin(id("1")), calls.begin(id("\"two\"")), calls.begin(None));
        let text = |id: Option<Id>| id.map(|id| id.map(|id| id.get().to_owned()));
        assert_eq!(text(calls.end(two)), Some(Some("\"two\"".into())));
        assert_eq!(text(calls.end(two)), None, "once");
        assert_eq!(text(calls.end(none)), Some(None));
        assert_eq!(text(calls.end(one)), Some(Some("1".into())));
        assert_ne!(fingerprint("a", "bc"), fingerprint("ab", "c"));
    }
}
