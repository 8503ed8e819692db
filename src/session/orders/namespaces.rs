//! The namespaces of the product: which there are, in which words each speaks, who needs no token.

use super::{Accounts, OrdersSocket, State, accounts::Login};
use crate::{
    domain::{ids::SocketId, principal::PublicAccess},
    session::{entry::Claim, recovery::Recovery, socketio::Application},
    wire::event::Vocabulary,
};
use secrecy::SecretString;
use std::sync::Arc;

/// The namespaces of the product.
#[derive(Debug, Default)]
pub struct Orders {
    /// From the handshake's `Authorization`; comes before what CONNECT brings.
    pub token: Option<SecretString>,
    /// A replay of more bytes ends in a resync.
    pub max_replay_bytes: usize,
    /// `None`: no connection can be recovered.
    pub recovery: Option<Arc<Recovery>>,
    /// What may be done without a token.
    pub public: Option<PublicAccess>,
    /// Where `auth-*` is answered.
    pub accounts: Accounts,
}

impl Application for Orders {
    type Socket = OrdersSocket;

    fn open(&mut self, namespace: &str, socket: SocketId) -> Option<OrdersSocket> {
        let Self { token, max_replay_bytes, recovery, public, accounts } = self;
        let vocabulary = Vocabulary::of_namespace(namespace)?;
        Some(OrdersSocket {
            socket,
            namespace: namespace.to_owned(),
            vocabulary,
            public: public.filter(|_| vocabulary == Vocabulary::Admin),
            token: token.clone(),
            board: None,
            max_replay_bytes: *max_replay_bytes,
            recovery: recovery.clone().filter(|recovery| recovery.covers(namespace)),
            claim: Claim::None,
            outside: false,
            accounts: accounts.clone(),
            login: Login::None,
            state: State::Verifying(None),
        })
    }
}
