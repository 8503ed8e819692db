//! Who is acting: a user of a restaurant, in a role.

use super::ids::{LoginId, RestaurantId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// A role of staff. OWNER ⊇ MANAGER ⊇ {WAITER, CASHIER, EXPO}, EXPO ⊇ KITCHEN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    Owner,
    Manager,
    Waiter,
    Cashier,
    Expo,
    Kitchen,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Manager, Role::Waiter, Role::Cashier, Role::Expo, Role::Kitchen];

    /// True where whoever has this role may do what `other` may.
    pub const fn includes(self, other: Role) -> bool {
        use Role::*;
        match self {
            Owner => true,
            Manager => !matches!(other, Owner),
            Expo => matches!(other, Expo | Kitchen),
            Waiter => matches!(other, Waiter),
            Cashier => matches!(other, Cashier),
            Kitchen => matches!(other, Kitchen),
        }
    }

    /// True where this role includes any of `roles`.
    pub fn any_of(self, roles: &[Role]) -> bool {
        roles.iter().any(|&role| self.includes(role))
    }

    /// The name in claims, bodies and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Owner => "OWNER",
            Role::Manager => "MANAGER",
            Role::Waiter => "WAITER",
            Role::Cashier => "CASHIER",
            Role::Expo => "EXPO",
            Role::Kitchen => "KITCHEN",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The verified sender of a request: which user, of which restaurant, as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub user: UserId,
    pub role: Role,
    pub restaurant: RestaurantId,
    /// The login the token belongs to; `None` for a token of another service.
    pub login: Option<LoginId>,
}

impl Principal {
    /// The program itself, where the clock does something; the nil UUID is nobody's.
    pub fn system(restaurant: RestaurantId) -> Self {
        Self { user: UserId(uuid::Uuid::nil()), role: Role::Manager, restaurant, login: None }
    }
}

/// A token was good: whose it is and for how long, counted from its verification.
#[derive(Debug, Clone)]
pub struct Verified {
    pub principal: Principal,
    pub expires_at: Timestamp,
    pub valid_for: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inclusion_is_the_table_of_the_contracts() {
        use Role::*;
        let rows: [(Role, &[Role]); 6] = [
            (Owner, &[Owner, Manager, Waiter, Cashier, Expo, Kitchen]),
            (Manager, &[Manager, Waiter, Cashier, Expo, Kitchen]),
            (Waiter, &[Waiter]),
            (Cashier, &[Cashier]),
            (Expo, &[Expo, Kitchen]),
            (Kitchen, &[Kitchen]),
        ];
        for (role, included) in rows {
            for other in Role::ALL {
                assert_eq!(role.includes(other), included.contains(&other), "{role} includes {other}");
            }
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
    }
}
