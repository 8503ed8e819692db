//! What clients ask for in the words of a specification, over whichever door: bodies as commands.

use super::{
    admin,
    body::{BatchBody, ItemBody, StationBody, TableBody, TableSessionBody},
    donations::DonationBody,
    fields::{BadJson, Demand, Fields},
    menu::{CategoryBody, MenuItemBody},
    production::ProductionOrderBody,
    resources,
};
use crate::{
    code::ErrorCode,
    domain::{
        command::{Command, Reply},
        rejection::Rejection,
    },
    wire::event::Vocabulary,
};

/// What the event of a client that speaks `vocabulary` asks for.
pub fn of_event(vocabulary: Vocabulary, event: &str, data: &[u8]) -> Result<Command, Rejection> {
    match (vocabulary, event) {
        (Vocabulary::Admin | Vocabulary::Silence, "new_order") => new_order(data),
        _ => Err(Rejection::new(ErrorCode::NotFound, "unknown event")),
    }
}

/// The data of the answer to such an event.
pub fn answer(reply: &Reply) -> Result<String, serde_json::Error> {
    match reply {
        Reply::Order(order) => serde_json::to_string(&admin::OrderBody::from(order)),
        Reply::Item(item) => serde_json::to_string(&ItemBody::from(item)),
        Reply::Table(table) => serde_json::to_string(&TableBody::from(table)),
        Reply::TableSession(session) => serde_json::to_string(&TableSessionBody::from(session)),
        Reply::Donation(donation) => serde_json::to_string(&DonationBody::from(donation)),
        Reply::ProductionOrder(order) => serde_json::to_string(&ProductionOrderBody::from(order)),
        Reply::Document(_) | Reply::Documents(_) | Reply::Deleted(_) => {
            Ok(resources::calls::answer(reply).unwrap_or_default())
        }
        Reply::Removed => Ok("{}".to_owned()),
        Reply::Station(station) => serde_json::to_string(&StationBody::from(station)),
        Reply::Category(category) => serde_json::to_string(&CategoryBody::from(category)),
        Reply::Dish(dish) => serde_json::to_string(&MenuItemBody::from(dish)),
        Reply::Bumped { batch, order } => serde_json::to_string(&BatchBody::of(batch.as_ref(), order)),
    }
}

/// `{total, customerId?}` of specification 000: `@IsNotEmpty @IsNumber @Min(0)`, `@IsOptional @IsNumber @IsPositive`.
pub fn new_order(body: &[u8]) -> Result<Command, Rejection> {
    let mut fields = Fields::parse(body)?;
    let total = fields.demanded_decimal("total", &[Demand::NotEmpty, Demand::Number, Demand::NotNegative]);
    let customer = fields.optional_integer("customerId", &[Demand::Number, Demand::Positive]);
    finish(fields, total.map(|total| Command::PlaceCounterOrder { total, customer }))
}

/// A body in which nothing may stand.
pub fn nothing(body: &[u8], command: Command) -> Result<Command, Rejection> {
    finish(Fields::parse(body)?, Some(command))
}

fn finish(fields: Fields<'_>, command: Option<Command>) -> Result<Command, Rejection> {
    fields.finish(command).map_err(|faults| Rejection {
        code: ErrorCode::ValidationFailed,
        messages: faults,
        current: None,
    })
}

impl From<BadJson> for Rejection {
    fn from(error: BadJson) -> Self {
        Self::new(ErrorCode::BadRequest, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Command, String> {
        new_order(body.as_bytes()).map_err(|rejection| rejection.messages.join("; "))
    }

    #[test]
    fn the_specifications_own_bodies_are_commands() {
        let order = |total: &str, customer| {
            Ok(Command::PlaceCounterOrder { total: total.parse().unwrap(), customer })
        };
        for (body, expected) in [
            (r#"{"total":99.99}"#, order("99.99", None)),
            (r#"{"total":0,"customerId":1}"#, order("0", Some(1))),
            (r#"{"total":1e2,"customerId":2.0}"#, order("100", Some(2))),
            (r#"{"total":5,"customerId":null}"#, order("5", None)),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    /// As NestJS 11 with class-validator 0.14 answers its DTO, but for the last lines, which it would let through.
    #[test]
    fn faults_are_told_in_the_words_and_the_order_of_class_validator() {
        const NUMBER: &str = "total must be a number conforming to the specified constraints";
        const LEAST: &str = "total must not be less than 0";
        const EMPTY: &str = "total should not be empty";
        const CUSTOMER: &str = "customerId must be a number conforming to the specified constraints";
        const POSITIVE: &str = "customerId must be a positive number";
        let rows: &[(&str, &[&str])] = &[
            ("{}", &[LEAST, NUMBER, EMPTY]),
            ("", &[LEAST, NUMBER, EMPTY]),
            (r#"{"total":null}"#, &[LEAST, NUMBER, EMPTY]),
            (r#"{"total":""}"#, &[LEAST, NUMBER, EMPTY]),
            (r#"{"total":"5"}"#, &[LEAST, NUMBER]),
            (r#"{"total":[5]}"#, &[LEAST, NUMBER]),
            (r#"{"total":-1}"#, &[LEAST]),
            (r#"{"total":1,"customerId":0}"#, &[POSITIVE]),
            (r#"{"total":1,"customerId":"1"}"#, &[POSITIVE, CUSTOMER]),
            (
                r#"{"customerId":-1,"note":"x"}"#,
                &[LEAST, NUMBER, EMPTY, POSITIVE, "property note should not exist"],
            ),
            (r#"{"total":1,"customerId":1.5}"#, &["customerId must be an integer number"]),
            (r#"{"total":1e99}"#, &["total is too large"]),
            (r#"{"total":1,"total":2}"#, &["property total should not exist twice"]),
        ];
        for (body, faults) in rows {
            assert_eq!(read(body), Err(faults.join("; ")), "{body}");
        }
        assert_eq!(new_order(b"[]").unwrap_err().code, ErrorCode::BadRequest);
        assert_eq!(new_order(b"{").unwrap_err().messages, ["Unexpected end of JSON input"]);
    }
}
