//! Identifiers: a UUIDv7 each, one type per noun so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, ordered by the time of its making (RFC 9562, version 7).
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    RestaurantId
    UserId
    /// A login of a user: the family of its refresh tokens, the `sid` claim of its access tokens.
    LoginId
    TableId
    TableSessionId
    OrderId
    ItemId
    MenuItemId
    StationId
    /// Of the menu.
    CategoryId
    /// Lines that were bumped together.
    BatchId
    CustomerId
    /// A document of a declared entity.
    ResourceId
    InviteId
    ProductionOrderId
    EventId
    DonationId
    /// A donation board.
    BoardId
    /// An event log; a restaurant's stream has the restaurant's own id, a board's the board's.
    StreamId
    /// One connected socket, on this node.
    SocketId
}

impl UserId {
    /// Who acted where nobody said who they are: the nil UUID (RFC 9562 §5.9), which no user has.
    pub const NOBODY: Self = Self(Uuid::nil());
}

impl BoardId {
    /// The board called `default`, which the schema makes: whoever is put on no other is on it.
    pub const DEFAULT: Self = Self(Uuid::from_u128(0x7000_8000_0000_0000_0001));
}

impl From<RestaurantId> for StreamId {
    fn from(id: RestaurantId) -> Self {
        Self(id.0)
    }
}
