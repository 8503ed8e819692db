//! Coming in: the room is asked for, the CONNECT answered, and said where something is lost.

use super::{OrdersSocket, State};
use crate::{
    domain::stream::Position,
    session::{
        Action, Now, Verified,
        entry::Claim,
        feed::{Feed, Wanted},
        recovery::Pid,
        socketio::Context,
    },
    wire::{
        event::Vocabulary,
        json::{Json, quote},
        said::{Resync, text},
        socketio::Content,
    },
};

impl OrdersSocket {
    /// Asks for the room: from the claimed socket's position on, where the claim is the client's own.
    pub(super) fn enter(&mut self, now: Now, verified: Verified, out: &mut Vec<Action>) -> Feed {
        let (sid, since) = match &self.claim {
            Claim::Of(claimed)
                if self.recovery.is_some() && claimed.pid.is_of(&verified.principal, &self.namespace) =>
            {
                (claimed.pid.sid, Some(claimed.position.clone()))
            }
            Claim::None => (self.socket, None),
            _ => {
                self.claim = Claim::Void;
                (self.socket, None)
            }
        };
        let wanted = Wanted {
            vocabulary: self.vocabulary,
            since,
            max_replay_bytes: self.max_replay_bytes,
            address: self.accounts.address,
        };
        Feed::take_up(self.socket, sid, now, verified, wanted, out)
    }

    /// Answers the CONNECT: with the socket that was claimed, or with a new one.
    pub(super) fn welcome(&mut self, recovered: bool, at: &Position, context: &mut Context<'_>) {
        let State::Member { feed, .. } = &mut self.state else { return };
        let claim = std::mem::replace(&mut self.claim, Claim::None);
        if let (Claim::Of(claimed), true) = (&claim, recovered) {
            self.outside = claimed.outside;
            return context.accept(claimed.pid.sid, Some(&claimed.text));
        }
        feed.renamed();
        let principal = feed.principal();
        let pid = Pid {
            sid: self.socket,
            user: principal.user,
            restaurant: principal.restaurant,
            namespace: self.namespace.clone(),
            began: at.clone(),
        };
        let pid = self.recovery.as_ref().and_then(|recovery| recovery.seal(&pid));
        if pid.is_none() {
            self.recovery = None;
        }
        context.accept(self.socket, pid.as_deref());
        self.joined_after_login(context);
        if claim == Claim::Void {
            self.resync(at, context);
        }
    }

    /// What lies before is lost to this client. It goes on from here also where it is cut off right after. One that hears
    /// nothing has lost nothing.
    pub(super) fn resync(&self, at: &Position, context: &mut Context<'_>) {
        if self.vocabulary == Vocabulary::Silence {
            return;
        }
        let data = text(&Resync::from(at));
        let offset = self.recovery.as_ref().map(|_| quote(&self.offset(at.clone())));
        let values = [data].into_iter().chain(offset).map(Json::trusted).collect();
        context.emit("resync", Content::new(values));
    }
}
