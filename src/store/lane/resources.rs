//! Documents of declared entities in a group's transaction: what the commands need, and what they wrote.

use super::{Request, StoreError, Tx};
use crate::{
    domain::{
        ids::{EventId, ResourceId, RestaurantId},
        resource::{Document, Entity, Kept, ResourceCommand, Shelf, Slot, Unique, Value, value},
    },
    store::{
        documents,
        pipeline::{Pipeline, params},
        sql,
    },
};
use futures_util::try_join;
use jiff::Timestamp;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// What the commands name.
#[derive(Default)]
pub(super) struct Named {
    entities: HashMap<String, Arc<Entity>>,
    /// Parallel.
    of: Vec<String>,
    ids: Vec<Uuid>,
    claims: Vec<Unique>,
    customers: Vec<Uuid>,
}

impl Named {
    pub(super) fn of(requests: &[Request]) -> Self {
        let mut named = Self::default();
        for request in requests {
            if let Some(command) = request.command.of_resources() {
                named.add(command);
            }
        }
        named
    }

    fn add(&mut self, command: &ResourceCommand) {
        let entity = &command.entity;
        self.entities.insert(entity.name.clone(), Arc::clone(entity));
        for id in command.ids() {
            self.of.push(entity.name.clone());
            self.ids.push(id.0);
            if entity.kept == Kept::Customers {
                self.customers.push(id.0);
            }
        }
        self.claims.extend(command.claims());
    }

    /// Reads it; nothing where no command is of a document.
    pub(super) async fn load(
        &self,
        tx: &Tx,
        restaurant: RestaurantId,
        shelf: &mut Shelf,
    ) -> Result<(), StoreError> {
        let id = restaurant.0;
        let (entities, fields, values): (Vec<&str>, Vec<&str>, Vec<&str>) = self.claimed();
        let found = async {
            match self.ids.is_empty() {
                true => Ok(Vec::new()),
                false => tx.query(sql!("lane/documents"), &[&id, &self.of, &self.ids]).await,
            }
        };
        let owners = async {
            match self.claims.is_empty() {
                true => Ok(Vec::new()),
                false => tx.query(sql!("lane/document_keys"), &[&id, &entities, &fields, &values]).await,
            }
        };
        let needed = async {
            match self.customers.is_empty() {
                true => Ok(Vec::new()),
                false => tx.query(sql!("lane/customers_with_orders"), &[&id, &self.customers]).await,
            }
        };
        let (found, owners, needed) = try_join!(found, owners, needed)?;
        for row in &found {
            let Some(entity) = self.entities.get(row.get::<_, &str>("entity")) else { continue };
            shelf.load(Arc::clone(entity), documents::document(entity, row)?);
        }
        for row in &owners {
            let unique =
                Unique { entity: row.get("entity"), field: row.get("field"), value: row.get("value") };
            shelf.load_owner(unique, ResourceId(row.get("document_id")));
        }
        for row in &needed {
            shelf.load_needed(ResourceId(row.get("id")));
        }
        Ok(())
    }

    fn claimed(&self) -> (Vec<&str>, Vec<&str>, Vec<&str>) {
        let mut claimed = (Vec::new(), Vec::new(), Vec::new());
        for Unique { entity, field, value } in &self.claims {
            claimed.0.push(entity.as_str());
            claimed.1.push(field.as_str());
            claimed.2.push(value.as_str());
        }
        claimed
    }
}

