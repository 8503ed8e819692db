//! `HttpState`: what the REST door needs of the house; the application fills it.

use super::tickets::Tickets;
use crate::{
    actors::order_registry::OrdersHandle,
    auth::{Tokens, Verifier},
    config::{origins::Origins, sections},
    domain::ids::LoginId,
    session::Verified,
    store::Store,
    telemetry::metrics::Metrics,
};
use actix_web::{HttpRequest, HttpResponse};
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
    pub tickets: Tickets,
    pub metrics: Metrics,
    pub origins: Arc<Origins>,
    pub settings: sections::Http,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// With it `/metrics` answers others than loopback.
    pub metrics_token: Option<SecretString>,
    /// False once the server begins to stop: `/health/ready` says so before the listeners close.
    pub ready: Arc<AtomicBool>,
    /// Told of each login that ended by logout or a reused refresh token, so that its sockets are closed.
    pub login_ended: Arc<dyn Fn(LoginId) + Send + Sync>,
    pub open_stream: OpenStream,
}

/// Opens an event stream for whoever was verified: another door's work, which only the application knows.
pub type OpenStream = Arc<dyn Fn(&HttpRequest, Verified) -> HttpResponse + Send + Sync>;

impl HttpState {
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst) && self.orders.is_alive()
    }
}
