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
use uuid::Uuid;

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
    /// Of what is shown of it, and when it became so. Answers that were kept before there were versions have none.
    #[serde(default)]
    pub version: u32,
    #[serde(default)]
    pub updated_at: Timestamp,
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

/// Who may be connected, as others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    pub user: UserId,
    pub name: String,
    /// A display's own.
    pub device: bool,
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
    pub const ALL: [Self; 9] = [
        Self::UserMade,
        Self::UserChanged,
        Self::UserRemoved,
        Self::InviteMade,
        Self::InviteRevoked,
        Self::Registered,
        Self::PasswordReset,
        Self::DeviceClaimed,
        Self::DeviceRemoved,
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.name() == name)
    }

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

/// What is told of a deed: roles and names of fields. Never an address, a password, a hash or a code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Of whom was made, removed, let in or invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Those that have another value now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Where the role is one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Role>,
    /// With which somebody registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteId>,
}

impl Detail {
    pub fn of(role: Role) -> Self {
        Self { role: Some(role), ..Self::default() }
    }

    /// Names what `after` has otherwise than `before`, and the password where that is another.
    pub fn between(before: &Person, after: &Person, password: bool) -> Self {
        let role = before.role != after.role;
        let fields = [
            ("name", before.name != after.name),
            ("email", before.email != after.email),
            ("role", role),
            ("password", password),
        ];
        let fields = fields.into_iter().filter(|(_, changed)| *changed);
        Self {
            fields: fields.map(|(name, _)| name.to_owned()).collect(),
            from: role.then_some(before.role),
            to: role.then_some(after.role),
            ..Self::default()
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    pub id: Uuid,
    pub at: Timestamp,
    pub deed: Deed,
    pub actor: UserId,
    /// `None` for another service's user. Removed users keep theirs.
    pub actor_name: Option<String>,
    /// A user, a device, or an invite, which has no name.
    pub subject: Uuid,
    pub subject_name: Option<String>,
    pub detail: Detail,
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
    fn deeds_are_read_back_by_their_names() {
        for deed in Deed::ALL {
            assert_eq!(Deed::from_name(deed.name()), Some(deed));
        }
        assert_eq!(Deed::from_name("user.praised"), None);
    }

    #[test]
    fn a_change_tells_names_of_fields_and_roles_alone() {
        let person = |email: &str, role| Person {
            user: UserId::NOBODY,
            restaurant: RestaurantId(UserId::NOBODY.0),
            email: email.to_owned(),
            name: "Ana".to_owned(),
            role,
            created_at: Timestamp::UNIX_EPOCH,
            external_id: None,
            version: 1,
            updated_at: Timestamp::UNIX_EPOCH,
        };
        let (waiter, cook) = (person("a@x.example", Role::Waiter), person("b@x.example", Role::Kitchen));
        let roles = (Some(Role::Waiter), Some(Role::Kitchen));
        for (after, password, fields, (from, to)) in [
            (&waiter, false, &[][..], (None, None)),
            (&waiter, true, &["password"], (None, None)),
            (&cook, false, &["email", "role"], roles),
        ] {
            let detail = Detail::between(&waiter, after, password);
            assert_eq!(detail.fields, fields);
            assert_eq!((detail.from, detail.to), (from, to));
        }
    }

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
