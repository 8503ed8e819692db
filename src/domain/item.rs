//! A line of an order, and the life cycle of its status.
//!
//! | from | to | by |
//! |---|---|---|
//! | PENDING | IN_PROGRESS, READY (one-tap bump) | KITCHEN |
//! | IN_PROGRESS | READY, PENDING (un-start) | KITCHEN |
//! | READY | IN_PROGRESS (recall) | KITCHEN |
//! | READY | SERVED | WAITER, EXPO |
//! | SERVED | READY (undo) | WAITER, EXPO |
//! | PENDING | HELD, and back (fire) | WAITER, EXPO |
//! | PENDING, HELD | CANCELLED | WAITER |
//! | IN_PROGRESS, READY, SERVED | VOIDED | MANAGER, with a reason |
//! | X | X | who may reach X; no event |

use super::{
    attention::Attention,
    ids::{BatchId, ItemId, MenuItemId, OrderId},
    money::Money,
    principal::Role,
    text::{Label, Name, Note},
    times::Times,
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemStatus {
    /// Sent, not started.
    Pending,
    /// Sent, but the kitchen waits for the waiter's word.
    Held,
    InProgress,
    Ready,
    Served,
    /// Taken back before it was started.
    Cancelled,
    /// Taken back after it was started.
    Voided,
}

impl ItemStatus {
    pub const ALL: [ItemStatus; 7] = [
        ItemStatus::Pending,
        ItemStatus::Held,
        ItemStatus::InProgress,
        ItemStatus::Ready,
        ItemStatus::Served,
        ItemStatus::Cancelled,
        ItemStatus::Voided,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ItemStatus::Pending => "PENDING",
            ItemStatus::Held => "HELD",
            ItemStatus::InProgress => "IN_PROGRESS",
            ItemStatus::Ready => "READY",
            ItemStatus::Served => "SERVED",
            ItemStatus::Cancelled => "CANCELLED",
            ItemStatus::Voided => "VOIDED",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// True while the line counts for its order.
    pub const fn is_live(self) -> bool {
        !matches!(self, ItemStatus::Cancelled | ItemStatus::Voided)
    }

    /// True once the kitchen has touched it.
    pub const fn is_started(self) -> bool {
        matches!(self, ItemStatus::InProgress | ItemStatus::Ready | ItemStatus::Served)
    }

    /// What becomes of the line when its whole order is cancelled.
    pub const fn taken_back(self) -> ItemStatus {
        match self {
            ItemStatus::Pending | ItemStatus::Held => ItemStatus::Cancelled,
            ItemStatus::InProgress | ItemStatus::Ready | ItemStatus::Served => ItemStatus::Voided,
            ended @ (ItemStatus::Cancelled | ItemStatus::Voided) => ended,
        }
    }

    /// Who may take the edge `self` → `to`; `None` where there is no such edge.
    pub const fn edge(self, to: ItemStatus) -> Option<&'static [Role]> {
        use ItemStatus::*;
        const COOKS: &[Role] = &[Role::Kitchen];
        const FLOOR: &[Role] = &[Role::Waiter, Role::Expo];
        match (self, to) {
            (Pending, InProgress | Ready) | (InProgress, Ready | Pending) | (Ready, InProgress) => {
                Some(COOKS)
            }
            (Ready, Served) | (Served, Ready) | (Pending, Held) | (Held, Pending) => Some(FLOOR),
            (Pending | Held, Cancelled) => Some(&[Role::Waiter]),
            (InProgress | Ready | Served, Voided) => Some(&[Role::Manager]),
            _ => None,
        }
    }

    /// True where `role` may take some edge that ends here.
    pub fn reachable_by(self, role: Role) -> bool {
        Self::ALL.into_iter().filter_map(|from| from.edge(self)).any(|roles| role.any_of(roles))
    }

    /// Decides a move by `role`: `Ok(true)` a change, `Ok(false)` already there.
    ///
    /// An edge that does not exist is `InvalidTransition` for everyone; one of another role is `Forbidden`.
    pub fn step(self, to: ItemStatus, role: Role) -> Result<bool, ErrorCode> {
        if self == to {
            return if to.reachable_by(role) { Ok(false) } else { Err(ErrorCode::Forbidden) };
        }
        match self.edge(to) {
            None => Err(ErrorCode::InvalidTransition),
            Some(roles) if role.any_of(roles) => Ok(true),
            Some(_) => Err(ErrorCode::Forbidden),
        }
    }
}

impl fmt::Display for ItemStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub order: OrderId,
    pub name: Name,
    /// 1–9,999.
    pub qty: u32,
    pub unit_price: Money,
    pub status: ItemStatus,
    pub notes: Option<Note>,
    pub menu_item: Option<MenuItemId>,
    pub course: Option<Label>,
    pub station: Option<Label>,
    /// True where it was added after the order was confirmed.
    pub late: bool,
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    #[serde(default)]
    pub times: Times,
    /// The bump that made it ready, until its next move.
    #[serde(default)]
    pub batch: Option<BatchId>,
    /// What the kitchen has not acknowledged yet.
    #[serde(default)]
    pub attention: Option<Attention>,
    /// When the kitchen acknowledged it as it is now.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
}

