//! What a member may ask: another token, a position noted, to be spared production orders; all else is the house's.

use super::{
    OrdersSocket, State,
    accounts::Login,
    answers::{answer, fail, pong},
    commands,
};
use crate::{
    code::ErrorCode,
    session::{
        Action, Now,
        socketio::{Context, Event},
    },
    wire::{
        event::Vocabulary,
        json::{Json, quote},
        said::{Room, Seen, Token, text},
        socketio::Content,
    },
};

/// What the room of production orders answers (specification 001).
const ROOM: Room = Room { room: "orders" };

impl OrdersSocket {
    pub(super) fn asked(&mut self, now: Now, event: Event, context: &mut Context<'_>) {
        let State::Member { feed, refresh } = &mut self.state else { return };
        let argument = event.argument(0);
        match event.name.as_ref() {
            "auth-refresh" => match argument.map(Json::object::<Token>) {
                Some(Ok(_)) if refresh.is_some() || !matches!(self.login, Login::None) => {
                    let why = "another refresh is under way";
                    fail(&event.name, event.ack, ErrorCode::TooManyRequests, why, context);
                }
                Some(Ok(Token { token })) => {
                    *refresh = Some(event.ack);
                    context.actions().push(Action::Verify { socket: self.socket, token });
                }
                _ => fail(&event.name, event.ack, ErrorCode::ValidationFailed, "token is missing", context),
            },
            "seen" => match argument.map(Json::object::<Seen>) {
                Some(Ok(Seen { seq })) => {
                    context.actions().push(Action::Seen { socket: self.socket, seq });
                    if event.ack.is_some() {
                        answer("seen", event.ack, &text(&Seen { seq }), context);
                    }
                }
                _ => fail(&event.name, event.ack, ErrorCode::ValidationFailed, "seq is missing", context),
            },
            "test" if self.vocabulary == Vocabulary::Donations => pong(now, event.ack, context),
            "joinRoom" if self.vocabulary == Vocabulary::Restaurant => self.moves(false, &event, context),
            "leaveRoom" if self.vocabulary == Vocabulary::Restaurant => self.moves(true, &event, context),
            _ => {
                let (socket, principal, ack) = (self.socket, feed.principal().clone(), event.ack);
                // As its client knows it: what it causes now it is not told of when it has come back either.
                let asked = commands::asked(feed.sid(), self.accounts.address, self.vocabulary, event);
                context.actions().push(Action::Execute { socket, principal, asked, ack });
            }
        }
    }

    /// Leaves the room of production orders, or comes in again; whoever is there already is told so too.
    fn moves(&mut self, outside: bool, event: &Event, context: &mut Context<'_>) {
        self.outside = outside;
        let State::Member { feed, .. } = &self.state else { return };
        let offset = feed.position().filter(|_| self.recovery.is_some()).map(|at| self.offset(at));
        let room = text(&ROOM);
        let Some(offset) = offset else { return answer(&event.name, event.ack, &room, context) };
        // An acknowledgement carries no offset, so an event does; in front of it, so that who has that has this.
        let values = [room.clone(), quote(&offset)].map(Json::trusted);
        context.emit(&event.name, Content::new(values.into()));
        if event.ack.is_some() {
            answer(&event.name, event.ack, &room, context);
        }
    }
}
