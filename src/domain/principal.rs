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
    /// Whoever comes without a token, where the settings let them (`orders.public_orders`). No token, no user and no
    /// setting can name it: it is not among [`Role::ALL`] and is never read.
    #[serde(skip_deserializing)]
    Public,
}

impl Role {
    /// Those of staff.
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
            Public => matches!(other, Public),
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
            Role::Public => "PUBLIC",
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

/// The sender of a request: which user, of which restaurant, as what. Verified, but for [`Principal::public`].
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
        Self { user: UserId::NOBODY, role: Role::Manager, restaurant, login: None }
    }

    /// Whoever comes without a token, as far as this restaurant lets them.
    pub fn public(restaurant: RestaurantId) -> Self {
        Self { user: UserId::NOBODY, role: Role::Public, restaurant, login: None }
    }
}

/// What may be done without a token, in which restaurant: ordering over the counter, and with `read` also reading orders,
/// hearing of them and shipping them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicAccess {
    pub restaurant: RestaurantId,
    pub read: bool,
}
/// A token was good: whose it is and for how long, counted from its verification.
#[derive(Debug, Clone)]
pub struct Verified {
    pub principal: Principal,
    pub expires_at: Timestamp,
    pub valid_for: Duration,
}

impl Verified {
    /// Nobody's word was checked: [`Principal::public`], for as long as it stays.
    pub fn public(restaurant: RestaurantId) -> Self {
        Self {
            principal: Principal::public(restaurant),
            expires_at: Timestamp::MAX,
            valid_for: Duration::MAX,
        }
    }
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
        // No text makes a Public, and it includes nobody.
        assert_eq!(Role::from_name(Public.name()), None);
        assert!(Role::ALL.iter().all(|&role| !Public.includes(role)));
    }
}
