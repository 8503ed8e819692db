//! When a line passed the stages of its life: what ageing, reports and undo are about.
//!
//! | move | what it does |
//! |---|---|
//! | sent (confirmed, or added late), HELD → PENDING | `sent` now |
//! | PENDING → HELD | no `sent`: the kitchen waits, not the guest |
//! | PENDING → IN_PROGRESS | `started` now |
//! | IN_PROGRESS → PENDING | no `started` |
//! | PENDING, IN_PROGRESS → READY | `ready` now |
//! | READY → IN_PROGRESS | no `ready`; `started` now where it was bumped in one tap |
//! | READY → SERVED | `served` now |
//! | SERVED → READY | no `served` |

use super::item::ItemStatus;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Times {
    /// The kitchen could begin.
    pub sent: Option<Timestamp>,
    pub started: Option<Timestamp>,
    pub ready: Option<Timestamp>,
    pub served: Option<Timestamp>,
}

impl Times {
    /// Of a line that the kitchen gets at `at`.
    pub fn sent(status: ItemStatus, at: Timestamp) -> Self {
        Self { sent: (status != ItemStatus::Held).then_some(at), ..Self::default() }
    }

    /// After the move `from` → `to` at `at`.
    #[must_use]
    pub fn after(self, from: ItemStatus, to: ItemStatus, at: Timestamp) -> Self {
        use ItemStatus::*;
        match (from, to) {
            (_, Held) => Self { sent: None, ..self },
            (Held, Pending) => Self { sent: Some(at), ..self },
            (_, Pending) => Self { started: None, ready: None, ..self },
            (Ready, InProgress) => Self { started: self.started.or(Some(at)), ready: None, ..self },
            (_, InProgress) => Self { started: Some(at), ..self },
            (Served, Ready) => Self { served: None, ..self },
            (_, Ready) => Self { ready: Some(at), ..self },
            (_, Served) => Self { served: Some(at), ..self },
            (_, Cancelled | Voided) => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemStatus::*;

    /// The table at the head of this file, as a life that goes through all of it.
    #[test]
    fn times_follow_a_line_by_table() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let mut times = Times::sent(Pending, at(1));
        let mut from = Pending;
        let rows: [(ItemStatus, [i64; 4]); 13] = [
            (Held, [0, 0, 0, 0]),
            (Pending, [3, 0, 0, 0]),
            (InProgress, [3, 4, 0, 0]),
            (Pending, [3, 0, 0, 0]),
            (Ready, [3, 0, 6, 0]),
            (InProgress, [3, 7, 0, 0]),
            (Ready, [3, 7, 8, 0]),
            (InProgress, [3, 7, 0, 0]),
            (Ready, [3, 7, 10, 0]),
            (Served, [3, 7, 10, 11]),
            (Ready, [3, 7, 10, 0]),
            (Served, [3, 7, 10, 13]),
            (Voided, [3, 7, 10, 13]),
        ];
        for (n, (to, expected)) in rows.into_iter().enumerate() {
            times = times.after(from, to, at(n as i64 + 2));
            let told = [times.sent, times.started, times.ready, times.served];
            let told = told.map(|time| time.map_or(0, |time| time.as_second()));
            assert_eq!(told, expected, "{from} → {to}");
            from = to;
        }
        assert_eq!(Times::sent(Held, at(1)), Times::default());
    }
}
