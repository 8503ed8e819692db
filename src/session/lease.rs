//! How long a live socket may act for its user: until its token expires, unless it brings a newer one.

use super::{Now, Verified};
use crate::{code::ErrorCode, domain::principal::Principal};
use jiff::Timestamp;
use std::time::Instant;

/// A verified token on a live socket. Its end is monotonic, counted from verification: a clock that jumps neither
/// cuts sockets off nor keeps them alive.
#[derive(Debug, Clone)]
pub struct Lease {
    pub principal: Principal,
    pub expires_at: Timestamp,
    /// `None`: later than the clock can count.
    ends: Option<Instant>,
}

impl Lease {
    pub fn new(now: Now, verified: Verified) -> Self {
        Self {
            principal: verified.principal,
            expires_at: verified.expires_at,
            ends: now.mono.checked_add(verified.valid_for),
        }
    }

    /// A newer token came (`auth-refresh`). It must belong to the same user of the same restaurant on the same board; its role counts
    /// from here on.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] for anybody else's token; the lease stays as it was.
    pub fn renew(&mut self, now: Now, verified: Verified) -> Result<Timestamp, ErrorCode> {
        let (old, new) = (&self.principal, &verified.principal);
        if (old.user, old.restaurant, old.board) != (new.user, new.restaurant, new.board) {
            return Err(ErrorCode::Forbidden);
        }
        *self = Self::new(now, verified);
        Ok(self.expires_at)
    }

    /// When the socket must close with [`ErrorCode::TokenExpired`].
    pub fn ends(&self) -> Option<Instant> {
        self.ends
    }

    /// True where the token has expired.
    pub fn is_over(&self, now: Now) -> bool {
        self.ends.is_some_and(|ends| ends <= now.mono)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{BoardId, RestaurantId, UserId},
        principal::Role,
    };
    use std::time::Duration;

    fn verified(user: UserId, restaurant: RestaurantId, role: Role, seconds: u64) -> Verified {
        let valid_for = Duration::from_secs(seconds);
        Verified {
            principal: Principal { user, role, restaurant, board: BoardId::DEFAULT, login: None },
            expires_at: Timestamp::now() + valid_for,
            valid_for,
            boards: Default::default(),
        }
    }

    #[test]
    fn ends_with_the_token_and_is_renewed_by_its_user_only() {
        let (user, restaurant) = (UserId::generate(), RestaurantId::generate());
        let start = Now::read();
        let later = |seconds| Now { mono: start.mono + Duration::from_secs(seconds), ..start };
        let mut lease = Lease::new(start, verified(user, restaurant, Role::Waiter, 10));
        assert!(!lease.is_over(later(9)));
        assert!(lease.is_over(later(10)));

        for (user, restaurant) in [(UserId::generate(), restaurant), (user, RestaurantId::generate())] {
            let foreign = verified(user, restaurant, Role::Owner, 100);
            assert_eq!(lease.renew(later(5), foreign), Err(ErrorCode::Forbidden));
        }
        assert!(lease.is_over(later(10)));

        let newer = verified(user, restaurant, Role::Manager, 10);
        assert_eq!(lease.renew(later(5), newer.clone()), Ok(newer.expires_at));
        assert_eq!(lease.principal.role, Role::Manager);
        assert!(!lease.is_over(later(14)));
        assert!(lease.is_over(later(15)));
    }

    #[test]
    fn a_token_for_ages_never_ends() {
        let mut ages = verified(UserId::generate(), RestaurantId::generate(), Role::Waiter, 1);
        ages.valid_for = Duration::MAX;
        let lease = Lease::new(Now::read(), ages);
        assert_eq!(lease.ends(), None);
        assert!(!lease.is_over(Now::read()));
    }
}
