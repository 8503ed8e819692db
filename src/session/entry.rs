//! What a Socket.IO client brings in its CONNECT: a token, and where it has one the socket that it wants back.

use super::recovery::{Pid, Recovery};
use crate::{
    domain::stream::Position,
    wire::{json::Json, offset::Offset},
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;

/// `{token, board?, pid?, offset?, recovery?}`; a stock client adds `pid` and `offset` by itself. Each is read for itself, so that
/// one of a wrong type spoils no other.
#[derive(Debug, Default, Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    token: Option<&'a RawValue>,
    #[serde(borrow)]
    pid: Option<&'a RawValue>,
    #[serde(borrow)]
    offset: Option<&'a RawValue>,
    #[serde(borrow)]
    recovery: Option<&'a RawValue>,
    #[serde(borrow)]
    board: Option<&'a RawValue>,
}

/// The same, understood.
#[derive(Debug)]
pub struct Entry {
    pub token: Option<SecretString>,
    /// The donation board that it wants to be on; empty for what is no text, which names none.
    pub board: Option<String>,
    /// False where it said `recovery: false`: it wants nothing but the events' own arguments.
    pub recovery: bool,
    pub claim: Claim,
}

/// Whether a client wants a socket back.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    None,
    /// It does, and cannot have it: it must hear that what it missed is lost.
    Void,
    Of(Box<Claimed>),
}

/// A `pid` of ours, not yet known to be the client's own.
#[derive(Debug, PartialEq, Eq)]
pub struct Claimed {
    /// As it was presented: the client compares the text.
    pub text: String,
    pub pid: Pid,
    /// Up to where the client has everything.
    pub position: Position,
    /// It had left the room of production orders.
    pub outside: bool,
}

impl Entry {
    pub fn read(auth: Option<&Json>, recovery: Option<&Recovery>) -> Self {
        // What names a field twice may hold a pid.
        let void = Self { token: None, board: None, recovery: true, claim: Claim::Void };
        let fields = match auth.map(Json::object::<Fields<'_>>) {
            Some(Err(_)) => return void,
            fields => fields.and_then(Result::ok).unwrap_or_default(),
        };
        let claim = match fields.pid {
            None => Claim::None,
            Some(pid) => claim(pid, text(fields.offset), recovery),
        };
        Self {
            token: text(fields.token).map(SecretString::from),
            board: fields.board.map(|board| text(Some(board)).unwrap_or_default()),
            recovery: fields.recovery.is_none_or(|wants| wants.get() != "false"),
            claim,
        }
    }
}

fn text(value: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(value?.get()).ok()
}

fn claim(pid: &RawValue, offset: Option<String>, recovery: Option<&Recovery>) -> Claim {
    let opened = text(Some(pid)).and_then(|text| Some((recovery?.open(&text)?, text)));
    let Some((pid, text)) = opened else { return Claim::Void };
    let offset: Option<Offset> = offset.and_then(|offset| offset.parse().ok());
    let outside = pid.is_outside(offset.as_ref());
    let position = pid.position(offset.as_ref().map(|offset| &offset.position));
    Claim::Of(Box::new(Claimed { text, pid, position, outside }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{RestaurantId, SocketId, UserId},
        stream::Epoch,
    };
    use secrecy::ExposeSecret;

    fn read(auth: &str, recovery: Option<&Recovery>) -> Entry {
        Entry::read(Some(&Json::parse(&auth.into()).unwrap()), recovery)
    }

    #[test]
    fn a_field_of_a_wrong_type_spoils_no_other() {
        let rows = [
            ("{}", None, true, Claim::None),
            (r#"{"token":"t"}"#, Some("t"), true, Claim::None),
            (r#"{"token":5,"recovery":false}"#, None, false, Claim::None),
            (r#"{"token":null,"pid":null,"offset":7}"#, None, true, Claim::None),
            (r#"{"token":"a\"b","recovery":"false","else":[1]}"#, Some("a\"b"), true, Claim::None),
            (r#"{"token":"t","pid":7,"offset":"e:1"}"#, Some("t"), true, Claim::Void),
            (r#"{"token":"t","pid":{"x":[]}}"#, Some("t"), true, Claim::Void),
            (r#"{"token":"t","pid":"","recovery":false}"#, Some("t"), false, Claim::Void),
            (r#"{"token":"t","token":"u"}"#, None, true, Claim::Void),
        ];
        let ours = Recovery::new(b"secret", vec![]).unwrap();
        for (auth, token, recovery, claim) in rows {
            for with in [None, Some(&ours)] {
                let entry = read(auth, with);
                let read = entry.token.as_ref().map(ExposeSecret::expose_secret);
                assert_eq!((read, entry.recovery, &entry.claim), (token, recovery, &claim), "{auth}");
            }
        }
        assert_eq!(Entry::read(None, Some(&ours)).claim, Claim::None);
    }

    #[test]
    fn an_offset_that_is_none_counts_as_absent() {
        let ours = Recovery::new(b"secret", vec![]).unwrap();
        let began = Position { epoch: Epoch("e".into()), seq: 4 };
        let pid = Pid {
            sid: SocketId::generate(),
            user: UserId::generate(),
            restaurant: RestaurantId::generate(),
            namespace: "/".into(),
            began,
        };
        let text = ours.seal(&pid).unwrap();
        for (offset, seq) in [
            (r#""e:9""#, 9),
            (r#""e:3""#, 4),
            (r#""f:9""#, 4),
            (r#""e:9 ""#, 4),
            (r#""e:-9""#, 4),
            (r#""some text of an event""#, 4),
            (r#""e:99999999999999999999""#, 4),
            ("9", 4),
            ("null", 4),
            ("{}", 4),
        ] {
            let auth = format!(r#"{{"token":"t","pid":"{text}","offset":{offset}}}"#);
            let Claim::Of(claimed) = read(&auth, Some(&ours)).claim else { panic!("{auth}") };
            assert_eq!((&claimed.text, &claimed.pid), (&text, &pid));
            assert_eq!(claimed.position.seq, seq, "{offset}");
            assert_eq!(read(&auth, None).claim, Claim::Void, "nothing is recovered here");
        }
    }
}
