//! What an application can do about one socket: let it in, send to it, acknowledge, put it out.

use crate::{
    code::ErrorCode,
    domain::ids::SocketId,
    session::{Action, Frame},
    wire::{
        event::WireEvent,
        json::{Json, quote},
        socketio::{Body, Content, MAIN, Packet, connected, refused},
    },
};
use bytestring::ByteString;

/// Where a socket stands in its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its CONNECT is not answered yet.
    Pending,
    Connected,
    Gone,
}

/// One socket's side of the connection, for the length of a call.
#[derive(Debug)]
pub struct Context<'a> {
    /// What actions and inputs name. The client knows it by the id that is given to [`Context::accept`].
    pub socket: SocketId,
    pub(super) namespace: &'a ByteString,
    pub(super) standing: &'a mut Standing,
    pub(super) out: &'a mut Vec<Action>,
}

impl Context<'_> {
    /// Answers the CONNECT: it is in, under this public id. `pid` only where the connection can be recovered.
    pub fn accept(&mut self, sid: SocketId, pid: Option<&str>) {
        if *self.standing == Standing::Pending {
            *self.standing = Standing::Connected;
            self.send(&connected(self.namespace, &sid.to_string(), pid));
        }
    }

    /// Answers the CONNECT: it stays out, for good: a stock client does not try again by itself.
    pub fn refuse(&mut self, message: &str, code: ErrorCode) {
        if *self.standing == Standing::Pending {
            *self.standing = Standing::Gone;
            self.send(&refused(self.namespace, message, Some(code.name())));
        }
    }

    /// Puts it out of the namespace, for good, as above.
    pub fn disconnect(&mut self) {
        if *self.standing == Standing::Connected {
            self.send(&Packet::new(self.namespace.clone(), Body::Disconnect));
        }
        *self.standing = Standing::Gone;
    }

    /// Hands an event of the log on, in the bytes that all its receivers share; `recoverable`: with its position.
    pub fn deliver(&mut self, event: &WireEvent, recoverable: bool) {
        if *self.namespace == MAIN {
            let text = if recoverable { event.recoverable() } else { event.socketio() };
            self.out.push(Action::Send(Frame::Text(text.clone())));
        } else {
            let offset = recoverable.then(|| Json::trusted(quote(&event.offset())));
            let data = Json::trusted(event.data.clone());
            self.emit(&event.name, Content::new([data].into_iter().chain(offset).collect()));
        }
    }

    /// Sends an event; `content` holds the arguments without the name.
    pub fn emit(&mut self, name: &str, mut content: Content) {
        content.values.insert(0, Json::trusted(quote(name)));
        self.send(&Packet::new(self.namespace.clone(), Body::Event { id: None, content }));
    }

    /// Acknowledges a client's event.
    pub fn ack(&mut self, id: u64, content: Content) {
        self.send(&Packet::new(self.namespace.clone(), Body::Ack { id, content }));
    }

    /// Asks the carrier for something on this socket's behalf.
    pub fn actions(&mut self) -> &mut Vec<Action> {
        self.out
    }

    /// Ends the whole connection; a stock client comes back.
    pub fn close(&mut self, code: ErrorCode) {
        self.out.push(Action::Close(Some(code)));
    }

    fn send(&mut self, packet: &Packet) {
        self.out.push(Action::Send(Frame::Text(packet.message())));
        self.out.extend(packet.attachments().iter().cloned().map(Frame::Binary).map(Action::Send));
    }
}