/// Adds what the group changed. Values that are given up go first, so that another document can have them.
pub(super) fn write(
    pipeline: &mut Pipeline,
    id: RestaurantId,
    shelf: &Shelf,
    last_customer_number: u64,
    at: Timestamp,
) {
    let keys = |slot: &Slot, document: &Option<Document>| -> HashSet<Unique> {
        document.iter().flat_map(|document| Unique::of(&slot.entity, &document.fields)).collect()
    };
    let mut taken = Vec::new();
    for slot in shelf.dirty() {
        let (before, after) = (keys(slot, &slot.loaded), keys(slot, &slot.now));
        if let Some(loaded) = &slot.loaded {
            for Unique { entity, field, value } in before.difference(&after).cloned() {
                let params = params![id.0, entity, field, value, loaded.id.0];
                pipeline.add(sql!("lane/delete_document_key"), 1, params);
            }
        }
        if let Some(now) = &slot.now {
            taken.extend(after.difference(&before).cloned().map(|unique| (unique, now.id)));
        }
    }
    for slot in shelf.dirty() {
        match slot.entity.kept {
            Kept::Documents => document(pipeline, id, slot),
            Kept::Customers => customer(pipeline, id, slot),
            // No command of a lane is theirs.
            Kept::Users => {}
        }
    }
    for (Unique { entity, field, value }, owner) in taken {
        let params = params![id.0, entity, field, value, owner.0];
        pipeline.add(sql!("lane/insert_document_key"), 1, params);
    }
    if shelf.last_customer_number != last_customer_number {
        let params = params![id.0, shelf.last_customer_number as i64, last_customer_number as i64];
        pipeline.add(sql!("lane/update_customer_number"), 1, params);
    }
    for step in shelf.trail() {
        let (entity, body) = (step.entity.name.clone(), documents::column(&step.document.fields));
        let (of, kind) = (step.document.id.0, step.step.name());
        let params = params![id.0, EventId::generate().0, at, step.by.0, entity, of, kind, body];
        pipeline.add(sql!("lane/insert_document_audit"), 1, params);
    }
}

fn external_id(document: &Document) -> Option<String> {
    document.external_id.as_ref().map(ToString::to_string)
}

fn document(pipeline: &mut Pipeline, id: RestaurantId, slot: &Slot) {
    match (&slot.loaded, &slot.now) {
        (None, None) => {}
        (None, Some(now)) => {
            let (entity, body) = (slot.entity.name.clone(), documents::column(&now.fields));
            let version = now.version as i32;
            let (made, changed, external_id) = (now.created_at, now.updated_at, external_id(now));
            let params = params![id.0, now.id.0, entity, body, version, made, changed, external_id];
            pipeline.add(sql!("lane/insert_document"), 1, params);
        }
        (Some(before), Some(now)) => {
            let (body, version) = (documents::column(&now.fields), now.version as i32);
            let declared: Vec<String> = slot.entity.fields.iter().map(|field| field.name.clone()).collect();
            let was = before.version as i32;
            let params = params![id.0, now.id.0, body, version, now.updated_at, was, declared];
            pipeline.add(sql!("lane/update_document"), 1, params);
        }
        (Some(before), None) => {
            let params = params![id.0, before.id.0, before.version as i32];
            pipeline.add(sql!("lane/delete_document"), 1, params);
        }
    }
}

fn customer(pipeline: &mut Pipeline, id: RestaurantId, slot: &Slot) {
    let column = |document: &Document, name: &str| match value(&document.fields, name) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let columns = |document: &Document| ["name", "email", "phone"].map(|name| column(document, name));
    match (&slot.loaded, &slot.now) {
        (None, None) => {}
        (None, Some(now)) => {
            let ([name, email, phone], version) = (columns(now), now.version as i32);
            let number = now.number.map(|number| number as i64);
            let (made, changed) = (now.created_at, now.updated_at);
            let external_id = external_id(now);
            let params =
                params![id.0, now.id.0, number, name, email, phone, version, made, changed, external_id];
            pipeline.add(sql!("lane/insert_customer"), 1, params);
        }
        (Some(before), Some(now)) => {
            let ([name, email, phone], version) = (columns(now), now.version as i32);
            let before = before.version as i32;
            let params = params![id.0, now.id.0, name, email, phone, version, now.updated_at, before];
            pipeline.add(sql!("lane/update_customer"), 1, params);
        }
        (Some(before), None) => {
            let params = params![id.0, before.id.0, before.version as i32];
            pipeline.add(sql!("lane/delete_customer"), 1, params);
        }
    }
}
