//! The documents that a group of commands needs, in memory: what was loaded, what it is now, who has which unique value.

use super::{Change, Document, Entity, Fields, Kept, ResourceCommand, check_size, value};
use crate::{
    code::ErrorCode,
    domain::{
        context::Context,
        ids::{ResourceId, UserId},
        rejection::Rejection,
    },
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// A value that one document of a restaurant has and no other may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unique {
    pub entity: String,
    pub field: String,
    pub value: String,
}

impl Unique {
    /// The unique ones among these.
    pub fn of(entity: &Entity, fields: &Fields) -> Vec<Self> {
        let declared = entity.fields.iter().filter(|field| field.unique);
        declared
            .filter_map(|field| {
                let value = value(fields, &field.name)?.to_string();
                Some(Self { entity: entity.name.clone(), field: field.name.clone(), value })
            })
            .collect()
    }
}

/// One document: as it was loaded, and as it is now; `None` is one that is not there.
#[derive(Debug, Clone)]
pub struct Slot {
    pub entity: Arc<Entity>,
    pub loaded: Option<Document>,
    pub now: Option<Document>,
}

/// What was done to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Created,
    Changed,
    Deleted,
}

impl Step {
    pub const fn name(self) -> &'static str {
        match self {
            Step::Created => "created",
            Step::Changed => "changed",
            Step::Deleted => "deleted",
        }
    }
}

/// A step and who took it, for the record: not every change is an event.
#[derive(Debug, Clone)]
pub struct Trail {
    pub by: UserId,
    pub entity: Arc<Entity>,
    pub step: Step,
    /// As it was left, or as it was before it went.
    pub document: Document,
}

/// See above.
#[derive(Debug, Default)]
pub struct Shelf {
    slots: HashMap<ResourceId, Slot>,
    owners: HashMap<Unique, ResourceId>,
    /// Customers with orders, which cannot go.
    needed: HashSet<ResourceId>,
    trail: Vec<Trail>,
    /// The last number given to a customer.
    pub last_customer_number: u64,
    /// What the next new customer is numbered instead.
    kept_number: Option<u64>,
}

/// Numbers for new customers: the one that is kept, then those that follow the last, which is the highest.
struct Numbers {
    kept: Option<u64>,
    last: u64,
}

impl Numbers {
    fn next(&mut self) -> u64 {
        let number = self.kept.take().unwrap_or(self.last + 1);
        self.last = self.last.max(number);
        number
    }
}

/// One document before and after a command.
#[derive(Debug, Clone)]
pub struct Move {
    before: Option<Document>,
    pub after: Option<Document>,
}

impl Move {
    fn id(&self) -> Option<ResourceId> {
        self.before.as_ref().or(self.after.as_ref()).map(|document| document.id)
    }

    fn step(&self) -> Option<(Step, &Document)> {
        match (&self.before, &self.after) {
            (None, Some(after)) => Some((Step::Created, after)),
            (Some(before), Some(after)) if before != after => Some((Step::Changed, after)),
            (Some(before), None) => Some((Step::Deleted, before)),
            _ => None,
        }
    }

    /// True where it is not what it was.
    pub fn is_one(&self) -> bool {
        self.step().is_some()
    }
}

impl Shelf {
    pub fn load(&mut self, entity: Arc<Entity>, document: Document) {
        for unique in Unique::of(&entity, &document.fields) {
            self.owners.insert(unique, document.id);
        }
        let slot = Slot { entity, loaded: Some(document.clone()), now: Some(document.clone()) };
        self.slots.insert(document.id, slot);
    }

    pub fn load_owner(&mut self, unique: Unique, id: ResourceId) {
        self.owners.insert(unique, id);
    }

    pub fn load_needed(&mut self, id: ResourceId) {
        self.needed.insert(id);
    }

    /// Documents to write.
    pub fn dirty(&self) -> impl Iterator<Item = &Slot> {
        self.slots.values().filter(|slot| slot.loaded != slot.now)
    }

    /// What a command of this group made is called otherwise now.
    pub fn put(&mut self, document: Document) {
        if let Some(slot) = self.slots.get_mut(&document.id) {
            slot.now = Some(document);
        }
    }

    /// The next command's first new customer has this number, unless another of this group has it.
    pub fn keep_number(&mut self, number: Option<u64>) {
        let taken = |slot: &Slot| slot.now.as_ref().is_some_and(|customer| customer.number == number);
        self.kept_number = number.filter(|_| !self.slots.values().any(taken));
    }

    /// In the order in which it happened.
    pub fn trail(&self) -> &[Trail] {
        &self.trail
    }

    fn document(&self, entity: &Entity, id: ResourceId) -> Result<&Document, Rejection> {
        let slot = self.slots.get(&id).filter(|slot| slot.entity.name == entity.name);
        slot.and_then(|slot| slot.now.as_ref()).ok_or_else(|| Rejection::not_found(&entity.name, id))
    }

