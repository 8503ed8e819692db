//! Who is acting: a user of a restaurant or of an NGO, in a role.

use super::ids::{BoardId, LoginId, RestaurantId, UserId};
use crate::code::ErrorCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc, time::Duration};

/// A role. Of staff: OWNER ⊇ MANAGER ⊇ {WAITER, CASHIER, EXPO}, EXPO ⊇ KITCHEN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    Owner,
    Manager,
    Waiter,
    Cashier,
    Expo,
    Kitchen,
    /// A user of an NGO: no staff, of no restaurant. Takes donations off its board, and nothing else.
    Ngo,
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
            Owner => other.is_staff(),
            Manager => other.is_staff() && !matches!(other, Owner),
            Expo => matches!(other, Expo | Kitchen),
            Waiter => matches!(other, Waiter),
            Cashier => matches!(other, Cashier),
            Kitchen => matches!(other, Kitchen),
            Ngo => matches!(other, Ngo),
            Public => matches!(other, Public),
        }
    }

    /// True for people of a restaurant.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Role::Ngo | Role::Public)
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
            Role::Ngo => "NGO",
            Role::Public => "PUBLIC",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Ngo]).find(|role| role.name() == name)
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
    /// The tenant: an NGO has this id as well, and no restaurant's stream.
    pub restaurant: RestaurantId,
    /// The donation board that they act on: a restaurant's one, or one of an NGO's.
    pub board: BoardId,
    /// The login the token belongs to; `None` for a token of another service.
    pub login: Option<LoginId>,
}

impl Principal {
    /// A user who came without a login of ours, of a tenant on the board that all begin on.
    pub fn of(user: UserId, role: Role, restaurant: RestaurantId) -> Self {
        Self { user, role, restaurant, board: BoardId::DEFAULT, login: None }
    }

    /// The program itself, where the clock does something; the nil UUID is nobody's.
    pub fn system(restaurant: RestaurantId) -> Self {
        Self::of(UserId::NOBODY, Role::Manager, restaurant)
    }

    /// Whoever comes without a token, as far as this restaurant lets them.
    pub fn public(restaurant: RestaurantId) -> Self {
        Self::of(UserId::NOBODY, Role::Public, restaurant)
    }

    /// The clock, acting on a board: nobody, of no restaurant.
    pub fn clock(board: BoardId) -> Self {
        let nobodys = RestaurantId(UserId::NOBODY.0);
        Self { board, ..Self::public(nobodys) }
    }

    /// True for the clock, and for nobody who came through a door.
    pub fn is_clock(&self) -> bool {
        self.user == UserId::NOBODY && self.restaurant.0 == UserId::NOBODY.0
    }
}

/// What may be done without a token, in which restaurant: ordering over the counter, and with `read` also reading orders,
/// hearing of them and shipping them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicAccess {
    pub restaurant: RestaurantId,
    pub read: bool,
}

/// A donation board that somebody is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub board: BoardId,
    /// What the board is called; no two have the same.
    pub name: String,
}

/// A token was good: whose it is and for how long, counted from its verification.
#[derive(Debug, Clone)]
pub struct Verified {
    pub principal: Principal,
    pub expires_at: Timestamp,
    pub valid_for: Duration,
    /// The boards that its bearer may act on; the principal is on the first.
    pub boards: Arc<[Membership]>,
}

impl Verified {
    /// Nobody's word was checked: [`Principal::public`], for as long as it stays.
    pub fn public(restaurant: RestaurantId) -> Self {
        Self {
            principal: Principal::public(restaurant),
            expires_at: Timestamp::MAX,
            valid_for: Duration::MAX,
            boards: Arc::default(),
        }
    }

    /// The same, acting on the board that is called so. Without a name it stays where it is.
    ///
    /// # Errors
    /// `Forbidden` where its bearer is not on it, whether or not there is one.
    pub fn on_board(mut self, name: Option<&str>) -> Result<Self, ErrorCode> {
        if let Some(name) = name {
            let named = self.boards.iter().find(|one| one.name == name);
            self.principal.board = named.ok_or(ErrorCode::Forbidden)?.board;
        }
        Ok(self)
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
        // An NGO is a role by name, and neither staff nor above or below any of it.
        assert_eq!(Role::from_name("NGO"), Some(Ngo));
        assert!(Role::ALL.iter().all(|&role| !Ngo.includes(role) && !role.includes(Ngo)));
        assert!(Role::ALL.iter().all(|&role| role.is_staff() && !role.includes(Public)));
        assert!(Role::ALL.iter().all(|&role| !Public.includes(role)));
    }
}
