//! A house without users, rooms or a log: the suites' applications ask it for nothing.

use comanda::{
    actors::delivery::Member,
    code::ErrorCode,
    domain::{
        ids::SocketId,
        principal::Principal,
        stream::{Position, Seq},
    },
    doors::socket::backend::{Answer, Backend},
    session::{Joined, Page, Verified},
    wire::event::Vocabulary,
};
use secrecy::SecretString;

pub struct Nobody;

impl Backend for Nobody {
    fn verify(&self, _: SecretString) -> Answer<Verified> {
        Box::pin(async { Err(ErrorCode::InvalidToken) })
    }

    fn join(&self, _: Principal, _: Member, _: Option<Position>) -> Answer<Joined> {
        Box::pin(async { Err(ErrorCode::NotFound) })
    }

    fn leave(&self, _: &Principal, _: SocketId) {}

    fn seen(&self, _: &Principal, _: SocketId, _: Seq) {}

    fn page(&self, _: Vocabulary, _: Principal, _: Seq, _: u32) -> Answer<Page> {
        Box::pin(async { Err(ErrorCode::NotFound) })
    }
}