impl Item {
    /// Asks the kitchen to look again. What it never saw stays new to it.
    pub fn attract(&mut self, attention: Attention) {
        self.acknowledged_at = None;
        if self.attention != Some(Attention::New) || attention == Attention::Voided {
            self.attention = Some(attention);
        }
    }
}

impl Item {
    /// A line as it is first written down.
    pub fn new(order: OrderId, name: Name, qty: u32, unit_price: Money, at: Timestamp) -> Self {
        Self {
            id: ItemId::generate(),
            order,
            name,
            qty,
            unit_price,
            status: ItemStatus::Pending,
            notes: None,
            menu_item: None,
            course: None,
            station: None,
            late: false,
            version: 1,
            created_at: at,
            updated_at: at,
            times: Times::default(),
            batch: None,
            attention: None,
            acknowledged_at: None,
        }
    }
}

/// Most of one dish on a line.
pub const MAX_QTY: u32 = 9_999;

#[cfg(test)]
mod tests {
    use super::*;
    use ItemStatus::*;
    use Role::*;

    /// The table at the head of this file, typed in a second time with every role that includes another: (from, to, base roles).
    const TABLE: &[(ItemStatus, ItemStatus, &[Role])] = &[
        (Pending, InProgress, &[Kitchen, Expo, Manager, Owner]),
        (Pending, Ready, &[Kitchen, Expo, Manager, Owner]),
        (InProgress, Ready, &[Kitchen, Expo, Manager, Owner]),
        (InProgress, Pending, &[Kitchen, Expo, Manager, Owner]),
        (Ready, InProgress, &[Kitchen, Expo, Manager, Owner]),
        (Ready, Served, &[Waiter, Expo, Manager, Owner]),
        (Served, Ready, &[Waiter, Expo, Manager, Owner]),
        (Pending, Held, &[Waiter, Expo, Manager, Owner]),
        (Held, Pending, &[Waiter, Expo, Manager, Owner]),
        (Pending, Cancelled, &[Waiter, Manager, Owner]),
        (Held, Cancelled, &[Waiter, Manager, Owner]),
        (InProgress, Voided, &[Manager, Owner]),
        (Ready, Voided, &[Manager, Owner]),
        (Served, Voided, &[Manager, Owner]),
    ];

    #[test]
    fn every_from_to_and_role() {
        for from in ItemStatus::ALL {
            for to in ItemStatus::ALL {
                for role in Role::ALL {
                    let row = TABLE.iter().find(|(f, t, _)| (*f, *t) == (from, to));
                    let reach = TABLE.iter().any(|(_, t, roles)| *t == to && roles.contains(&role));
                    let expected = match row {
                        _ if from == to && reach => Ok(false),
                        _ if from == to => Err(ErrorCode::Forbidden),
                        None => Err(ErrorCode::InvalidTransition),
                        Some((_, _, roles)) if roles.contains(&role) => Ok(true),
                        Some(_) => Err(ErrorCode::Forbidden),
                    };
                    assert_eq!(from.step(to, role), expected, "{from} → {to} by {role}");
                }
            }
        }
    }

    #[test]
    fn names_round_trip_and_taking_back_ends_a_line() {
        for status in ItemStatus::ALL {
            assert_eq!(ItemStatus::from_name(status.name()), Some(status));
            assert!(!status.taken_back().is_live());
            assert_eq!(status.taken_back() == Voided, status.is_started() || status == Voided);
        }
    }
}
