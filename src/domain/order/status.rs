//! The order's status as a function of its lines.

use super::super::item::ItemStatus;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is stored of an order's life; the rest is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Lifecycle {
    Draft,
    /// Confirmed; the kitchen has it, the lines decide the status.
    Live,
    /// Cancelled by hand; final.
    Cancelled,
    Closed,
}

impl Lifecycle {
    pub const ALL: [Lifecycle; 4] =
        [Lifecycle::Draft, Lifecycle::Live, Lifecycle::Cancelled, Lifecycle::Closed];

    pub const fn name(self) -> &'static str {
        match self {
            Lifecycle::Draft => "DRAFT",
            Lifecycle::Live => "LIVE",
            Lifecycle::Cancelled => "CANCELLED",
            Lifecycle::Closed => "CLOSED",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lifecycle| lifecycle.name() == name)
    }
}

/// Where an order stands, as everyone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStatus {
    Draft,
    Confirmed,
    InProgress,
    Ready,
    Served,
    Cancelled,
    Closed,
}

impl OrderStatus {
    pub const ALL: [OrderStatus; 7] = [
        OrderStatus::Draft,
        OrderStatus::Confirmed,
        OrderStatus::InProgress,
        OrderStatus::Ready,
        OrderStatus::Served,
        OrderStatus::Cancelled,
        OrderStatus::Closed,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            OrderStatus::Draft => "DRAFT",
            OrderStatus::Confirmed => "CONFIRMED",
            OrderStatus::InProgress => "IN_PROGRESS",
            OrderStatus::Ready => "READY",
            OrderStatus::Served => "SERVED",
            OrderStatus::Cancelled => "CANCELLED",
            OrderStatus::Closed => "CLOSED",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// True while the table cannot be closed over it.
    pub const fn is_open(self) -> bool {
        !matches!(self, OrderStatus::Cancelled | OrderStatus::Closed)
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The status of a confirmed order from those of its lines. Total: recall, undo and late lines need no special case.
///
/// Live lines (neither CANCELLED nor VOIDED): none → CANCELLED; all SERVED → SERVED; all READY or SERVED → READY; any
/// IN_PROGRESS, READY or SERVED → IN_PROGRESS; else CONFIRMED.
pub fn derive(lines: impl IntoIterator<Item = ItemStatus>) -> OrderStatus {
    let (mut live, mut started, mut done, mut served) = (0, 0, 0, 0);
    for status in lines.into_iter().filter(|status| status.is_live()) {
        live += 1;
        started += usize::from(status.is_started());
        done += usize::from(matches!(status, ItemStatus::Ready | ItemStatus::Served));
        served += usize::from(status == ItemStatus::Served);
    }
    match live {
        0 => OrderStatus::Cancelled,
        n if served == n => OrderStatus::Served,
        n if done == n => OrderStatus::Ready,
        _ if started > 0 => OrderStatus::InProgress,
        _ => OrderStatus::Confirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemStatus::*;

    #[test]
    fn derived_by_table() {
        let rows: [(&[ItemStatus], OrderStatus); 12] = [
            (&[], OrderStatus::Cancelled),
            (&[Cancelled, Voided], OrderStatus::Cancelled),
            (&[Pending], OrderStatus::Confirmed),
            (&[Pending, Held], OrderStatus::Confirmed),
            (&[Held, Voided], OrderStatus::Confirmed),
            (&[Pending, InProgress], OrderStatus::InProgress),
            (&[Pending, Ready], OrderStatus::InProgress),
            (&[Pending, Served], OrderStatus::InProgress),
            (&[Ready, Served], OrderStatus::Ready),
            (&[Ready, Cancelled], OrderStatus::Ready),
            (&[Served, Served], OrderStatus::Served),
            (&[Served, Voided], OrderStatus::Served),
        ];
        for (lines, expected) in rows {
            assert_eq!(derive(lines.iter().copied()), expected, "{lines:?}");
        }
    }

    #[test]
    fn names_round_trip() {
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::from_name(status.name()), Some(status));
        }
        for lifecycle in Lifecycle::ALL {
            assert_eq!(Lifecycle::from_name(lifecycle.name()), Some(lifecycle));
        }
    }
}
