//! Rows of the database as values of the domain, by column name.

use super::StoreError;
use crate::domain::{
    attention::Attention,
    batch::Batch,
    customer::{Customer, CustomerRef},
    ids::{
        BatchId, CategoryId, CustomerId, ItemId, MenuItemId, OrderId, ProductionOrderId, RestaurantId,
        StationId, TableId, TableSessionId, UserId,
    },
    item::{Item, ItemStatus},
    menu::{Category, MenuItem},
    money::{Currency, Money},
    order::{Lifecycle, Order, Place},
    production::ProductionOrder,
    station::Station,
    table::{Table, TableSession},
    text::{BadText, Contact, ExternalId, Label, Name, Note, Stage},
    times::Times,
};
use tokio_postgres::Row;
use uuid::Uuid;

/// A stored value that must be one the domain knows.
pub(super) fn known<T>(value: Option<T>, column: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("column {column}")))
}

pub(super) fn text<T>(
    parse: fn(&str) -> Result<T, BadText>,
    row: &Row,
    column: &str,
) -> Result<T, StoreError> {
    known(parse(row.get(column)).ok(), column)
}

pub(super) fn optional<T>(
    parse: fn(&str) -> Result<T, BadText>,
    row: &Row,
    column: &str,
) -> Result<Option<T>, StoreError> {
    match row.get::<_, Option<&str>>(column) {
        None => Ok(None),
        Some(text) => known(parse(text).ok(), column).map(Some),
    }
}

pub(super) fn number(row: &Row, column: &str) -> Result<u32, StoreError> {
    known(u32::try_from(row.get::<_, i32>(column)).ok(), column)
}

fn optional_number(row: &Row, column: &str) -> Result<Option<u32>, StoreError> {
    match row.get::<_, Option<i32>>(column) {
        None => Ok(None),
        Some(value) => known(u32::try_from(value).ok(), column).map(Some),
    }
}

/// A number that counts from 1 in its restaurant.
fn counted(number: Option<i64>, column: &str) -> Result<Option<u64>, StoreError> {
    number.map(|number| known(u64::try_from(number).ok(), column)).transpose()
}

/// `currency`, a text column of three letters.
pub(super) fn currency(row: &Row) -> Result<Currency, StoreError> {
    known(Currency::from_code(row.get("currency")), "currency")
}

/// `external_id`.
pub(super) fn external_id(row: &Row) -> Result<Option<ExternalId>, StoreError> {
    optional(ExternalId::parse, row, "external_id")
}

/// id, name, created_at, external_id.
pub(super) fn table(row: &Row) -> Result<Table, StoreError> {
    Ok(Table {
        id: TableId(row.get("id")),
        name: text(Name::parse, row, "name")?,
        created_at: row.get("created_at"),
        external_id: external_id(row)?,
    })
}

/// id, table_id, table_name, covers, opened_by, opened_at, closed_at.
pub(super) fn table_session(row: &Row) -> Result<TableSession, StoreError> {
    Ok(TableSession {
        id: TableSessionId(row.get("id")),
        table: TableId(row.get("table_id")),
        table_name: text(Name::parse, row, "table_name")?,
        covers: optional_number(row, "covers")?,
        opened_by: UserId(row.get("opened_by")),
        opened_at: row.get("opened_at"),
        closed_at: row.get("closed_at"),
    })
}

