//! What sockets need of the rest of the house, as one trait: verifier, rooms, log.

use crate::{
    actors::delivery::{Member, Reach},
    code::ErrorCode,
    domain::{
        ids::SocketId,
        principal::Principal,
        rejection::Rejection,
        stream::{Position, Seq},
    },
    session::{AccountAsked, Answered, Asked, Joined, Page, Private, Verified},
    wire::event::Vocabulary,
};
use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;

/// An answer, awaited on the socket's own thread and dropped with the socket.
pub type Answer<T> = LocalBoxFuture<'static, Result<T, ErrorCode>>;

/// Implemented by the application over the verifier, the directory of rooms and the store; by tests in memory.
pub trait Backend: Send + Sync {
    /// Whose token is it, and for how long?
    fn verify(&self, token: SecretString) -> Answer<Verified>;

    /// Makes the socket a member of its restaurant's room. The answer may be dropped unread, and [`Backend::leave`]
    /// may come first.
    fn join(&self, principal: Principal, member: Member, since: Option<Position>) -> Answer<Joined>;

    /// A member goes on with another carrier; false where its room does not know it any more, so that it is to join again.
    /// What the room had sent to the old one is in its mailbox by then.
    fn relocate(
        &self,
        principal: &Principal,
        socket: SocketId,
        reach: Reach,
    ) -> LocalBoxFuture<'static, bool> {
        let _ = (principal, socket, reach);
        Box::pin(std::future::ready(false))
    }

    /// Called for every join that was asked for, also while unwinding: never blocks.
    fn leave(&self, principal: &Principal, socket: SocketId);

    /// The client has shown everything up to `seq`.
    fn seen(&self, principal: &Principal, socket: SocketId, seq: Seq);

    /// At most `limit` events of the principal's stream that follow `after`, in these words.
    fn page(&self, vocabulary: Vocabulary, principal: Principal, after: Seq, limit: u32) -> Answer<Page>;

    /// Carries out what a client asks for. It is begun when this returns, and dropping the
    /// answer, waited for or not, undoes nothing: who says it and hangs up has it done. A house without commands knows
    /// no event.
    fn execute(
        &self,
        principal: Principal,
        asked: Asked,
    ) -> LocalBoxFuture<'static, Result<Answered, Rejection>> {
        let _ = (principal, asked);
        Box::pin(async { Err(Rejection::new(ErrorCode::NotFound, "unknown event")) })
    }

    /// Answers an `auth-*` event; the JSON text of the answer. A house without accounts knows no event.
    fn account(&self, asked: AccountAsked) -> LocalBoxFuture<'static, Result<Private, Rejection>> {
        let _ = asked;
        Box::pin(async { Err(Rejection::new(ErrorCode::NotFound, "unknown event")) })
    }
}
