//! Records on their way into the restaurant: what was there before, what a name refers to, what became of each line.

use super::{
    hashes::Hashes,
    kind::{Fault, Kind},
    names::{Named, Names},
    record::{Line, Order, Record, Thing},
    report::Report,
};
use crate::{
    domain::{
        command::{NewLine, Reply},
        ids::{MenuItemId, TableId, UserId},
        moving::{MoveIn, Moved, OpenLine, OpenOrder},
        profile::LoginName,
        text::ExternalId,
    },
    store::{
        StoreError,
        import::{Before, Import, MovedUser, Offered, Seated},
    },
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The readings of the file, in their order. What orders refer to comes before them, and customers who keep their numbers
/// come before those who are given one, which is then beyond all that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Named,
    Counted,
    Orders,
}

impl Turn {
    pub const ALL: [Turn; 3] = [Turn::Named, Turn::Counted, Turn::Orders];
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
    names: Names,
    /// Of the customers who were there before.
    numbers: HashSet<u64>,
    pub report: Report,
}

impl Arrival {
    /// `hashes` makes what is said of other systems' out of the kinds that there are.
    pub fn new(import: Import, before: Before, hashes: impl FnOnce(&[String]) -> Hashes) -> Self {
        let Before { known, numbers, hashes: kinds } = before;
        let report = Report::new(hashes(&kinds));
        Self { import, names: Names::new(known), numbers, report }
    }

    pub fn turn(&self, record: &Record) -> Turn {
        match record.kind() {
            Kind::Order | Kind::Production => Turn::Orders,
            Kind::Customer if self.kept_number(&record.external_id).is_none() => Turn::Counted,
            _ => Turn::Named,
        }
    }

    /// The number that a customer keeps.
    fn kept_number(&self, external_id: &ExternalId) -> Option<u64> {
        external_id.number().filter(|number| !self.numbers.contains(number))
    }

    /// Takes some records of one turn with their lines' numbers.
    pub async fn take(&mut self, records: Vec<(u64, Record)>) -> Result<(), StoreError> {
        let mut new = Vec::with_capacity(records.len());
        for (line, record) in records {
            let kind = record.kind();
            match self.names.enter(kind, record.entity(), &record.external_id, line) {
                None => new.push((line, record)),
                Some(Named { removed: true, .. }) => {
                    let why = format!(
                        "user {} was removed here; leave the line out, or give it another externalId to have them back",
                        record.external_id
                    );
                    self.report.refuse(line, Fault { kind: Some(kind), why: vec![why] });
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
                Thing::Document(command) => {
                    let number = self.kept_number(&external_id).filter(|_| kind == Kind::Customer);
                    Moved::Document { command, number }
                }
                Thing::Production { new, stages } => Moved::Production { new, stages },
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
                Seated::Made(id) => match self.report.hashes.add(&user.password_hash) {
                    Ok(()) => {
                        self.names.arrived(Kind::User, None, &user.external_id, id.0, None);
                        self.report.created(Kind::User);
                        continue;
                    }
                    Err(why) => why,
                },
                Seated::There(id) => {
                    self.names.arrived(Kind::User, None, &user.external_id, id.0, None);
                    self.report.was_there(Kind::User);
                    continue;
                }
                Seated::Another(other) => format!("email is that of the user with the externalId {other}"),
                Seated::EmailTaken => "email is somebody's already".to_owned(),
                Seated::LoginTaken => {
                    let login = user.profile.login.as_ref();
                    format!(
                        "{} is somebody's already",
                        login.map_or("the name to log in by", LoginName::field)
                    )
                }
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
                    self.names.arrived(kind, entity, &external_id, table.id.0, None);
                    self.report.was_there(kind);
                    continue;
                }
                Ok(Reply::Table(table)) => (table.id.0, None),
                Ok(Reply::Dish(dish)) => (dish.id.0, None),
                Ok(Reply::Document(document)) => (document.id.0, document.number),
                Ok(Reply::Order(order)) => (order.id.0, order.number),
                Ok(Reply::ProductionOrder(order)) => (order.id.0, None),
                Ok(_) => return Err(StoreError::Corrupt("an answer that nobody asked for".into())),
                Err(refused) => {
                    self.report.refuse(line, Fault { kind: Some(kind), why: refused.messages });
                    continue;
                }
            };
            if kind == Kind::Customer && number.is_some_and(|number| is_another(&external_id, number)) {
                self.report.renumbered();
            }
            self.names.arrived(kind, entity, &external_id, id, number);
            self.report.created(kind);
        }
        Ok(())
    }

    /// What the products lend that these orders name.
    async fn offered(&self, records: &[(u64, Record)]) -> Result<HashMap<Uuid, Offered>, StoreError> {
        let lines = records.iter().flat_map(|(_, record)| match &record.thing {
            Thing::Order(order) => order.lines.as_slice(),
            _ => &[],
        });
        let named = lines.filter_map(|line| self.names.find(Kind::Document, line.product.as_ref()?).ok()?.id);
        let ids: Vec<Uuid> = named.collect();
        if ids.is_empty() { Ok(HashMap::new()) } else { self.import.offered(&ids).await }
    }

    /// The order with everything it names as it is called here, or all that it names and that is not there.
    fn resolve(&self, order: Order, offered: &HashMap<Uuid, Offered>) -> Result<OpenOrder, Vec<String>> {
        let mut why = Vec::new();
        let mut found = |what: &str, kind, external_id: Option<&ExternalId>| {
            let found = self.names.find(kind, external_id?);
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

    /// Ends the transaction: nothing of it is kept where a line was refused, or where `keep` is false.
    pub async fn end(self, keep: bool) -> Result<Report, StoreError> {
        match keep && self.report.is_clean() {
            true => self.import.commit().await?,
            false => self.import.rollback().await?,
        }
        Ok(self.report)
    }
}

/// True where an old id is a number, but not this one; of an id that is none nobody expects it.
fn is_another(external_id: &ExternalId, number: u64) -> bool {
    let id = external_id.as_str();
    id.bytes().all(|byte| byte.is_ascii_digit()) && id != number.to_string()
}
