//! A restaurant's people: what is shown of each, who may let in whom, and what is noted of it.

use super::{
    ids::{InviteId, RestaurantId, UserId},
    principal::Role,
    rejection::Rejection,
    text::ExternalId,
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user as managers see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub user: UserId,
    pub restaurant: RestaurantId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

/// An invite, without its code, which only whoever made it has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    pub id: InviteId,
    pub role: Role,
    pub note: Option<String>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_by: Option<UserId>,
    pub state: InviteState,
}

/// A paired display. Its id is that of the user it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: UserId,
    pub name: String,
    /// What it acts as: KITCHEN or EXPO.
    pub role: Role,
    pub station: Option<String>,
    pub claimed_by: UserId,
    pub created_at: Timestamp,
    /// When it last logged in or refreshed.
    pub last_token_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    Pending,
    Used,
    Revoked,
    Expired,
}

impl InviteState {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Used, Self::Revoked, Self::Expired];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Used => "USED",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// What is noted of people, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    UserMade,
    UserChanged,
    UserRemoved,
    InviteMade,
    InviteRevoked,
    Registered,
    PasswordReset,
    DeviceClaimed,
    DeviceRemoved,
}

impl Deed {
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserMade => "user.made",
            Self::UserChanged => "user.changed",
            Self::UserRemoved => "user.removed",
            Self::InviteMade => "invite.made",
            Self::InviteRevoked => "invite.revoked",
            Self::Registered => "user.registered",
            Self::PasswordReset => "user.password_reset",
            Self::DeviceClaimed => "device.claimed",
            Self::DeviceRemoved => "device.removed",
        }
    }
}

/// Whether `actor` may make, change or remove someone in `role`, or let someone in: managers, and nobody above themselves.
/// Errors: `Forbidden`.
pub fn may_manage(actor: Role, role: Role) -> Result<(), Rejection> {
    let may = actor.includes(Role::Manager) && actor.includes(role);
    if may { Ok(()) } else { Err(Rejection::forbidden()) }
}

/// Whether one of `owners` may stop being one. Errors: `LastOwner`: nobody else could make another.
pub fn may_lose_an_owner(owners: usize) -> Result<(), Rejection> {
    match owners {
        0 | 1 => Err(Rejection::new(ErrorCode::LastOwner, "a restaurant keeps at least one owner")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managers_manage_whom_they_include() {
        use Role::*;
        for (actor, allowed) in [
            (Owner, &Role::ALL[..]),
            (Manager, &[Manager, Waiter, Cashier, Expo, Kitchen]),
            (Waiter, &[]),
            (Cashier, &[]),
            (Expo, &[]),
            (Kitchen, &[]),
            (Public, &[]),
        ] {
            for role in Role::ALL {
                assert_eq!(may_manage(actor, role).is_ok(), allowed.contains(&role), "{actor} {role}");
            }
        }
        assert!(may_lose_an_owner(1).is_err() && may_lose_an_owner(2).is_ok());
    }
}
