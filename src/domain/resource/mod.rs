//! Resources (specification 003): documents of entities that are declared in a file and need no Rust.

mod change;
mod entity;
mod shelf;
mod value;

pub use change::{Change, ResourceCommand};
pub use entity::{Broadcast, Entity, Field, Kept, Kind, MAX_FIELDS, Route, RouteKind};
pub use shelf::{Shelf, Slot, Step, Trail, Unique};
pub use value::{Fields, Number, Value, value};

use super::{
    ids::{ResourceId, SocketId},
    rejection::Rejection,
    text::ExternalId,
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A document of some entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: ResourceId,
    /// A customer's.
    pub number: Option<u64>,
    pub fields: Fields,
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// Bytes that a document may hold, however often it is added to: as much as a body brings.
const MAX_DOCUMENT: usize = 64 * 1024;
/// Bytes of all documents that one command writes: they are one event, and one answer.
const MAX_WRITTEN: usize = 96 * 1024;

impl Document {
    /// Bytes of its names and texts.
    pub fn bytes(&self) -> usize {
        let one = |(name, value): &(String, Value)| {
            name.len()
                + match value {
                    Value::Text(text) => text.len(),
                    Value::Number(_) | Value::Boolean(_) => size_of::<f64>(),
                }
        };
        self.fields.iter().map(one).sum()
    }
}

/// Whether one command may leave these behind. Errors: `PayloadTooLarge`.
pub fn check_size<'a>(written: impl Iterator<Item = &'a Document>) -> Result<(), Rejection> {
    let too_large = |message: String| Err(Rejection::new(ErrorCode::PayloadTooLarge, message));
    let mut all = 0;
    for document in written {
        let bytes = document.bytes();
        all += bytes;
        if bytes > MAX_DOCUMENT {
            return too_large(format!("a document holds at most {} KiB", MAX_DOCUMENT / 1024));
        }
    }
    match all > MAX_WRITTEN {
        true => too_large(format!("these are more than {} KiB together; ask for fewer", MAX_WRITTEN / 1024)),
        false => Ok(()),
    }
}

/// What a broadcast tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    Documents(Vec<Document>),
    Deleted(Vec<ResourceId>),
}

/// Documents were written, by a route that is broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourcesChanged {
    pub entity: String,
    pub route: RouteKind,
    /// The event's name, as it was declared then.
    pub name: String,
    /// One entity, as the older clients have it.
    pub legacy: bool,
    /// The namespaces of the entity.
    pub namespaces: Vec<String>,
    pub told: Told,
    /// The socket that asked for it, which has its answer.
    pub caller: Option<SocketId>,
}
