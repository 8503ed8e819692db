//! A line of the file, read by itself: a record that only the restaurant can refuse, or every fault of the line.

use super::kind::{Fault, Kind};
use crate::{
    auth::{Email, StoredHash},
    domain::{
        command::NewLine,
        item::{ItemStatus, MAX_QTY},
        menu::DishChange,
        money::Decimal,
        moving::OPEN_STATUSES,
        order::MAX_ITEMS,
        principal::Role,
        production::{NewProductionOrder, Stages},
        resource::{Change, Entity, Fields as Values, Kept, ResourceCommand, RouteKind, Value},
        text::{Contact, ExternalId, Label, Name, Note},
    },
    store::import::MovedUser,
    vocabulary::{
        fields::Fields,
        production::wanted,
        profile::Declared,
        resources::bodies::{self, Target},
    },
};
use jiff::Timestamp;
use std::sync::Arc;

/// What moves in, under the name it had.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub external_id: ExternalId,
    pub thing: Thing,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Thing {
    Table {
        name: Name,
    },
    User(MovedUser),
    Dish {
        name: Name,
        category: Label,
        price: Decimal,
        change: DishChange,
    },
    /// A customer too.
    Document(ResourceCommand),
    Order(Order),
    Production {
        new: NewProductionOrder,
        stages: Stages,
    },
}

/// An open order; whatever it refers to is named as the other system did.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub table: Option<ExternalId>,
    pub customer: Option<ExternalId>,
    pub waiter: Option<ExternalId>,
    pub note: Option<Note>,
    pub created_at: Option<Timestamp>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub line: NewLine,
    pub dish: Option<ExternalId>,
    /// Of the entity `Product`.
    pub product: Option<ExternalId>,
    pub status: ItemStatus,
}

/// What the house declares: its entities, the fields of its people, and the stages of its production orders.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    pub entities: &'a [Arc<Entity>],
    /// As they are declared, or built in.
    pub customers: &'a Arc<Entity>,
    pub people: &'a Declared,
    pub stages: &'a Stages,
}

impl Record {
    /// Reads a line.
    pub fn parse(
        line: &[u8],
        House { entities, customers, people, stages }: House<'_>,
    ) -> Result<Self, Fault> {
        let mut fields =
            Fields::parse(line).map_err(|error| Fault { kind: None, why: vec![error.to_string()] })?;
        let Some(kind) = fields.required("kind").one_of("kind", &Kind::ALL, Kind::name) else {
            // Of what is none of these nothing else can be said.
            let why = fields.finish(None::<()>).err().into_iter().flatten().take(1).collect();
            return Err(Fault { kind: None, why });
        };
        if !fields.has("externalId") {
            fields.required("externalId");
        }
        let external_id = external_id(&mut fields, "externalId");
        let thing = match kind {
            Kind::Table => {
                fields.required("name").text("name", Name::parse).map(|name| Thing::Table { name })
            }
            Kind::User => user(&mut fields, external_id.as_ref(), people),
            Kind::Customer => customer(&mut fields, customers),
            Kind::Dish => dish(&mut fields),
            Kind::Document => document(&mut fields, entities),
            Kind::Order => order(&mut fields).map(Thing::Order),
            Kind::Production => {
                wanted(&mut fields).map(|new| Thing::Production { new, stages: stages.clone() })
            }
        };
        let record = external_id.zip(thing).map(|(external_id, thing)| Self { external_id, thing });
        fields.finish(record).map_err(|why| Fault { kind: Some(kind), why })
    }

    pub fn kind(&self) -> Kind {
        match &self.thing {
            Thing::Table { .. } => Kind::Table,
            Thing::User(_) => Kind::User,
            Thing::Dish { .. } => Kind::Dish,
            Thing::Document(command) if command.entity.kept == Kept::Customers => Kind::Customer,
            Thing::Document(_) => Kind::Document,
            Thing::Order(_) => Kind::Order,
            Thing::Production { .. } => Kind::Production,
        }
    }

    /// The entity of a document.
    pub fn entity(&self) -> Option<&str> {
        match &self.thing {
            Thing::Document(command) if command.entity.kept == Kept::Documents => Some(&command.entity.name),
            _ => None,
        }
    }
}

/// A text, or a whole number as its digits: both are ids elsewhere.
fn external_id(fields: &mut Fields<'_>, name: &str) -> Option<ExternalId> {
    match fields.whole(name) {
        Some(number) => ExternalId::parse(&number).ok(),
        None => fields.text(name, ExternalId::parse),
    }
}

fn user(fields: &mut Fields<'_>, external_id: Option<&ExternalId>, people: &Declared) -> Option<Thing> {
    let email = fields.required("email").parsed("email", Email::parse);
    let name = fields.required("name").text("name", Name::parse);
    let role = fields.required("role").one_of("role", &Role::ALL, Role::name);
    let hash = fields
        .required("passwordHash")
        .parsed("passwordHash", |text| StoredHash::parse(text).map(|_| text.to_owned()));
    let profile = people.read(fields, true);
    let ((email, name), (role, password_hash)) = email.zip(name).zip(role.zip(hash))?;
    let (external_id, email) = (external_id?.clone(), email.as_str().to_owned());
    Some(Thing::User(MovedUser { external_id, email, name, role, password_hash, profile }))
}

