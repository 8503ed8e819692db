//! One event's framings of Socket.IO, by namespace, offset and parser: each is made on first use, then shared.

use super::Parser;
use crate::wire::offset::Outside;
use bytes::Bytes;
use bytestring::ByteString;
use std::sync::OnceLock;

/// A packet without attachments as an Engine.IO message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// With Engine.IO's packet type.
    Text(ByteString),
    Binary(Bytes),
}

/// Which framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing<'a> {
    pub namespace: &'a ByteString,
    /// With the event's position as last argument, as sockets of this kind have it; never one socket's own.
    pub offset: Option<Outside>,
    pub parser: Parser,
}

/// A list that only grows and needs no lock. An event goes to a handful of namespaces, so it is walked.
#[derive(Debug, Default)]
pub struct Framings(OnceLock<Box<Framed>>);

#[derive(Debug)]
struct Framed {
    namespace: ByteString,
    offset: Option<Outside>,
    parser: Parser,
    message: Message,
    next: Framings,
}

impl Framings {
    /// The message of this framing; where it is the first time, made so.
    pub fn get(&self, framing: Framing<'_>, make: impl Fn() -> Message) -> &Message {
        let Framing { namespace, offset, parser } = framing;
        let mut slot = &self.0;
        loop {
            let framed = slot.get_or_init(|| {
                let namespace = namespace.clone();
                Box::new(Framed { namespace, offset, parser, message: make(), next: Self::default() })
            });
            if framed.offset == offset && framed.parser == parser && framed.namespace == *namespace {
                return &framed.message;
            }
            slot = &framed.next.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn each_is_made_once_whoever_asks_first() {
        let framings = Framings::default();
        let made = AtomicUsize::new(0);
        let namespaces = ["/", "/admin", "/api"].map(ByteString::from_static);
        let ask = |namespace, offset, parser| {
            let framing = Framing { namespace, offset, parser };
            framings.get(framing, || {
                made.fetch_add(1, Ordering::Relaxed);
                Message::Text(format!("{framing:?}").into())
            })
        };
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (namespaces, ask) = (&namespaces, &ask);
                scope.spawn(move || {
                    for index in 0..3 {
                        let namespace = &namespaces[(index + thread) % 3];
                        for (offset, parser) in [(Some(Outside::No), Parser::Json), (None, Parser::Msgpack)] {
                            let message = ask(namespace, offset, parser);
                            let expected = format!("{:?}", Framing { namespace, offset, parser });
                            assert_eq!(*message, Message::Text(expected.into()));
                        }
                    }
                });
            }
        });
        assert_eq!(made.load(Ordering::Relaxed), 6);
        let same = |left: &Message, right: &Message| std::ptr::eq(left, right);
        let first = ask(&namespaces[0], Some(Outside::No), Parser::Json);
        assert!(same(first, ask(&namespaces[0], Some(Outside::No), Parser::Json)));
        assert!(!same(first, ask(&namespaces[0], Some(Outside::Yes), Parser::Json)));
    }
}
