//! Bodies as commands: what may stand in each, and the command it becomes.

use super::{body::Fields, error::HttpError};
use crate::domain::{
    command::{Command, NewLine},
    ids::{ItemId, MenuItemId, OrderId, ProductionOrderId, TableId, TableSessionId},
    item::{ItemStatus, MAX_QTY},
    order::{LineChange, OrderCommand},
    production::{ProductionChange, Stages},
    table::MAX_COVERS,
    text::{Label, Name, Note, Reason, Stage},
};
use crate::vocabulary::production;

/// The value that was read, or every fault.
pub fn finish<T>(fields: Fields<'_>, value: Option<T>) -> Result<T, HttpError> {
    fields.finish(value).map_err(HttpError::validation)
}

/// A body in which nothing may stand.
pub fn nothing(fields: Fields<'_>, command: Command) -> Result<Command, HttpError> {
    finish(fields, Some(command))
}

/// `{name}`
pub fn new_table(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let name = fields.required("name").text("name", Name::parse);
    finish(fields, name.map(|name| Command::CreateTable { name }))
}

/// `{tableId, covers?}`
pub fn new_table_session(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let table = fields.required("tableId").id("tableId", TableId);
    let covers = fields.integer("covers", 1..=u64::from(MAX_COVERS)).map(|covers| covers as u32);
    finish(fields, table.map(|table| Command::OpenTableSession { table, covers }))
}

/// `{tableSessionId, note?}`
pub fn new_order(mut fields: Fields<'_>) -> Result<Command, HttpError> {
    let session = fields.required("tableSessionId").id("tableSessionId", TableSessionId);
    let note = fields.text("note", Note::parse);
    finish(fields, session.map(|session| Command::OpenOrder { session, note }))
}

/// `{name, qty, unitPrice, notes?, menuItemId?, course?, station?}`; with `menuItemId` the menu knows name and price.
pub fn new_item(mut fields: Fields<'_>, order: OrderId) -> Result<Command, HttpError> {
    let typed = !fields.has("menuItemId");
    if typed {
        fields.required("name");
    }
    let name = fields.text("name", Name::parse);
    let qty = fields.required("qty").integer("qty", 1..=u64::from(MAX_QTY));
    if typed {
        fields.required("unitPrice");
    }
    let line = NewLine {
        menu_item: None,
        name,
        qty: qty.unwrap_or_default() as u32,
        unit_price: fields.decimal("unitPrice"),
        notes: fields.text("notes", Note::parse),
        course: fields.text("course", Label::parse),
        station: fields.text("station", Label::parse),
    };
    let line = NewLine { menu_item: fields.id("menuItemId", MenuItemId), ..line };
    finish(fields, Some(Command::AddItem { order, line }))
}

/// `{qty?, notes?, course?, station?}`; null leaves a value as it is, an empty text takes it away.
pub fn change_item(mut fields: Fields<'_>, order: OrderId, item: ItemId) -> Result<Command, HttpError> {
    let change = LineChange {
        qty: fields.integer("qty", 1..=u64::from(MAX_QTY)).map(|qty| qty as u32),
        notes: fields.clearable("notes", Note::parse),
        course: fields.clearable("course", Label::parse),
        station: fields.clearable("station", Label::parse),
    };
    finish(fields, Some(Command::ChangeItem { order, item, change }))
}

/// `{status, expectedStatus?, reason?}`
pub fn item_status(mut fields: Fields<'_>, order: OrderId, item: ItemId) -> Result<Command, HttpError> {
    let to = fields.required("status").one_of("status", &ItemStatus::ALL, ItemStatus::name);
    let expected = fields.one_of("expectedStatus", &ItemStatus::ALL, ItemStatus::name);
    let reason = reason(&mut fields);
    finish(fields, to.map(|to| Command::SetItemStatus { order, item, to, expected, reason }))
}

/// `{reason?}`
pub fn cancel(mut fields: Fields<'_>, order: OrderId) -> Result<Command, HttpError> {
    let reason = reason(&mut fields);
    finish(fields, Some(Command::CancelOrder { order, reason }))
}

/// `{reason?}`
pub fn reopen(mut fields: Fields<'_>, order: OrderId) -> Result<Command, HttpError> {
    let reason = reason(&mut fields);
    finish(fields, Some(Command::Order(order, OrderCommand::Reopen { reason })))
}

/// `{title, customerName?, status?, estimatedDate?, dateIssued?}`; an empty customer or date is none.
pub fn new_production_order(mut fields: Fields<'_>, stages: Stages) -> Result<Command, HttpError> {
    let new = production::wanted(&mut fields);
    finish(fields, new.map(|new| Command::CreateProductionOrder { new, stages }))
}

/// `{title?, customerName?, status?, estimatedDate?, dateIssued?, message?}`; null leaves a value as it is, an empty text
/// takes the customer or the date away.
pub fn change_production_order(
    mut fields: Fields<'_>,
    order: ProductionOrderId,
    stages: Stages,
) -> Result<Command, HttpError> {
    let change = ProductionChange {
        title: fields.text("title", Name::parse),
        customer_name: fields.clearable("customerName", Name::parse),
        status: fields.text("status", Stage::parse),
        estimated_date: fields.clearable_time("estimatedDate"),
        date_issued: fields.time("dateIssued"),
        message: fields.clearable("message", Reason::parse).flatten(),
    };
    finish(fields, Some(Command::UpdateProductionOrder { order, change, stages }))
}

