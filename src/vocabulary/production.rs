//! Production orders (specification 001): their shape in REST answers and in the events of the restaurant vocabulary.

use super::{body::Time, fields::Fields};
use crate::domain::{
    event::Recorded,
    ids::ProductionOrderId,
    production::{NewProductionOrder, ProductionOrder, Progress},
    text::{Name, Stage},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A production order; also `orderCreated`, `orderUpdated`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProductionOrder)]
pub struct ProductionOrderBody {
    pub id: Uuid,
    pub title: String,
    pub customer_name: Option<String>,
    /// One of the setting `production.stages`, or one that it had when the order was last moved.
    #[schema(examples("In Production", "In Printing", "In Binding", "Packaging", "Delivery"))]
    pub status: String,
    /// When it is expected to be done.
    pub estimated_date: Option<Time>,
    /// Lists begin with the newest.
    pub date_issued: Time,
    pub created_at: Time,
    pub updated_at: Time,
    pub version: u32,
    /// What another system called it, where it moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// One as somebody wants it, whether here or where it comes from. `None` where a field is at fault.
pub fn wanted(fields: &mut Fields<'_>) -> Option<NewProductionOrder> {
    let title = fields.required("title").text("title", Name::parse);
    let customer_name = fields.clearable("customerName", Name::parse).flatten();
    let status = fields.text("status", Stage::parse);
    let estimated_date = fields.clearable_time("estimatedDate").flatten();
    let date_issued = fields.time("dateIssued");
    Some(NewProductionOrder { title: title?, customer_name, status, estimated_date, date_issued })
}

impl From<&ProductionOrder> for ProductionOrderBody {
    fn from(order: &ProductionOrder) -> Self {
        Self {
            id: order.id.0,
            title: order.title.to_string(),
            customer_name: order.customer_name.as_ref().map(ToString::to_string),
            status: order.status.to_string(),
            estimated_date: order.estimated_date.map(Time),
            date_issued: Time(order.date_issued),
            created_at: Time(order.created_at),
            updated_at: Time(order.updated_at),
            version: order.version,
            external_id: order.external_id.as_ref().map(ToString::to_string),
        }
    }
}

impl ProductionOrderBody {
    pub(super) fn of(order: &ProductionOrder, _: &Recorded) -> Self {
        Self::from(order)
    }
}

/// `{orderId}/update`, right after `orderUpdated`: for who follows one order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductionOrderProgress {
    pub order_id: Uuid,
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_date: Option<Time>,
    /// When it was changed.
    pub timestamp: Time,
    /// For people to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl ProductionOrderProgress {
    /// The event's name, in which its order is.
    pub fn name(order: ProductionOrderId) -> String {
        format!("{order}/update")
    }

    pub(super) fn of(progress: &Progress, recorded: &Recorded) -> Self {
        Self {
            order_id: progress.order.0,
            status: progress.status.to_string(),
            estimated_date: progress.estimated_date.map(Time),
            timestamp: Time(recorded.at),
            message: progress.message.as_ref().map(ToString::to_string),
        }
    }
}

/// `orderDeleted`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductionOrderDeleted {
    pub order_id: Uuid,
}

impl ProductionOrderDeleted {
    pub(super) fn of(order: ProductionOrderId, _: &Recorded) -> Self {
        Self { order_id: order.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            event::Event,
            ids::{EventId, RestaurantId, StreamId, UserId},
            stream::Epoch,
            text::{Name, Reason, Stage},
        },
        vocabulary::restaurant,
        wire::event::WireEvent,
    };
    use jiff::Timestamp;
    use serde_json::{Value, json};

    const ID: &str = "01900000-0000-7000-8000-00000000000a";

