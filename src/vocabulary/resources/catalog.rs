//! The catalog: all declared entities, by their paths and events. Whatever is wrong with a declaration is one line.

use super::declaration;
use crate::{
    config::{Mistake, entities::Declared},
    domain::resource::{Broadcast, Entity, Field, Kept, Route, RouteKind},
    wire::event::Vocabulary,
};
use std::{collections::HashMap, sync::Arc};

/// Events of ours, and those that Socket.IO keeps for itself, which no entity's may be called.
const TAKEN: &[&str] = &[
    "auth",
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "error",
    "exception",
    "heartbeat",
    "joinRoom",
    "leaveRoom",
    "newListener",
    "new_order",
    "orderCreated",
    "orderDeleted",
    "orderUpdated",
    "order_shipped",
    "poison",
    "ready",
    "removeListener",
    "resync",
    "seen",
    "test",
    "test-response",
];
/// What begins so is the login's.
const TAKEN_PREFIX: &str = "auth-";

/// See above.
#[derive(Debug, Default)]
pub struct Catalog {
    entities: Vec<Arc<Entity>>,
    events: HashMap<String, (usize, RouteKind)>,
}

impl Catalog {
    /// Checks a declaration. `paths` are the first parts of paths that are the server's own.
    pub fn new(declared: &Declared, paths: &[String]) -> Result<Self, Mistake> {
        let mut this = Self::default();
        for entity in &declared.entities {
            let entity = declaration::entity(declared, entity, this.entities.iter().map(|other| &**other))?;
            let mistake = |what: String| {
                Mistake::new(format_args!("{}: entity {}: {what}", declared.origin, entity.name))
            };
            let first = entity.path.split('/').next().unwrap_or_default();
            if paths.iter().any(|path| path == first) {
                return Err(mistake(format!("path {} is the server's own; choose another", entity.path)));
            }
            if let Some(other) = this.entities.iter().find(|other| other.path == entity.path) {
                return Err(mistake(format!("path {} is that of {} already", entity.path, other.name)));
            }
            for route in &entity.routes {
                this.take(&entity, route).map_err(mistake)?;
            }
            this.entities.push(Arc::new(entity));
        }
        Ok(this)
    }

    /// The same with what the house keeps of its people, which is read and written where they are documents. Nobody must
    /// have it there: whoever makes a user need not know it.
    #[must_use]
    pub fn with_people(mut self, fields: &[Field]) -> Self {
        for entity in self.entities.iter_mut().filter(|entity| entity.kept == Kept::Users) {
            let kept = fields.iter().map(|field| Field { required: false, unique: false, ..field.clone() });
            Arc::make_mut(entity).fields.extend(kept);
        }
        self
    }

    /// Notes what the route is called over sockets, and what its broadcast is.
    fn take(&mut self, entity: &Entity, route: &Route) -> Result<(), String> {
        let is_used = route.socket || route.broadcast == Broadcast::On;
        let legacy = (route.broadcast == Broadcast::Legacy).then_some(&route.legacy_event);
        for event in is_used.then_some(&route.event).into_iter().chain(legacy) {
            let kind = route.kind.name();
            if TAKEN.contains(&event.as_str()) || event.starts_with(TAKEN_PREFIX) {
                return Err(format!(
                    "route {kind}: event {event} is the server's own; choose another eventName"
                ));
            }
            let here = (self.entities.len(), route.kind);
            if let Some((other, other_kind)) = self.events.insert(event.clone(), here) {
                let other = self.entities.get(other).map_or(&entity.name, |entity| &entity.name);
                let other_kind = other_kind.name();
                return Err(format!("route {kind}: event {event} is that of {other}'s {other_kind} already"));
            }
        }
        Ok(())
    }

    /// Every declaration, in the file's order.
    pub fn entities(&self) -> &[Arc<Entity>] {
        &self.entities
    }

    /// The same, for who only looks at them.
    pub fn all(&self) -> Vec<&Entity> {
        self.entities.iter().map(|entity| &**entity).collect()
    }

    /// What a client calls by this event: an entity and one of its routes, where it can be called over sockets, and in
    /// these words.
    pub fn called(&self, vocabulary: Vocabulary, event: &str) -> Option<(&Arc<Entity>, RouteKind)> {
        let &(index, kind) = self.events.get(event)?;
        let entity = self.entities.get(index)?;
        let route = entity.route(kind)?;
        let speaks = |name: &String| Vocabulary::of_namespace(name) == Some(vocabulary);
        let is_here = entity.namespaces.iter().any(speaks);
        (is_here && route.socket && route.event == event).then_some((entity, kind))
    }
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
