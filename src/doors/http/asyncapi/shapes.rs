//! What is said in Socket.IO's own packets, and by clients without a shape elsewhere, for the AsyncAPI document.
#![expect(dead_code, reason = "documentation: what reads and writes them works on raw JSON")]

use utoipa::ToSchema;
use uuid::Uuid;

/// `auth` of a CONNECT. A stock client adds `pid` and `offset` by itself when it comes back.
#[derive(ToSchema)]
pub struct Connect {
    /// An access token; not needed where the handshake's header has one, or where guests may come in.
    token: Option<String>,
    /// On `/donations`, of an NGO that is on several: the board that it means.
    board: Option<String>,
    /// The connection that it wants back.
    pid: Option<String>,
    /// The last text that ended an event: up to where it has everything.
    offset: Option<String>,
    /// False: no `pid`, and no offset as last argument of events.
    recovery: Option<bool>,
}

/// It is in.
#[derive(ToSchema)]
pub struct Connected {
    sid: Uuid,
    /// Only where the connection can be recovered.
    pid: Option<String>,
}

/// It stays out, and a stock client does not try again by itself.
#[derive(ToSchema)]
pub struct ConnectError {
    message: String,
    data: Option<ConnectErrorData>,
}

#[derive(ToSchema)]
pub struct ConnectErrorData {
    /// Stable name of the reason.
    code: String,
}

/// Whatever comes is not looked at.
#[derive(ToSchema)]
pub struct Nothing {}
