//! Changes of documents: what a client wants done, read by the declared schema, so that only other documents can refuse it.

use super::{Broadcast, Entity, Fields, ResourcesChanged, RouteKind, Told, Unique};
use crate::domain::{
    command::IdempotencyKey,
    event::Event,
    ids::{ResourceId, SocketId},
};
use std::sync::Arc;

/// What is to be done. No list is empty, and none names an id twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Whole documents, defaults included.
    Create(Vec<Fields>),
    /// What is not named stays.
    Update {
        ids: Vec<ResourceId>,
        fields: Fields,
    },
    /// What is not named goes.
    Replace {
        id: ResourceId,
        fields: Fields,
    },
    Delete(Vec<ResourceId>),
    /// New documents like these, but for the overrides.
    Duplicate {
        ids: Vec<ResourceId>,
        overrides: Fields,
    },
}

/// A change of one entity's documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceCommand {
    pub entity: Arc<Entity>,
    pub route: RouteKind,
    pub change: Change,
    /// The socket it came over.
    pub caller: Option<SocketId>,
}

impl ResourceCommand {
    /// Documents that must be there.
    pub fn ids(&self) -> &[ResourceId] {
        match &self.change {
            Change::Create(_) => &[],
            Change::Replace { id, .. } => std::slice::from_ref(id),
            Change::Update { ids, .. } | Change::Delete(ids) | Change::Duplicate { ids, .. } => ids,
        }
    }

    /// Values that some other document may have.
    pub fn claims(&self) -> Vec<Unique> {
        let of = |fields: &Fields| Unique::of(&self.entity, fields);
        match &self.change {
            Change::Create(new) => new.iter().flat_map(of).collect(),
            Change::Update { fields, .. } | Change::Replace { fields, .. } => of(fields),
            Change::Duplicate { overrides, .. } => of(overrides),
            Change::Delete(_) => Vec::new(),
        }
    }

    /// A key is of one route: that of another entity's is another key. No entity's name has a colon.
    #[must_use]
    pub fn scoped(&self, key: IdempotencyKey) -> IdempotencyKey {
        IdempotencyKey { key: format!("{}:{}", self.entity.name, key.key), ..key }
    }

    /// True where everyone is told of it.
    pub fn is_told(&self) -> bool {
        self.entity.route(self.route).is_some_and(|route| route.broadcast != Broadcast::Off)
    }

    /// What everyone is told of it, where its route is broadcast.
    pub fn events(&self, told: Told) -> Vec<Event> {
        let Some(route) = self.entity.route(self.route) else { return Vec::new() };
        let event = |name: &str, legacy, told| {
            Event::ResourcesChanged(Box::new(ResourcesChanged {
                entity: self.entity.name.clone(),
                route: self.route,
                name: name.to_owned(),
                legacy,
                namespaces: self.entity.namespaces.clone(),
                told,
                caller: self.caller,
            }))
        };
        match (route.broadcast, told) {
            (Broadcast::Off, _) => Vec::new(),
            (_, Told::Documents(documents)) if documents.is_empty() => Vec::new(),
            (Broadcast::On, told) => vec![event(&route.event, false, told)],
            (Broadcast::Legacy, Told::Documents(documents)) => {
                let one = |document| event(&route.legacy_event, true, Told::Documents(vec![document]));
                documents.into_iter().map(one).collect()
            }
            (Broadcast::Legacy, Told::Deleted(ids)) => {
                let one = |id| event(&route.legacy_event, true, Told::Deleted(vec![id]));
                ids.into_iter().map(one).collect()
            }
        }
    }
}
