//! Guests: sockets that came in without a token, where that may be, to log in there. Until then they hear nothing, and all
//! they ask is the house's to refuse.

use super::{OrdersSocket, State, answers::answer};
use crate::{
    session::{Now, Verified, entry::Claim, feed::Feed, socketio::Context},
    wire::time::Written,
};

impl OrdersSocket {
    pub(super) fn comes_without_a_token(&mut self, context: &mut Context<'_>) {
        // Its CONNECT is answered here, so no `pid` can be given later.
        (self.recovery, self.claim) = (None, Claim::None);
        self.state = State::Guest { refresh: None };
        context.accept(self.socket, None);
    }

    /// A guest has shown a good token, and is a member from here on.
    pub(super) fn signed_in(
        &mut self,
        now: Now,
        verified: Verified,
        ack: Option<u64>,
        context: &mut Context<'_>,
    ) {
        let data = format!(r#"{{"expiresAt":"{}"}}"#, Written(verified.expires_at));
        let feed: Feed = self.enter(now, verified, context.actions());
        self.state = State::Member { feed: Box::new(feed), refresh: None };
        answer("auth-refresh", ack, &data, context);
    }
}
