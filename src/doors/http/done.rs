//! What is answered where there is nothing to tell but that it is done.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Sent {
    /// True, also where nobody has that address.
    pub sent: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Changed {
    pub changed: bool,
}

/// It was logged out, and the socket ends.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedOut {
    pub logged_out: bool,
}
