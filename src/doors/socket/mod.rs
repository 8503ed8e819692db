//! What every socket's door stands on: the carrier actor, its effects, the kill switch, time limits of heads, the set of open sockets.

pub mod assembly;
pub mod backend;
pub mod carrier;
pub mod connect;
pub mod effects;
pub mod farewell;
pub mod guarded;
pub mod heads;
pub mod kill;
pub mod registry;

use std::sync::Arc;

/// True where a page of this origin may connect; `None` is a client that is not a browser.
pub type OriginCheck = Arc<dyn Fn(Option<&str>) -> bool + Send + Sync>;