/// An empty reason is none: whether one is needed, the order's state decides.
fn reason(fields: &mut Fields<'_>) -> Option<Reason> {
    fields.clearable("reason", Reason::parse).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

    fn read(body: &str, parse: fn(Fields<'_>) -> Result<Command, HttpError>) -> Result<Command, String> {
        let body = body.replace("ID", ID);
        parse(Fields::parse(body.as_bytes()).unwrap())
            .map_err(|error| serde_json::to_value(error.body()).unwrap()["message"].to_string())
    }

    fn order() -> OrderId {
        ID.parse().unwrap()
    }

    #[test]
    fn the_specifications_own_bodies_are_commands() {
        let item = read(r#"{"name":"Hamburguesa","qty":2,"unitPrice":15.50}"#, |f| new_item(f, order()));
        let Ok(Command::AddItem { line, .. }) = item else { panic!("{item:?}") };
        assert_eq!((line.qty, line.unit_price), (2, "15.5".parse().ok()));
        let status = read(r#"{"status":"IN_PROGRESS"}"#, |f| item_status(f, order(), ItemId(order().0)));
        assert!(matches!(
            status,
            Ok(Command::SetItemStatus { to: ItemStatus::InProgress, expected: None, .. })
        ));
        assert!(read(r#"{"tableSessionId":"ID"}"#, new_order).is_ok());
        assert_eq!(
            read(r#"{"tableSessionId":"session-id-here"}"#, new_order),
            Err(r#"["tableSessionId must be a UUID"]"#.into())
        );
    }

    #[test]
    fn every_fault_is_told_at_once() {
        for (body, expected) in [
            (r#"{"menuItemId":"ID","qty":1}"#, None),
            (r#"{"menuItemId":"ID","qty":1,"name":null,"unitPrice":null}"#, None),
            (
                "{}",
                Some(
                    r#"["name should not be empty","qty should not be empty","unitPrice should not be empty"]"#,
                ),
            ),
            (
                r#"{"menuItemId":"x","qty":0,"foo":1}"#,
                Some(
                    r#"["qty must not be less than 1","menuItemId must be a UUID","property foo should not exist"]"#,
                ),
            ),
            (
                r#"{"name":"","qty":1.5,"unitPrice":"15.50","course":""}"#,
                Some(
                    r#"["name should not be empty","qty must be an integer number","unitPrice must be a number conforming to the specified constraints","course should not be empty"]"#,
                ),
            ),
        ] {
            let read = read(body, |f| new_item(f, order()));
            assert_eq!(read.err().as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_change_tells_leaving_from_clearing() {
        let change = read(r#"{"notes":"","course":null,"station":"grill"}"#, |f| {
            change_item(f, order(), ItemId(order().0))
        });
        let Ok(Command::ChangeItem { change, .. }) = change else { panic!("{change:?}") };
        assert_eq!((change.qty, change.notes, change.course), (None, Some(None), None));
        assert_eq!(change.station.flatten().map(|label| label.to_string()), Some("grill".into()));
    }

    #[test]
    fn an_empty_reason_is_none_and_a_long_one_too_long() {
        let cancelled = |reason: &str| read(&format!(r#"{{"reason":"{reason}"}}"#), |f| cancel(f, order()));
        assert_eq!(cancelled(" "), Ok(Command::CancelOrder { order: order(), reason: None }));
        let refused = r#"["reason must be shorter than or equal to 500 characters"]"#;
        assert_eq!(cancelled(&"x".repeat(501)), Err(refused.into()));
        assert!(read(r#"{"reason":"x"}"#, |f| nothing(f, Command::ConfirmOrder { order: order() })).is_err());
    }

    #[test]
    fn production_orders_by_table() {
        fn stages() -> Stages {
            Stages::new(["Cut", "Sew"]).unwrap()
        }
        let new = |body: &str| read(body, |f| new_production_order(f, stages()));
        for (body, expected) in [
            (r#"{"title":"x"}"#, None),
            (r#"{"title":"x","customerName":"","estimatedDate":"2024-02-01","dateIssued":null}"#, None),
            (
                r#"{"customerName":"Ana","status":"","estimatedDate":"soon","dateIssued":5,"message":"x"}"#,
                Some(
                    r#"["title should not be empty","status should not be empty","estimatedDate must be a valid ISO 8601 date string","dateIssued must be a string","property message should not exist"]"#,
                ),
            ),
        ] {
            assert_eq!(new(body).err().as_deref(), expected, "{body}");
        }
        let changed = |body: &str| match read(body, |f| {
            change_production_order(f, ProductionOrderId(order().0), stages())
        }) {
            Ok(Command::UpdateProductionOrder { change, .. }) => change,
            other => panic!("{other:?}"),
        };
        assert_eq!(changed(r#"{"title":null,"message":" "}"#), ProductionChange::default());
        let cleared = changed(r#"{"customerName":"","estimatedDate":""}"#);
        assert_eq!((cleared.customer_name, cleared.estimated_date), (Some(None), Some(None)));
    }
}
