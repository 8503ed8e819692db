//! The closed sets of names for the API's document, from the domain's own lists.

use super::menu::state;
use crate::{
    code::ErrorCode,
    domain::{
        attention::Attention,
        donation::DonationStatus,
        item::ItemStatus,
        order::OrderStatus,
        people::{Deed, InviteState},
        principal::Role,
    },
};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

macro_rules! names {
    ($($(#[$doc:meta])* $set:ident as $name:literal = $names:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $set {}

        impl PartialSchema for $set {
            fn schema() -> RefOr<Schema> {
                let names: Vec<&'static str> = $names;
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
            }
        }

        impl ToSchema for $set {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )*};
}

names! {
    ItemStatusName as "ItemStatus" = ItemStatus::ALL.map(ItemStatus::name).to_vec();
    /// See `MenuItemAvailabilityChanged::state`.
    AvailabilityName as "Availability" = vec![state(true), state(false)];
    AttentionName as "Attention" = Attention::ALL.map(Attention::name).to_vec();
    OrderStatusName as "OrderStatus" = OrderStatus::ALL.map(OrderStatus::name).to_vec();
    /// See `TableSession::status`.
    TableSessionStatusName as "TableSessionStatus" = vec!["OPEN", "CLOSED"];
    DonationStatusName as "DonationStatus" = DonationStatus::ALL.map(DonationStatus::name).to_vec();
    RoleName as "Role" = Role::ALL.into_iter().chain([Role::Ngo]).map(Role::name).collect();
    InviteStateName as "InviteStatus" = InviteState::ALL.map(InviteState::name).to_vec();
    DeedName as "Deed" = Deed::ALL.map(Deed::name).to_vec();
    ErrorCodeName as "ErrorCode" = ErrorCode::ALL.iter().map(|code| code.name()).collect();
}
