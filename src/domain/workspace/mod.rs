//! The part of a restaurant that a group of commands needs, in memory: loaded once, changed by each command that
//! succeeds, written back once. A refused command changes nothing.

mod counter;
mod decide;
mod floor;
mod kitchen;
mod moving;
mod offer;
mod ordering;
mod production;
mod resources;
mod stations;

use super::{
    audit::Audit,
    batch::Batch,
    command::Reply,
    customer::Customer,
    event::Event,
    ids::{
        BatchId, CategoryId, MenuItemId, OrderId, ProductionOrderId, RestaurantId, StationId, TableId,
        TableSessionId,
    },
    menu::{Category, MenuItem},
    money::Currency,
    order::Order,
    production::ProductionOrder,
    rejection::Rejection,
    resource::Shelf,
    station::Station,
    table::{Table, TableSession},
    text::Name,
};
use std::collections::HashMap;

/// One row: as it was loaded, and as it is now.
#[derive(Debug, Clone)]
pub struct Row<T> {
    /// `None` for a row that a command of this group made.
    pub loaded: Option<T>,
    pub now: T,
}

impl<T: Clone + PartialEq> Row<T> {
    fn loaded(row: T) -> Self {
        Self { loaded: Some(row.clone()), now: row }
    }

    fn new(row: T) -> Self {
        Self { loaded: None, now: row }
    }

    /// True where it has to be written.
    pub fn is_dirty(&self) -> bool {
        self.loaded.as_ref() != Some(&self.now)
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub reply: Reply,
    /// For the stream, in this order.
    pub events: Vec<Event>,
    pub audit: Vec<Audit>,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self { reply, events: Vec::new(), audit: Vec::new() }
    }
}

/// What a group of commands works on.
#[derive(Debug)]
pub struct Workspace {
    pub restaurant: RestaurantId,
    pub currency: Currency,
    /// The last ticket number given.
    pub last_order_number: u64,
    tables: HashMap<TableId, Row<Table>>,
    sessions: HashMap<TableSessionId, Row<TableSession>>,
    orders: HashMap<OrderId, Row<Order>>,
    menu: HashMap<MenuItemId, Row<MenuItem>>,
    /// All of them, where a command of the group asks where a line is made.
    stations: HashMap<StationId, Row<Station>>,
    removed_stations: Vec<Station>,
    batches: HashMap<BatchId, Row<Batch>>,
    /// All of them, where a command of the group is about the menu.
    categories: HashMap<CategoryId, Row<Category>>,
    removed_categories: Vec<Category>,
    /// By number.
    customers: HashMap<u64, Customer>,
    /// `None` is now what has been deleted.
    production: HashMap<ProductionOrderId, Row<Option<ProductionOrder>>>,
    shelf: Shelf,
}

impl Workspace {
    pub fn new(restaurant: RestaurantId, currency: Currency, last_order_number: u64) -> Self {
        Self {
            restaurant,
            currency,
            last_order_number,
            tables: HashMap::new(),
            sessions: HashMap::new(),
            orders: HashMap::new(),
            menu: HashMap::new(),
            stations: HashMap::new(),
            removed_stations: Vec::new(),
            batches: HashMap::new(),
            categories: HashMap::new(),
            removed_categories: Vec::new(),
            customers: HashMap::new(),
            production: HashMap::new(),
            shelf: Shelf::default(),
        }
    }

    pub fn load_table(&mut self, table: Table) {
        self.tables.insert(table.id, Row::loaded(table));
    }

    pub fn load_session(&mut self, session: TableSession) {
        self.sessions.insert(session.id, Row::loaded(session));
    }

    pub fn load_order(&mut self, order: Order) {
        self.orders.insert(order.id, Row::loaded(order));
    }

    pub fn load_menu_item(&mut self, item: MenuItem) {
        self.menu.insert(item.id, Row::loaded(item));
    }

    pub fn load_station(&mut self, station: Station) {
        self.stations.insert(station.id, Row::loaded(station));
    }

    pub fn load_batch(&mut self, batch: Batch) {
        self.batches.insert(batch.id, Row::loaded(batch));
    }

    pub fn load_category(&mut self, category: Category) {
        self.categories.insert(category.id, Row::loaded(category));
    }

    pub fn load_customer(&mut self, customer: Customer) {
        self.customers.insert(customer.number, customer);
    }

    /// Rows to write, in the order that foreign keys need them.
    pub fn dirty_tables(&self) -> impl Iterator<Item = &Row<Table>> {
        self.tables.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_sessions(&self) -> impl Iterator<Item = &Row<TableSession>> {
        self.sessions.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_orders(&self) -> impl Iterator<Item = &Row<Order>> {
        self.orders.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_menu_items(&self) -> impl Iterator<Item = &Row<MenuItem>> {
        self.menu.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_stations(&self) -> impl Iterator<Item = &Row<Station>> {
        self.stations.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_batches(&self) -> impl Iterator<Item = &Row<Batch>> {
        self.batches.values().filter(|row| row.is_dirty())
    }

    pub fn dirty_categories(&self) -> impl Iterator<Item = &Row<Category>> {
        self.categories.values().filter(|row| row.is_dirty())
    }

    /// Categories that are gone, as they were loaded.
    pub fn removed_categories(&self) -> &[Category] {
        &self.removed_categories
    }

    /// Stations that are gone, as they were loaded.
    pub fn removed_stations(&self) -> &[Station] {
        &self.removed_stations
    }

    /// The orders as they are now.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values().map(|row| &row.now)
    }

    fn order(&self, id: OrderId) -> Result<&Order, Rejection> {
        self.orders.get(&id).map(|row| &row.now).ok_or_else(|| Rejection::not_found("Order", id))
    }

    fn session(&self, id: TableSessionId) -> Result<&TableSession, Rejection> {
        self.sessions.get(&id).map(|row| &row.now).ok_or_else(|| Rejection::not_found("Table session", id))
    }

    /// The customer an order is to name; an unknown one is a fault of that request.
    fn customer(&self, number: u64) -> Result<&Customer, Rejection> {
        let customer = self.customers.get(&number);
        customer.ok_or_else(|| Rejection::invalid("customerId must be an existing customer"))
    }

    fn table(&self, id: TableId) -> Result<&Table, Rejection> {
        self.tables.get(&id).map(|row| &row.now).ok_or_else(|| Rejection::not_found("Table", id))
    }

    fn table_named(&self, name: &Name) -> Option<&Table> {
        self.tables.values().map(|row| &row.now).find(|table| table.name == *name)
    }

    fn put_table(&mut self, table: Table) {
        put(&mut self.tables, table.id, table);
    }

    fn put_session(&mut self, session: TableSession) {
        put(&mut self.sessions, session.id, session);
    }

    fn put_order(&mut self, order: Order) {
        put(&mut self.orders, order.id, order);
    }

    fn put_menu_item(&mut self, item: MenuItem) {
        put(&mut self.menu, item.id, item);
    }
}

fn put<K: std::hash::Hash + Eq, T: Clone + PartialEq>(rows: &mut HashMap<K, Row<T>>, key: K, now: T) {
    match rows.get_mut(&key) {
        Some(row) => row.now = now,
        None => {
            rows.insert(key, Row::new(now));
        }
    }
}
