//! Entities: what a house declares about its own things, checked once when the server starts.

use super::value::Value;
use crate::domain::principal::Role;
use serde::{Deserialize, Serialize};

/// Fields that an entity may declare.
pub const MAX_FIELDS: usize = 100;

/// What a field can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    String,
    Number,
    /// Between -(2^53 - 1) and 2^53 - 1.
    Integer,
    Boolean,
    /// A point in time, to the millisecond.
    Date,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::String, Kind::Number, Kind::Integer, Kind::Boolean, Kind::Date];

    /// Its name in declarations.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::Number => "number",
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
        }
    }
}

/// One declared field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// A document without it is refused.
    pub required: bool,
    /// False for what is shown and cannot be said: a body that names it is refused.
    pub writable: bool,
    /// No two documents of a restaurant have the same.
    pub unique: bool,
    /// Where a new document does not say.
    pub default: Option<Value>,
    /// Least and largest number.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Characters of a text.
    pub min_length: usize,
    pub max_length: usize,
}

/// The eleven things one can do with documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RouteKind {
    GetMany,
    GetOne,
    CreateOne,
    CreateMany,
    UpdateOne,
    UpdateMany,
    ReplaceOne,
    DeleteOne,
    DeleteMany,
    DuplicateOne,
    DuplicateMany,
}

impl RouteKind {
    pub const ALL: [RouteKind; 11] = [
        RouteKind::GetMany,
        RouteKind::GetOne,
        RouteKind::CreateOne,
        RouteKind::CreateMany,
        RouteKind::UpdateOne,
        RouteKind::UpdateMany,
        RouteKind::ReplaceOne,
        RouteKind::DeleteOne,
        RouteKind::DeleteMany,
        RouteKind::DuplicateOne,
        RouteKind::DuplicateMany,
    ];

    /// Its name in declarations, in metrics, and in the scope of idempotency keys.
    pub const fn name(self) -> &'static str {
        match self {
            RouteKind::GetMany => "GetMany",
            RouteKind::GetOne => "GetOne",
            RouteKind::CreateOne => "CreateOne",
            RouteKind::CreateMany => "CreateMany",
            RouteKind::UpdateOne => "UpdateOne",
            RouteKind::UpdateMany => "UpdateMany",
            RouteKind::ReplaceOne => "ReplaceOne",
            RouteKind::DeleteOne => "DeleteOne",
            RouteKind::DeleteMany => "DeleteMany",
            RouteKind::DuplicateOne => "DuplicateOne",
            RouteKind::DuplicateMany => "DuplicateMany",
        }
    }

    /// True where nothing is changed by it.
    pub const fn reads(self) -> bool {
        matches!(self, RouteKind::GetMany | RouteKind::GetOne)
    }

    /// True where nothing is left to be told of but ids.
    pub const fn deletes(self) -> bool {
        matches!(self, RouteKind::DeleteOne | RouteKind::DeleteMany)
    }

    /// True where it is answered with a list.
    pub const fn is_many(self) -> bool {
        matches!(
            self,
            RouteKind::GetMany
                | RouteKind::CreateMany
                | RouteKind::UpdateMany
                | RouteKind::DeleteMany
                | RouteKind::DuplicateMany
        )
    }
}

/// Who hears that something was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Broadcast {
    Off,
    /// One event with all entities, under the route's event name.
    On,
    /// One event for each entity, under `{entity}-{route}`.
    Legacy,
}

/// One of an entity's routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub kind: RouteKind,
    /// Its name over sockets, and that of its broadcast.
    pub event: String,
    /// That of its broadcast in the old form.
    pub legacy_event: String,
    /// True where it can be called over a socket.
    pub socket: bool,
    pub broadcast: Broadcast,
    /// Who may use it.
    pub roles: Vec<Role>,
}

/// Where an entity's documents are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Documents,
    /// The customers that orders are for.
    Customers,
    /// The people who log in.
    Users,
}

/// A declared entity, as one of its declarations has it: another one may give the same documents other routes.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub name: String,
    /// Under which REST finds it, without slashes at its ends.
    pub path: String,
    pub kept: Kept,
    pub fields: Vec<Field>,
    /// In the order of [`RouteKind::ALL`], as far as it has them.
    pub routes: Vec<Route>,
    /// Where its routes can be called over Socket.IO.
    pub namespaces: Vec<String>,
}

// Bounds of numbers are finite: they were read from a file that knows no NaN.
impl Eq for Entity {}
impl Eq for Field {}

impl Entity {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn route(&self, kind: RouteKind) -> Option<&Route> {
        self.routes.iter().find(|route| route.kind == kind)
    }

    /// The same where this role makes documents, whatever is declared of that: for those that move in.
    #[must_use]
    pub fn made_by(&self, role: Role) -> Self {
        let kind = RouteKind::CreateOne;
        let route = self.route(kind).cloned().unwrap_or_else(|| Route {
            kind,
            event: String::new(),
            legacy_event: String::new(),
            socket: false,
            broadcast: Broadcast::Off,
            roles: Vec::new(),
        });
        Self { routes: vec![Route { roles: vec![role], ..route }], ..self.clone() }
    }

    /// Who may use this route; nobody, where there is none.
    pub fn roles(&self, kind: RouteKind) -> &[Role] {
        self.route(kind).map_or(&[], |route| &route.roles)
    }
}