/// id, name, position, version, created_at, updated_at.
pub(super) fn category(row: &Row) -> Result<Category, StoreError> {
    Ok(Category {
        id: CategoryId(row.get("id")),
        name: text(Label::parse, row, "name")?,
        position: number(row, "position")?,
        version: number(row, "version")?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

/// id, name, category, price, course, station, available, remaining, until, version, created_at, updated_at, removed_at,
/// external_id.
pub(super) fn menu_item(row: &Row, currency: Currency) -> Result<MenuItem, StoreError> {
    Ok(MenuItem {
        id: MenuItemId(row.get("id")),
        name: text(Name::parse, row, "name")?,
        category: text(Label::parse, row, "category")?,
        price: Money { minor: row.get("price"), currency },
        course: optional(Label::parse, row, "course")?,
        station: optional(Label::parse, row, "station")?,
        available: row.get("available"),
        remaining: optional_number(row, "remaining")?,
        until: row.get("until"),
        version: number(row, "version")?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        removed_at: row.get("removed_at"),
        external_id: external_id(row)?,
    })
}

/// id, name, categories, warn_after_s, late_after_s, is_default, version, created_at, updated_at.
pub(super) fn station(row: &Row) -> Result<Station, StoreError> {
    let categories = row.get::<_, Vec<&str>>("categories");
    Ok(Station {
        id: StationId(row.get("id")),
        name: text(Label::parse, row, "name")?,
        categories: known(
            categories.into_iter().map(|name| Label::parse(name).ok()).collect(),
            "categories",
        )?,
        warn_after_s: number(row, "warn_after_s")?,
        late_after_s: number(row, "late_after_s")?,
        is_default: row.get("is_default"),
        version: number(row, "version")?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

/// id, number, name, email, phone, created_at, external_id.
pub(super) fn customer(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: CustomerId(row.get("id")),
        number: known(counted(row.get("number"), "number")?, "number")?,
        name: text(Name::parse, row, "name")?,
        email: optional(Contact::parse, row, "email")?,
        phone: optional(Contact::parse, row, "phone")?,
        created_at: row.get("created_at"),
        external_id: external_id(row)?,
    })
}

/// id, table_session_id, table_id, table_name, number, lifecycle, note, version, created_by, created_at, confirmed_at,
/// updated_at, priority, acknowledged_at, external_id, customer_id, customer_number; its lines are given apart.
pub(super) fn order(
    row: &Row,
    restaurant: RestaurantId,
    currency: Currency,
    items: Vec<Item>,
) -> Result<Order, StoreError> {
    let place = match row.get::<_, Option<Uuid>>("table_session_id") {
        None => None,
        Some(session) => Some(Place {
            session: TableSessionId(session),
            table: TableId(row.get("table_id")),
            table_name: text(Name::parse, row, "table_name")?,
        }),
    };
    let customer = match row.get::<_, Option<Uuid>>("customer_id") {
        None => None,
        Some(id) => counted(row.get("customer_number"), "customer_number")?
            .map(|number| CustomerRef { id: CustomerId(id), number }),
    };
    Ok(Order {
        id: OrderId(row.get("id")),
        restaurant,
        currency,
        place,
        customer,
        number: counted(row.get("number"), "number")?,
        lifecycle: known(Lifecycle::from_name(row.get("lifecycle")), "lifecycle")?,
        note: optional(Note::parse, row, "note")?,
        items,
        version: number(row, "version")?,
        created_by: UserId(row.get("created_by")),
        created_at: row.get("created_at"),
        confirmed_at: row.get("confirmed_at"),
        updated_at: row.get("updated_at"),
        priority: known(u8::try_from(row.get::<_, i16>("priority")).ok(), "priority")?,
        acknowledged_at: row.get("acknowledged_at"),
        external_id: external_id(row)?,
    })
}

/// id, order_id, name, qty, unit_price, status, notes, menu_item_id, course, station, late, version, created_at,
/// updated_at, sent_at, started_at, ready_at, served_at, batch_id, attention, acknowledged_at.
pub(super) fn item(row: &Row, currency: Currency) -> Result<Item, StoreError> {
    Ok(Item {
        id: ItemId(row.get("id")),
        order: OrderId(row.get("order_id")),
        name: text(Name::parse, row, "name")?,
        qty: number(row, "qty")?,
        unit_price: Money { minor: row.get("unit_price"), currency },
        status: known(ItemStatus::from_name(row.get("status")), "status")?,
        notes: optional(Note::parse, row, "notes")?,
        menu_item: row.get::<_, Option<Uuid>>("menu_item_id").map(MenuItemId),
        course: optional(Label::parse, row, "course")?,
        station: optional(Label::parse, row, "station")?,
        late: row.get("late"),
        version: number(row, "version")?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        times: Times {
            sent: row.get("sent_at"),
            started: row.get("started_at"),
            ready: row.get("ready_at"),
            served: row.get("served_at"),
        },
        batch: row.get::<_, Option<Uuid>>("batch_id").map(BatchId),
        attention: match row.get::<_, Option<&str>>("attention") {
            None => None,
            Some(name) => Some(known(Attention::from_name(name), "attention")?),
        },
        acknowledged_at: row.get("acknowledged_at"),
    })
}

/// id, order_id, station_id, made_by, made_at, undone_at, lines.
pub(super) fn batch(row: &Row) -> Result<Batch, StoreError> {
    Ok(Batch {
        id: BatchId(row.get("id")),
        order: OrderId(row.get("order_id")),
        station: row.get::<_, Option<Uuid>>("station_id").map(StationId),
        made_by: UserId(row.get("made_by")),
        made_at: row.get("made_at"),
        undone_at: row.get("undone_at"),
        lines: known(serde_json::from_value(row.get("lines")).ok(), "lines")?,
    })
}

/// id, title, customer_name, status, estimated_date, date_issued, version, created_by, created_at, updated_at.
pub(super) fn production_order(row: &Row) -> Result<ProductionOrder, StoreError> {
    Ok(ProductionOrder {
        id: ProductionOrderId(row.get("id")),
        title: text(Name::parse, row, "title")?,
        customer_name: optional(Name::parse, row, "customer_name")?,
        status: text(Stage::parse, row, "status")?,
        external_id: external_id(row)?,
        estimated_date: row.get("estimated_date"),
        date_issued: row.get("date_issued"),
        version: number(row, "version")?,
        created_by: UserId(row.get("created_by")),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

/// Whole orders from their rows and the rows of their lines, in the orders' order.
pub(super) fn orders(
    orders: &[Row],
    lines: &[Row],
    restaurant: RestaurantId,
    currency: Currency,
) -> Result<Vec<Order>, StoreError> {
    let mut by_order: std::collections::HashMap<OrderId, Vec<Item>> = std::collections::HashMap::new();
    for row in lines {
        let item = item(row, currency)?;
        by_order.entry(item.order).or_default().push(item);
    }
    let whole = |row: &Row| {
        let items = by_order.remove(&OrderId(row.get("id"))).unwrap_or_default();
        order(row, restaurant, currency, items)
    };
    orders.iter().map(whole).collect()
}
