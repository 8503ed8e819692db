//! Records on their way into the restaurant: what was there before, what a name refers to, what became of each line.

use super::{
    record::{Fault, Kind, Line, Order, Record, Thing},
    report::Report,
};
use crate::{
    domain::{
        command::{NewLine, Reply},
        ids::{MenuItemId, TableId, UserId},
        moving::{MoveIn, Moved, OpenLine, OpenOrder},
        text::ExternalId,
    },
    store::{
        StoreError,
        import::{Import, Known, MovedUser, Offered, Seated},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// The entity that a line's `product` is of.
const PRODUCT: &str = "Product";

/// What the file calls by an external id.
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    /// `None` where its line was refused, or its turn has not come.
    id: Option<Uuid>,
    number: Option<u64>,
    /// Where the file names it; `None` where it was there before.
    line: Option<u64>,
}

/// Where a record stands in the file, and under which of the names its id will be known.
struct Place {
    line: u64,
    kind: Kind,
    entity: Option<String>,
}

/// See above.
pub struct Arrival {
    import: Import,
    /// By kind, and the entity of a document; then by external id.
    names: HashMap<(Kind, Option<String>), HashMap<String, Named>>,
    pub report: Report,
}

impl Arrival {
    pub fn new(import: Import, known: Vec<Known>) -> Self {
        let mut names: HashMap<_, HashMap<_, _>> = HashMap::new();
        for Known { kind, entity, external_id, id, number } in known {
            let Some(kind) = Kind::ALL.into_iter().find(|of| of.name() == kind) else { continue };
            let named = Named { id: Some(id), number, line: None };
            names.entry((kind, entity)).or_default().insert(external_id, named);
        }
        Self { import, names, report: Report::default() }
    }

    /// Takes some records with their lines' numbers; those that orders refer to come before the orders.
    pub async fn take(&mut self, records: Vec<(u64, Record)>) -> Result<(), StoreError> {
        let mut new = Vec::with_capacity(records.len());
        for (line, record) in records {
            let kind = record.kind();
            let names = self.names.entry((kind, record.entity().map(str::to_owned))).or_default();
            match names.get(record.external_id.as_str()) {
                None => {
                    let named = Named { line: Some(line), ..Named::default() };
                    names.insert(record.external_id.to_string(), named);
                    new.push((line, record));
                }
                Some(Named { line: None, .. }) => self.report.was_there(kind),
                Some(Named { line: Some(other), .. }) => {
                    let why = format!("externalId {} is that of line {other} already", record.external_id);
                    self.report.refuse(line, Fault { kind: Some(kind), why: vec![why] });
                }
            }
        }
        let offered = self.offered(&new).await?;
        let (mut users, mut moving) = (Vec::new(), Vec::new());
        for (line, record) in new {
            let (kind, entity) = (record.kind(), record.entity().map(str::to_owned));
            let Record { external_id, thing } = record;
            let thing = match thing {
                Thing::User(user) => {
                    users.push((line, user));
                    continue;
                }
                Thing::Table { name } => Moved::Table { name },
                Thing::Dish { name, category, price, change } => {
                    Moved::Dish { name, category, price, change }
                }
                Thing::Document(command) => Moved::Document(command),
                Thing::Order(order) => match self.resolve(order, &offered) {
                    Ok(order) => Moved::Order(order),
                    Err(why) => {
                        self.report.refuse(line, Fault { kind: Some(Kind::Order), why });
                        continue;
                    }
                },
            };
            moving.push((Place { line, kind, entity }, MoveIn { external_id, thing }));
        }
        self.seat(users).await?;
        self.move_in(moving).await
    }

    /// To be called now and then while nothing is taken.
    pub async fn still_here(&self) -> Result<(), StoreError> {
        self.import.still_here().await
    }

    async fn seat(&mut self, users: Vec<(u64, MovedUser)>) -> Result<(), StoreError> {
        if users.is_empty() {
            return Ok(());
        }
        let (lines, users): (Vec<u64>, Vec<MovedUser>) = users.into_iter().unzip();
        let seated = self.import.seat(&users).await?;
        for ((line, user), outcome) in lines.into_iter().zip(&users).zip(seated) {
            let why = match outcome {
                Seated::Made(id) => {
                    self.arrived(Kind::User, None, &user.external_id, id.0, None);
                    self.report.created(Kind::User);
                    continue;
                }
                Seated::There(id) => {
                    self.arrived(Kind::User, None, &user.external_id, id.0, None);
                    self.report.was_there(Kind::User);
                    continue;
                }
                Seated::Another(other) => format!("email is that of the user with the externalId {other}"),
                Seated::EmailTaken => "email is somebody's already".to_owned(),
            };
            self.report.refuse(line, Fault { kind: Some(Kind::User), why: vec![why] });
        }
        Ok(())
    }

    async fn move_in(&mut self, moving: Vec<(Place, MoveIn)>) -> Result<(), StoreError> {
        if moving.is_empty() {
            return Ok(());
        }
        let external_ids: Vec<ExternalId> =
            moving.iter().map(|(_, moving)| moving.external_id.clone()).collect();
        let (places, moving): (Vec<Place>, Vec<MoveIn>) = moving.into_iter().unzip();
        let outcomes = self.import.move_in(moving).await?;
        for ((place, external_id), outcome) in places.into_iter().zip(external_ids).zip(outcomes) {
            let Place { line, kind, entity } = place;
            let (id, number) = match outcome {
                // Found by its name, and called so from now on.
                Ok(Reply::Table(table)) if table.created_at != self.import.at => {
                    self.arrived(kind, entity, &external_id, table.id.0, None);
                    self.report.was_there(kind);
                    continue;
                }
                Ok(Reply::Table(table)) => (table.id.0, None),
                Ok(Reply::Dish(dish)) => (dish.id.0, None),
                Ok(Reply::Document(document)) => (document.id.0, document.number),
                Ok(Reply::Order(order)) => (order.id.0, order.number),
                Ok(_) => return Err(StoreError::Corrupt("an answer that nobody asked for".into())),
                Err(refused) => {
                    self.report.refuse(line, Fault { kind: Some(kind), why: refused.messages });
                    continue;
                }
            };
            self.arrived(kind, entity, &external_id, id, number);
            self.report.created(kind);
        }
        Ok(())
    }

    fn arrived(
        &mut self,
        kind: Kind,
        entity: Option<String>,
        external_id: &ExternalId,
        id: Uuid,
        number: Option<u64>,
    ) {
        let names = self.names.entry((kind, entity)).or_default();
        let named = names.entry(external_id.to_string()).or_default();
        (named.id, named.number) = (Some(id), number);
    }

    /// What the products lend that these orders name.
    async fn offered(&self, records: &[(u64, Record)]) -> Result<HashMap<Uuid, Offered>, StoreError> {
        let lines = records.iter().flat_map(|(_, record)| match &record.thing {
            Thing::Order(order) => order.lines.as_slice(),
            _ => &[],
        });
        let named = lines.filter_map(|line| self.find(Kind::Document, line.product.as_ref()?).ok()?.id);
        let ids: Vec<Uuid> = named.collect();
        if ids.is_empty() { Ok(HashMap::new()) } else { self.import.offered(&ids).await }
    }

    /// The order with everything it names as it is called here, or all that it names and that is not there.
    fn resolve(&self, order: Order, offered: &HashMap<Uuid, Offered>) -> Result<OpenOrder, Vec<String>> {
        let mut why = Vec::new();
        let mut found = |what: &str, kind, external_id: Option<&ExternalId>| {
            let found = self.find(kind, external_id?);
            found.map_err(|fault| why.push(format!("{what} {fault}"))).ok()
        };
        let table = found("table", Kind::Table, order.table.as_ref()).and_then(|named| named.id);
        let customer =
            found("customer", Kind::Customer, order.customer.as_ref()).and_then(|named| named.number);
        let waiter = found("waiter", Kind::User, order.waiter.as_ref()).and_then(|named| named.id);
        let mut lines = Vec::with_capacity(order.lines.len());
        for (n, Line { line, dish, product, status }) in order.lines.into_iter().enumerate() {
            let dish =
                found(&format!("items.{n}.dish"), Kind::Dish, dish.as_ref()).and_then(|named| named.id);
            let product = found(&format!("items.{n}.product"), Kind::Document, product.as_ref());
            let lent = product.and_then(|named| offered.get(&named.id?)).cloned().unwrap_or_default();
            let line = NewLine {
                menu_item: dish.map(MenuItemId),
                // A dish has both, and the workspace knows them.
                name: line.name.or_else(|| lent.name.filter(|_| dish.is_none())),
                unit_price: line.unit_price.or_else(|| lent.price.filter(|_| dish.is_none())),
                ..line
            };
            lines.push(OpenLine { line, status });
        }
        if !why.is_empty() {
            return Err(why);
        }
        let (table, waiter) = (table.map(TableId), waiter.map(UserId));
        let Order { note, created_at, .. } = order;
        Ok(OpenOrder { table, customer, waiter, note, created_at, lines })
    }

    fn find(&self, kind: Kind, external_id: &ExternalId) -> Result<Named, String> {
        let entity = (kind == Kind::Document).then(|| PRODUCT.to_owned());
        let named = self.names.get(&(kind, entity)).and_then(|names| names.get(external_id.as_str()));
        match named {
            Some(named @ Named { id: Some(_), .. }) => Ok(*named),
            Some(Named { line: Some(line), .. }) => {
                Err(format!("{external_id} is refused itself, see line {line}"))
            }
            _ => Err(format!("{external_id} is neither in the file nor in the restaurant")),
        }
    }

    /// Ends the transaction: nothing of it is kept where a line was refused, or where `keep` is false.
    pub async fn end(self, keep: bool) -> Result<Report, StoreError> {
        match keep && self.report.is_clean() {
            true => self.import.commit().await?,
            false => self.import.rollback().await?,
        }
        Ok(self.report)
    }
}