/// Customers are there whether the house declares them or not.
fn customer(fields: &mut Fields<'_>, entity: &Arc<Entity>) -> Option<Thing> {
    let name = fields.required("name").text("name", Name::parse).map(|name| name.to_string());
    let contact = |contact: Contact| contact.to_string();
    let email = fields.text("email", Contact::parse).map(contact);
    let phone = fields.text("phone", Contact::parse).map(contact);
    let columns = [("name", Some(name?)), ("email", email), ("phone", phone)];
    let values = columns.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::Text(text?))));
    Some(Thing::Document(created(entity, values.collect())))
}

fn created(entity: &Entity, values: Values) -> ResourceCommand {
    let (entity, change) = (Arc::new(entity.made_by(Role::Manager)), Change::Create(vec![values]));
    ResourceCommand { entity, route: RouteKind::CreateOne, change, caller: None }
}

/// `category` need not be there yet.
fn dish(fields: &mut Fields<'_>) -> Option<Thing> {
    let name = fields.required("name").text("name", Name::parse);
    let category = fields.required("category").text("category", Label::parse);
    let price = fields.required("price").decimal("price");
    let change = DishChange {
        course: fields.text("course", Label::parse).map(Some),
        station: fields.text("station", Label::parse).map(Some),
        ..DishChange::default()
    };
    let ((name, category), price) = name.zip(category).zip(price)?;
    Some(Thing::Dish { name, category, price, change })
}

/// `fields` by the entity's declaration, as `POST` of its path has them.
fn document(fields: &mut Fields<'_>, entities: &[Arc<Entity>]) -> Option<Thing> {
    let documents = entities.iter().filter(|entity| entity.kept == Kept::Documents);
    // Several declarations of one name are of the same documents.
    let mut all: Vec<&Arc<Entity>> = documents.collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup_by(|a, b| a.name == b.name);
    let body = fields.required("fields").raw("fields");
    let name = fields.required("entity").plain("entity")?;
    let Some(entity) = all.iter().find(|entity| entity.name == name) else {
        let names: Vec<&str> = all.iter().map(|entity| entity.name.as_str()).collect();
        fields.at("entity", &format!("must be one of the following values: {}", names.join(", ")));
        return None;
    };
    match bodies::change(entity, RouteKind::CreateOne, Target::Named(Vec::new()), body?.as_bytes()) {
        Ok(change) => {
            let (entity, route) = (Arc::new(entity.made_by(Role::Manager)), RouteKind::CreateOne);
            Some(Thing::Document(ResourceCommand { entity, route, change, caller: None }))
        }
        Err(refused) => {
            fields.within("fields", refused.messages);
            None
        }
    }
}

fn order(fields: &mut Fields<'_>) -> Option<Order> {
    let order = Order {
        table: external_id(fields, "table"),
        customer: external_id(fields, "customer"),
        waiter: external_id(fields, "waiter"),
        note: fields.text("note", Note::parse),
        created_at: fields.time("createdAt"),
        lines: Vec::new(),
    };
    let items = fields.list("items", MAX_ITEMS)?;
    let mut lines = Vec::with_capacity(items.len());
    for (n, raw) in items.into_iter().enumerate() {
        let place = format!("items.{n}");
        match Fields::parse(raw.get().as_bytes()) {
            Err(_) => fields.at(&place, "must be an object"),
            Ok(mut item) => {
                let read = line(&mut item);
                match item.finish(read) {
                    Ok(line) => lines.push(line),
                    Err(faults) => fields.within(&place, faults),
                }
            }
        }
    }
    Some(Order { lines, ..order })
}

/// Name and price are the dish's or the product's, where the line has none.
fn line(fields: &mut Fields<'_>) -> Option<Line> {
    let (dish, product) = (external_id(fields, "dish"), external_id(fields, "product"));
    if dish.is_none() && product.is_none() {
        ["name", "unitPrice"].into_iter().for_each(|name| _ = fields.required(name));
    }
    let name = fields.text("name", Name::parse);
    let qty = fields.required("qty").integer("qty", 1..=u64::from(MAX_QTY));
    let unit_price = fields.decimal("unitPrice");
    let notes = fields.text("notes", Note::parse);
    let course = fields.text("course", Label::parse);
    let station = fields.text("station", Label::parse);
    let status = fields.one_of("status", &OPEN_STATUSES, ItemStatus::name).unwrap_or(ItemStatus::Pending);
    let line = NewLine { menu_item: None, name, qty: qty? as u32, unit_price, notes, course, station };
    Some(Line { line, dish, product, status })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
