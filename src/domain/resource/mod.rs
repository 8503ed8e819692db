//! Resources (specification 003): documents of entities that are declared in a file and need no Rust.

mod change;
mod entity;
mod shelf;
mod value;

pub use change::{Change, ResourceCommand};
pub use entity::{Broadcast, Entity, Field, Kept, Kind, Route, RouteKind};
pub use shelf::{Shelf, Slot, Step, Trail, Unique};
pub use value::{Fields, Number, Value, value};

use super::{
    ids::{ResourceId, SocketId},
    text::ExternalId,
};
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
