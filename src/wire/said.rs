//! What a server says for itself on sockets, beside the events of a log, and what it is told: one shape each, whatever
//! carries it. The AsyncAPI document is made of these.

use crate::{
    code::ErrorCode,
    domain::{
        ids::SocketId,
        stream::{Epoch, Position, Seq},
    },
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The JSON text of one of them.
pub fn text<T: Serialize>(value: &T) -> String {
    // Own structs of strings and numbers: writing them to memory has no way to fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// A plain socket is in; where `recovered`, what was missed follows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ready<'a> {
    #[schema(value_type = uuid::Uuid)]
    pub sid: SocketId,
    /// Changed by a restore only.
    #[schema(value_type = String)]
    pub epoch: &'a Epoch,
    /// Where the subscription begins: everything after it comes.
    #[schema(value_type = u64)]
    pub seq: Seq,
    pub recovered: bool,
    #[schema(format = DateTime)]
    pub server_time: String,
}

/// Said in silence: the log is known to reach `seq`. A display that has less is waiting for the rest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    #[schema(value_type = u64)]
    pub seq: Seq,
    #[schema(format = DateTime)]
    pub server_time: String,
}

/// What lies before this position is not delivered: read the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resync<'a> {
    #[schema(value_type = String)]
    pub epoch: &'a Epoch,
    #[schema(value_type = u64)]
    pub seq: Seq,
}

impl<'a> From<&'a Position> for Resync<'a> {
    fn from(at: &'a Position) -> Self {
        Self { epoch: &at.epoch, seq: at.seq }
    }
}

/// Specification 002's answer to `test`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pong {
    /// `Pong!`
    pub message: &'static str,
    #[schema(format = DateTime)]
    pub timestamp: String,
}

impl Pong {
    pub fn new(timestamp: String) -> Self {
        Self { message: "Pong!", timestamp }
    }
}

/// A newer token is taken; the socket lives until it expires.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refreshed {
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// A room that was joined or left (specification 001).
#[derive(Debug, Serialize, ToSchema)]
pub struct Room {
    pub room: &'static str,
}

/// Why something was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure<'a> {
    /// Stable name of the reason.
    #[schema(value_type = String)]
    pub code: &'a str,
    #[schema(value_type = String)]
    pub message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Details<'a>>,
}

impl<'a> Failure<'a> {
    pub fn new(code: ErrorCode, message: &'a str) -> Self {
        Self { code: code.name(), message, details: None }
    }
}

/// The faults of a validation, or the status that stood in the way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Details<'a> {
    #[schema(value_type = Vec<String>)]
    Faults(&'a [String]),
    #[serde(rename_all = "camelCase")]
    Stands {
        #[schema(value_type = String)]
        current_status: &'a str,
    },
}

/// An acknowledgement of what was refused: it has no `event`, by which clients know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal<'a> {
    pub error: Failure<'a>,
}

/// The same as an event of its own; of what was sent nothing but its name is repeated.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exception<'a> {
    /// `error`
    pub status: &'static str,
    #[schema(value_type = String)]
    pub message: &'a str,
    #[schema(value_type = String)]
    pub code: &'a str,
    pub cause: Cause<'a>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Cause<'a> {
    /// The event that was refused, cut at 128 bytes.
    #[schema(value_type = String)]
    pub pattern: &'a str,
}

/// The first frame of a browser on a plain socket.
#[derive(Deserialize, ToSchema)]
pub struct Auth {
    #[schema(value_type = String)]
    pub token: SecretString,
    /// With `since`: the position up to which the client has everything.
    #[schema(value_type = Option<String>)]
    pub epoch: Option<Epoch>,
    #[schema(value_type = Option<u64>)]
    pub since: Option<Seq>,
}

/// A newer token of the same user.
#[derive(Deserialize, ToSchema)]
pub struct Token {
    #[schema(value_type = String)]
    pub token: SecretString,
}

/// The client has shown everything up to here.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    #[schema(value_type = u64)]
    pub seq: Seq,
}
