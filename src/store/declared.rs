//! Declared entities held against what is stored: a declaration that changed must not make old documents wrong.
//!
//! Done as the migrating role, which sees every tenant, in one transaction like a migration: all of it, or nothing and a
//! line that says why. What an entity was declared as last time is noted, so that a start without changes looks at nothing.

mod notes;

pub use notes::{Differs, agree};

use super::{StoreError, connect::connect, documents, sql};
use crate::domain::resource::{Entity, Field, Kind};
use notes::{Notes, all_noted, noted};
use serde_json::{Map, Value as Json};
use std::fmt;
use tokio_postgres::{Client, Config, types::ToSql};

/// Characters of a value that can be unique: what an index entry holds.
pub const LONGEST_UNIQUE: usize = 500;

/// Why documents that are stored do not allow a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// They hold something of another type.
    Kind,
    /// They are without a field that is required, and no default says what it should be.
    Required,
    /// Several hold the same, or more than can be unique.
    Unique,
}

/// Which documents these are.
#[derive(Debug)]
pub struct Misfits {
    pub entity: String,
    pub field: String,
    pub kind: Kind,
    pub conflict: Conflict,
    pub documents: i64,
    pub restaurants: i64,
    /// Ids of some.
    pub examples: Vec<String>,
}

impl fmt::Display for Misfits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, field, kind, conflict, documents, restaurants, examples } = self;
        write!(f, "entity {entity}, field {field}: ")?;
        match conflict {
            Conflict::Kind => write!(
                f,
                "it is {} now, and {documents} stored documents hold something else; declare it as it was, or another field",
                kind.name()
            ),
            Conflict::Required => {
                write!(
                    f,
                    "it is required now, and {documents} stored documents are without it; a default would be given to them"
                )
            }
            Conflict::Unique => {
                write!(
                    f,
                    "it is unique now, and {documents} stored documents hold the same as another one, or more than {LONGEST_UNIQUE} characters"
                )
            }
        }?;
        write!(f, " (in {restaurants} restaurants, for instance {})", examples.join(", "))
    }
}

/// What a changed declaration came to.
#[derive(Debug)]
pub enum Held {
    /// How many documents were given a default.
    Fits {
        filled: u64,
    },
    Refused(Misfits),
    /// Somebody serves by another declaration, perhaps.
    Differs(Differs),
}

/// Who holds declarations against what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A server that starts: what it declares is what counts from now on.
    Server,
    /// Who works beside servers, and must not change what they go by. What none of them ever declared is nobody's.
    Visitor,
}

/// Holds the entities against the documents of all restaurants, and makes what they need: values of fields that have become
/// unique, defaults of fields that have become required.
pub async fn hold(url: &Config, entities: &[&Entity], who: Who) -> Result<Held, StoreError> {
    let (mut client, driver) = connect(url).await.map_err(|e| StoreError::Unavailable(e.to_string()))?;
    let held = held(&mut client, entities, who).await;
    driver.abort();
    held
}

async fn held(client: &mut Client, entities: &[&Entity], who: Who) -> Result<Held, StoreError> {
    let differing = |known: &Notes| known.differing(entities).filter(|_| who == Who::Visitor);
    let known = Notes::read(client).await?;
    if let Some(differs) = differing(&known) {
        return Ok(Held::Differs(differs));
    }
    if known.changed(entities).is_empty() {
        return Ok(Held::Fits { filled: 0 });
    }
    let tx = client.transaction().await.map_err(StoreError::of)?;
    tx.batch_execute(sql!("declared/lock")).await.map_err(StoreError::of)?;
    // Again: somebody may have been quicker.
    let known = Notes::read(&tx).await?;
    if let Some(differs) = differing(&known) {
        return Ok(Held::Differs(differs));
    }
    let mut filled = 0;
    for entity in known.changed(entities) {
        let step = Step { tx: &tx, entity, before: known.get(&entity.name) };
        for field in &entity.fields {
            match step.field(field).await? {
                Ok(count) => filled += count,
                // Dropped, it is rolled back.
                Err(misfits) => return Ok(Held::Refused(misfits)),
            }
        }
        step.forget_others().await?;
        step.run(sql!("declared/note"), &[&entity.name, &all_noted(entity).to_string()]).await?;
    }
    tx.commit().await.map_err(StoreError::of)?;
    Ok(Held::Fits { filled })
}

/// One entity's turn.
struct Step<'a> {
    tx: &'a tokio_postgres::Transaction<'a>,
    entity: &'a Entity,
    before: Option<&'a Json>,
}

impl Step<'_> {
    async fn run(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64, StoreError> {
        self.tx.execute(sql, params).await.map_err(StoreError::of)
    }

    /// How many documents were given its default, or which ones do not fit.
    async fn field(&self, field: &Field) -> Result<Result<u64, Misfits>, StoreError> {
        if self.before.and_then(|before| before.get(&field.name)) == Some(&noted(field)) {
            return Ok(Ok(0));
        }
        let (entity, name) = (&self.entity.name, &field.name);
        let kind = field.kind.name();
        if let Some(found) = self.look(sql!("declared/misfits"), field, Some(&kind), Conflict::Kind).await? {
            return Ok(Err(found));
        }
        let mut filled = 0;
        match &field.default {
            Some(default) if field.required => {
                let value = documents::json(default);
                filled = self.run(sql!("declared/fill"), &[entity, name, &value]).await?;
            }
            None if field.required => {
                if let Some(found) =
                    self.look(sql!("declared/lacking"), field, None, Conflict::Required).await?
                {
                    return Ok(Err(found));
                }
            }
            _ => {}
        }
        self.run(sql!("declared/forget_keys"), &[entity, name]).await?;
        if field.unique {
            let longest = LONGEST_UNIQUE as i32;
            if let Some(found) =
                self.look(sql!("declared/doubled"), field, Some(&longest), Conflict::Unique).await?
            {
                return Ok(Err(found));
            }
            self.run(sql!("declared/make_keys"), &[entity, name]).await?;
        }
        Ok(Ok(filled))
    }

    async fn look(
        &self,
        sql: &str,
        field: &Field,
        more: Option<&(dyn ToSql + Sync)>,
        conflict: Conflict,
    ) -> Result<Option<Misfits>, StoreError> {
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![&self.entity.name, &field.name];
        params.extend(more);
        let row = self.tx.query_one(sql, &params).await.map_err(StoreError::of)?;
        let documents: i64 = row.get("documents");
        Ok((documents > 0).then(|| Misfits {
            entity: self.entity.name.clone(),
            field: field.name.clone(),
            kind: field.kind,
            conflict,
            documents,
            restaurants: row.get("restaurants"),
            examples: row.get::<_, Option<Vec<String>>>("examples").unwrap_or_default(),
        }))
    }

    /// Fields that were declared and are no more: their values can be anybody's, and a document with one can go.
    async fn forget_others(&self) -> Result<(), StoreError> {
        let before = self.before.and_then(Json::as_object);
        for name in before.into_iter().flat_map(Map::keys).filter(|name| self.entity.field(name).is_none()) {
            self.run(sql!("declared/forget_keys"), &[&self.entity.name, name]).await?;
        }
        Ok(())
    }
}
