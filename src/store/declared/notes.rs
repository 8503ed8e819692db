//! What entities were declared as by whoever held the database last: what its servers go by.

use super::super::{StoreError, Tx, sql};
use crate::domain::resource::{Entity, Field, Kept};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashMap, fmt};
use tokio_postgres::{GenericClient, Row};

/// By entity; what cannot be read is none, and all is looked at again.
pub(super) struct Notes(HashMap<String, Json>);

/// An entity that is not declared as where its documents are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    pub entity: String,
    /// Those of its fields that are another, or that only one of both has.
    pub fields: Vec<String>,
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, fields } = self;
        let (fields, noun) = (fields.join(", "), if fields.len() == 1 { "field" } else { "fields" });
        write!(
            f,
            "entity {entity}, {noun} {fields}: declared otherwise than where this database was served last; start the servers \
             with this file first, or take theirs"
        )
    }
}

impl Notes {
    pub(super) async fn read(client: &impl GenericClient) -> Result<Self, StoreError> {
        let rows = client.query(sql!("declared/known"), &[]).await.map_err(StoreError::of)?;
        Ok(Self::of(&rows))
    }

    fn of(rows: &[Row]) -> Self {
        let note = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self(rows.iter().map(|row| (row.get("name"), note(row.get("declared")))).collect())
    }

    pub(super) fn get(&self, entity: &str) -> Option<&Json> {
        self.0.get(entity)
    }

    /// Entities of documents that are declared otherwise now, or for the first time; each once, as several declarations of
    /// one have the same fields.
    pub(super) fn changed<'a>(&self, entities: &[&'a Entity]) -> Vec<&'a Entity> {
        let mut changed: Vec<&Entity> = entities.to_vec();
        changed.retain(|entity| {
            entity.kept == Kept::Documents && self.get(&entity.name) != Some(&all_noted(entity))
        });
        changed.sort_by(|a, b| a.name.cmp(&b.name));
        changed.dedup_by(|a, b| a.name == b.name);
        changed
    }

    /// The first of these that is known as something else.
    pub(super) fn differing(&self, entities: &[&Entity]) -> Option<Differs> {
        self.changed(entities).into_iter().find_map(|entity| {
            let known = self.get(&entity.name)?;
            Some(differs(entity, known))
        })
    }
}

fn differs(entity: &Entity, known: &Json) -> Differs {
    let here = all_noted(entity);
    let names = |all: &Json| all.as_object().into_iter().flat_map(Map::keys).cloned().collect::<Vec<_>>();
    let mut fields = [names(&here), names(known)].concat();
    fields.sort();
    fields.dedup();
    fields.retain(|name| here.get(name) != known.get(name));
    Differs { entity: entity.name.clone(), fields }
}

/// What of a field's declaration stored documents must agree with.
pub(super) fn noted(field: &Field) -> Json {
    json!({ "type": field.kind.name(), "required": field.required, "unique": field.unique })
}

pub(super) fn all_noted(entity: &Entity) -> Json {
    Json::Object(entity.fields.iter().map(|field| (field.name.clone(), noted(field))).collect::<Map<_, _>>())
}

/// Whether documents are kept by these declarations, to the end of the transaction: a server that starts with others waits.
/// What nobody has held is not.
pub async fn agree(tx: &Tx, entities: &[&Entity]) -> Result<Result<(), Differs>, StoreError> {
    tx.execute(sql!("declared/share"), &[]).await?;
    let notes = Notes::of(&tx.query(sql!("declared/known"), &[]).await?);
    let changed = notes.changed(entities).into_iter().next();
    Ok(changed.map_or(Ok(()), |entity| Err(differs(entity, notes.get(&entity.name).unwrap_or(&Json::Null)))))
}