    /// As event 7 of the log, by whatever it is.
    fn told(event: Event) -> WireEvent {
        let restaurant = RestaurantId(Uuid::nil());
        let recorded = Recorded {
            id: EventId(Uuid::nil()),
            stream: StreamId::from(restaurant),
            restaurant,
            seq: 7,
            at: "2026-11-20T11:25:00.001Z".parse().unwrap(),
            by: UserId(Uuid::nil()),
            event,
        };
        restaurant::encode(&recorded, &Epoch("e".into())).unwrap()
    }

    fn order() -> ProductionOrder {
        let at: Timestamp = "2026-11-20T11:24:55.323Z".parse().unwrap();
        ProductionOrder {
            id: ID.parse().unwrap(),
            title: Name::parse("Carta \"de\" vinos").unwrap(),
            customer_name: None,
            status: Stage::parse("In Printing").unwrap(),
            estimated_date: None,
            date_issued: at,
            version: 2,
            created_by: UserId(Uuid::nil()),
            external_id: None,
            created_at: at,
            updated_at: at,
        }
    }

    fn events() -> [(Event, String, &'static str); 5] {
        let progress = |estimated_date, message| {
            let (order, status) = (order().id, order().status);
            Event::ProductionOrderProgressed(Progress { order, status, estimated_date, message })
        };
        let whole = r#"{"id":"01900000-0000-7000-8000-00000000000a","title":"Carta \"de\" vinos","customerName":null,"status":"In Printing","estimatedDate":null,"dateIssued":"2026-11-20T11:24:55.323Z","createdAt":"2026-11-20T11:24:55.323Z","updatedAt":"2026-11-20T11:24:55.323Z","version":2,"eventId":"00000000-0000-0000-0000-000000000000","seq":7}"#;
        let update = format!("{ID}/update");
        [
            (Event::ProductionOrderCreated(order()), "orderCreated".into(), whole),
            (Event::ProductionOrderUpdated(order()), "orderUpdated".into(), whole),
            (
                progress(None, None),
                update.clone(),
                r#"{"orderId":"01900000-0000-7000-8000-00000000000a","status":"In Printing","timestamp":"2026-11-20T11:25:00.001Z","eventId":"00000000-0000-0000-0000-000000000000","seq":7}"#,
            ),
            (
                progress("2026-12-01T00:00:00Z".parse().ok(), Reason::parse("a\nb").ok()),
                update,
                r#"{"orderId":"01900000-0000-7000-8000-00000000000a","status":"In Printing","estimatedDate":"2026-12-01T00:00:00.000Z","timestamp":"2026-11-20T11:25:00.001Z","message":"a\nb","eventId":"00000000-0000-0000-0000-000000000000","seq":7}"#,
            ),
            (
                Event::ProductionOrderDeleted { order: order().id },
                "orderDeleted".into(),
                r#"{"orderId":"01900000-0000-7000-8000-00000000000a","eventId":"00000000-0000-0000-0000-000000000000","seq":7}"#,
            ),
        ]
    }

    #[test]
    fn events_have_the_specifications_names_and_payloads() {
        for (event, name, data) in events() {
            let told = told(event);
            assert_eq!((&*told.name, &*told.data), (name.as_str(), data));
        }
    }

    /// An event's name holds an id: whatever frames it must carry it whole, and only it.
    #[test]
    fn a_name_with_an_id_in_it_passes_every_framing() {
        for (event, name, data) in events() {
            let (told, data): (_, Value) = (told(event), serde_json::from_str(data).unwrap());
            let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(json(told.plain()), json!({ "event": name, "data": data, "seq": 7 }));
            let packet = |text: &str| json(text.strip_prefix("42").unwrap());
            assert_eq!(packet(told.socketio()), json!([name, data]));
            assert_eq!(packet(told.recoverable()), json!([name, data, "e:7"]));
            let lines: Vec<&str> = told.sse().lines().collect();
            assert_eq!(lines[..2], ["id: e:7", &format!("event: {name}")]);
            assert_eq!((json(lines[2].strip_prefix("data: ").unwrap()), &lines[3..]), (data, &[""][..]));
        }
    }
}
