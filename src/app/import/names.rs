//! What things are called in the file, and in files that moved in before.

use super::kind::Kind;
use crate::{domain::text::ExternalId, store::import::Known};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// The entity that a line's `product` is of.
const PRODUCT: &str = "Product";

/// What the file calls by an external id.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named {
    /// `None` where its line was refused, or its turn has not come.
    pub id: Option<Uuid>,
    pub number: Option<u64>,
    /// Where the file names it; `None` where it was there before.
    pub line: Option<u64>,
    /// A user who was there, and was removed.
    pub removed: bool,
}

/// By kind, and the entity of a document; then by external id.
#[derive(Debug, Default)]
pub struct Names(HashMap<(Kind, Option<String>), HashMap<String, Named>>);

impl Names {
    pub fn new(known: Vec<Known>) -> Self {
        let mut names = Self::default();
        for Known { kind, entity, external_id, id, number, removed } in known {
            let Some(kind) = Kind::ALL.into_iter().find(|of| of.name() == kind) else { continue };
            let named = Named { id: Some(id), number, line: None, removed };
            names.0.entry((kind, entity)).or_default().insert(external_id, named);
        }
        names
    }

    /// Notes that this line names it; what is called so already, where something is.
    pub fn enter(
        &mut self,
        kind: Kind,
        entity: Option<&str>,
        external_id: &ExternalId,
        line: u64,
    ) -> Option<Named> {
        let names = self.0.entry((kind, entity.map(str::to_owned))).or_default();
        match names.entry(external_id.to_string()) {
            Entry::Occupied(named) => Some(*named.get()),
            Entry::Vacant(free) => {
                free.insert(Named { line: Some(line), ..Named::default() });
                None
            }
        }
    }

    /// It is there now.
    pub fn arrived(
        &mut self,
        kind: Kind,
        entity: Option<String>,
        external_id: &ExternalId,
        id: Uuid,
        number: Option<u64>,
    ) {
        let named = self.0.entry((kind, entity)).or_default().entry(external_id.to_string()).or_default();
        (named.id, named.number) = (Some(id), number);
    }

    /// What an order refers to. Errors: why nothing is called so.
    pub fn find(&self, kind: Kind, external_id: &ExternalId) -> Result<Named, String> {
        let entity = (kind == Kind::Document).then(|| PRODUCT.to_owned());
        let named = self.0.get(&(kind, entity)).and_then(|names| names.get(external_id.as_str()));
        match named {
            Some(named @ Named { id: Some(_), .. }) => Ok(*named),
            Some(Named { line: Some(line), .. }) => {
                Err(format!("{external_id} is refused itself, see line {line}"))
            }
            _ => Err(format!("{external_id} is neither in the file nor in the restaurant")),
        }
    }
}
