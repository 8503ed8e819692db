//! `HttpState`: what the REST door needs of the house; the application fills it.

use super::{Documents, Guests, lunch::Lunches};
use crate::{
    actors::{directory::RoomDirectory, order_registry::OrdersHandle},
    auth::{Tokens, Verifier, people::People},
    config::{origins::Origins, sections},
    domain::{ids::LoginId, principal::PublicAccess, production::Stages},
    doors::tickets::Tickets,
    store::Store,
    telemetry::metrics::Metrics,
    vocabulary::{profile::Declared, resources::Catalog},
};
use secrecy::SecretString;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Shared by all workers, as `web::Data`.
pub struct HttpState {
    pub store: Store,
    pub orders: OrdersHandle,
    pub verifier: Verifier,
    pub tokens: Tokens,
    pub people: People,
    /// Asked who is connected.
    pub rooms: RoomDirectory,
    /// Shared with the door that redeems them.
    pub tickets: Arc<Tickets>,
    pub metrics: Metrics,
    pub origins: Origins,
    pub documents: Documents,
    /// The declared entities.
    pub catalog: Arc<Catalog>,
    /// Fields that the house declares for its people.
    pub profile: Arc<Declared>,
    /// What may be done without a token.
    pub public: Option<PublicAccess>,
    /// How much of it.
    pub guests: Arc<Guests>,
    pub settings: sections::Http,
    /// New donations of one restaurant.
    pub donations_per_minute: u32,
    /// Of production orders.
    pub stages: Stages,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// With it `/metrics` answers others than loopback.
    pub metrics_token: Option<SecretString>,
    /// The demo's; nowhere else is one played.
    pub lunches: Option<Arc<dyn Lunches>>,
    /// Set when the server begins to stop: `/health/ready` says so before the listeners close.
    pub draining: Arc<AtomicBool>,
    /// Told of each login that ended by logout or a reused refresh token, so that its sockets are closed.
    pub login_ended: Arc<dyn Fn(LoginId) + Send + Sync>,
}

impl HttpState {
    /// Logins are over: their sockets close at once, and not only when the poller of revocations comes by.
    pub fn ended(&self, logins: &[LoginId]) {
        logins.iter().for_each(|login| (self.login_ended)(*login));
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
