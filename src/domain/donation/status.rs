//! The life of a donation: which way leads where, and whose it is.
//!
//! | from | to | by |
//! |---|---|---|
//! | AVAILABLE | CLAIMED | any NGO, by claiming it and not otherwise |
//! | CLAIMED | PICKED_UP, AVAILABLE (release) | the claiming NGO, or the donor's manager |
//! | PICKED_UP | DELIVERED | the claiming NGO, or the donor's manager |
//! | AVAILABLE | EXPIRED | the clock |
//! | AVAILABLE, CLAIMED | CANCELLED | the donor's people who may donate |
//! | X | X | who may reach X: nothing happens |

use super::Donation;
use crate::{
    code::ErrorCode,
    domain::{
        principal::{Principal, Role},
        rejection::Rejection,
    },
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DonationStatus {
    Available,
    Claimed,
    PickedUp,
    Delivered,
    Expired,
    Cancelled,
}

use DonationStatus::{Available, Cancelled, Claimed, Delivered, Expired, PickedUp};

impl DonationStatus {
    pub const ALL: [Self; 6] = [Available, Claimed, PickedUp, Delivered, Expired, Cancelled];
    /// Those of food that is still on its way.
    pub const OPEN: [Self; 3] = [Available, Claimed, PickedUp];

    pub const fn name(self) -> &'static str {
        match self {
            Available => "AVAILABLE",
            Claimed => "CLAIMED",
            PickedUp => "PICKED_UP",
            Delivered => "DELIVERED",
            Expired => "EXPIRED",
            Cancelled => "CANCELLED",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

impl fmt::Display for DonationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What somebody is to a donation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Of the NGO that has claimed it.
    Claimer,
    /// The donor's manager, or above.
    Manager,
    /// The donor's people who may donate.
    Donor,
    Clock,
    Nobody,
}

impl Relation {
    pub(super) fn of(who: &Principal, donation: &Donation) -> Self {
        let ours = who.restaurant == donation.donor;
        let claimer = donation.claim.as_ref().is_some_and(|claim| claim.ngo == who.restaurant);
        match who.role {
            _ if who.is_clock() => Self::Clock,
            Role::Ngo if claimer => Self::Claimer,
            role if ours && role.includes(Role::Manager) => Self::Manager,
            role if ours && role.includes(Role::Waiter) => Self::Donor,
            _ => Self::Nobody,
        }
    }
}

/// Who may take a donation to `to`, the claim apart; `None` where no way leads there from `from`.
fn edge(from: DonationStatus, to: DonationStatus) -> Option<&'static [Relation]> {
    const HOLDERS: &[Relation] = &[Relation::Claimer, Relation::Manager];
    const DONORS: &[Relation] = &[Relation::Donor, Relation::Manager];
    Some(match (from, to) {
        (Claimed | Available, Available) => HOLDERS,
        (Claimed | PickedUp, PickedUp) | (PickedUp | Delivered, Delivered) => HOLDERS,
        (Available | Claimed | Cancelled, Cancelled) => DONORS,
        (Available | Expired, Expired) => &[Relation::Clock],
        (_, Claimed) | (Available | Delivered | Expired | Cancelled, PickedUp) => return None,
        (Available | Claimed | Expired | Cancelled, Delivered) => return None,
        (PickedUp | Delivered | Expired | Cancelled, Available) => return None,
        (PickedUp | Delivered | Expired, Cancelled) => return None,
        (Claimed | PickedUp | Delivered | Cancelled, Expired) => return None,
    })
}

/// True where the donation's status is to become `to`, false where it is that already.
///
/// # Errors
/// `InvalidTransition` where no way leads there, for everyone; `Forbidden` where it is somebody else's.
pub(super) fn transition(
    from: DonationStatus,
    to: DonationStatus,
    relation: Relation,
) -> Result<bool, Rejection> {
    // What only the clock does is no way for anybody who asks.
    let ways = edge(from, to).filter(|ways| *ways != [Relation::Clock] || relation == Relation::Clock);
    match ways {
        None => {
            let message = format!("a donation that is {from} cannot become {to}");
            Err(Rejection::new(ErrorCode::InvalidTransition, message).at(from))
        }
        Some(ways) if ways.contains(&relation) => Ok(from != to),
        Some(_) => Err(Rejection::forbidden()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELATIONS: [Relation; 5] =
        [Relation::Claimer, Relation::Manager, Relation::Donor, Relation::Clock, Relation::Nobody];

    /// Every (from × to × relation), against the contract's list written out once more.
    #[test]
    fn the_table() {
        use Relation::*;
        let moves: &[(DonationStatus, DonationStatus, &[Relation])] = &[
            (Claimed, Available, &[Claimer, Manager]),
            (Claimed, PickedUp, &[Claimer, Manager]),
            (PickedUp, Delivered, &[Claimer, Manager]),
            (Available, Cancelled, &[Donor, Manager]),
            (Claimed, Cancelled, &[Donor, Manager]),
            (Available, Expired, &[Clock]),
        ];
        let stays: &[(DonationStatus, &[Relation])] = &[
            (Available, &[Claimer, Manager]),
            (PickedUp, &[Claimer, Manager]),
            (Delivered, &[Claimer, Manager]),
            (Cancelled, &[Donor, Manager]),
            (Expired, &[Clock]),
        ];
        for from in DonationStatus::ALL {
            for to in DonationStatus::ALL {
                let moved = moves.iter().find(|(f, t, _)| (*f, *t) == (from, to)).map(|(.., by)| *by);
                let stayed = stays.iter().find(|(s, _)| from == to && *s == to).map(|(_, by)| *by);
                for relation in RELATIONS {
                    let outcome = transition(from, to, relation).map_err(|rejection| rejection.code);
                    let expected = match moved.or(stayed) {
                        None => Err(ErrorCode::InvalidTransition),
                        Some([Clock]) if relation != Clock => Err(ErrorCode::InvalidTransition),
                        Some(by) if by.contains(&relation) => Ok(from != to),
                        Some(_) => Err(ErrorCode::Forbidden),
                    };
                    assert_eq!(outcome, expected, "{from} to {to} by {relation:?}");
                }
            }
            assert_eq!(DonationStatus::from_name(from.name()), Some(from));
        }
    }
}