    /// Does all of it, or nothing.
    pub fn carry_out(
        &mut self,
        ctx: &Context<'_>,
        command: &ResourceCommand,
    ) -> Result<Vec<Move>, Rejection> {
        let mut numbers = Numbers { kept: self.kept_number.take(), last: self.last_customer_number };
        let moves = self.plan(ctx, command, &mut numbers)?;
        check_size(moves.iter().filter_map(|step| step.after.as_ref()))?;
        let owners = self.settle(&command.entity, &moves)?;
        self.owners = owners;
        self.last_customer_number = numbers.last;
        for step in &moves {
            let (Some(id), Some((what, document))) = (step.id(), step.step()) else { continue };
            let (entity, document) = (command.entity.clone(), document.clone());
            self.trail.push(Trail { by: ctx.by.user, entity, step: what, document });
            let entity = command.entity.clone();
            let slot = self.slots.entry(id).or_insert_with(|| Slot { entity, loaded: None, now: None });
            slot.now.clone_from(&step.after);
        }
        Ok(moves)
    }

    fn plan(
        &self,
        ctx: &Context<'_>,
        command: &ResourceCommand,
        numbers: &mut Numbers,
    ) -> Result<Vec<Move>, Rejection> {
        let entity = &command.entity;
        let mut make = |fields: Fields| {
            let number = (entity.kept == Kept::Customers).then(|| numbers.next());
            let (id, at) = (ResourceId::generate(), ctx.at);
            let made = Document {
                id,
                number,
                fields,
                version: 1,
                created_at: at,
                updated_at: at,
                external_id: None,
            };
            Move { before: None, after: Some(made) }
        };
        let becomes = |before: &Document, fields: Fields| {
            let mut after = before.clone();
            if after.fields != fields {
                after = Document { fields, version: before.version + 1, updated_at: ctx.at, ..after };
            }
            Move { before: Some(before.clone()), after: Some(after) }
        };
        match &command.change {
            Change::Create(new) => Ok(new.iter().cloned().map(make).collect()),
            Change::Update { ids, fields } => self
                .seen(ctx, entity, ids)?
                .map(|before| Ok(becomes(before, overlaid(entity, &before.fields, fields))))
                .collect(),
            Change::Replace { id, fields } => {
                let before = self.seen(ctx, entity, &[*id])?;
                Ok(before.map(|before| becomes(before, fields.clone())).collect())
            }
            Change::Delete(ids) => self
                .seen(ctx, entity, ids)?
                .map(|before| {
                    if self.needed.contains(&before.id) {
                        let message = format!("{} with ID {} has orders", entity.name, before.id);
                        return Err(Rejection::new(ErrorCode::ResourceInUse, message));
                    }
                    Ok(Move { before: Some(before.clone()), after: None })
                })
                .collect(),
            Change::Duplicate { ids, overrides } => {
                let fields =
                    self.seen(ctx, entity, ids)?.map(|before| overlaid(entity, &before.fields, overrides));
                Ok(fields.map(&mut make).collect())
            }
        }
    }

    /// These documents, or the refusal of the first that is not there, or not as its sender saw it.
    fn seen<'a>(
        &'a self,
        ctx: &Context<'_>,
        entity: &Entity,
        ids: &[ResourceId],
    ) -> Result<impl Iterator<Item = &'a Document> + use<'a>, Rejection> {
        let one = |id: &ResourceId| {
            let document = self.document(entity, *id)?;
            ctx.require_version(document.version)?;
            Ok(document)
        };
        Ok(ids.iter().map(one).collect::<Result<Vec<_>, Rejection>>()?.into_iter())
    }

    /// Who has which unique value afterwards. What one document gives up another may take.
    fn settle(&self, entity: &Entity, moves: &[Move]) -> Result<HashMap<Unique, ResourceId>, Rejection> {
        let mut owners = self.owners.clone();
        let befores = moves.iter().filter_map(|step| step.before.as_ref());
        // A duplicate's original keeps what it has: it is not among these.
        for unique in befores.flat_map(|before| Unique::of(entity, &before.fields)) {
            owners.remove(&unique);
        }
        for after in moves.iter().filter_map(|step| step.after.as_ref()) {
            for unique in Unique::of(entity, &after.fields) {
                let message = format!("{} must be unique", unique.field);
                if owners.insert(unique, after.id).is_some() {
                    return Err(Rejection::new(ErrorCode::ValueTaken, message));
                }
            }
        }
        Ok(owners)
    }
}

/// `over` laid over `under`, in the order of the declaration.
fn overlaid(entity: &Entity, under: &Fields, over: &Fields) -> Fields {
    let named = entity.fields.iter().filter_map(|field| {
        let value = value(over, &field.name).or_else(|| value(under, &field.name))?;
        Some((field.name.clone(), value.clone()))
    });
    named.collect()
}
