//! What becomes of a presented refresh token. Pure.
//!
//! ```text
//! unused, live                                      rotate
//! used, same key, successor unused, live            repeat: the answer got lost
//! used otherwise                                    reuse: two hold it, and which is the thief cannot be known
//! unknown, expired, or of an ended login            refuse
//! ```

use super::refresh_token::Hash;
use crate::store::logins::Held;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Rotate,
    Repeat,
    Reuse,
    Refuse,
}

/// `key`: the hash of the idempotency key of this request.
pub fn decide(held: &Held, key: Option<&Hash>) -> Decision {
    match held {
        Held { live: false, .. } => Decision::Refuse,
        Held { used: true, used_key: Some(before), successor_unused: true, .. }
            if key.is_some_and(|key| key.as_slice() == before.as_slice()) =>
        {
            Decision::Repeat
        }
        Held { used: true, .. } => Decision::Reuse,
        Held { expired: true, .. } => Decision::Refuse,
        Held { .. } => Decision::Rotate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{RestaurantId, UserId},
            principal::Role,
        },
        store::users::Account,
    };
    use std::time::Duration;

    /// Every combination of what is stored and what is asked, against the table above.
    #[test]
    fn all_cases() {
        let account = Account {
            user: UserId::generate(),
            restaurant: RestaurantId::generate(),
            email: Some("ana@mesa.org".into()),
            name: "Ana".into(),
            role: Role::Waiter,
        };
        let key: Hash = [1; 32];
        for bits in 0..16_u8 {
            let [live, expired, used, successor_unused] = [0, 1, 2, 3].map(|bit| bits & (1 << bit) != 0);
            for used_key in [None, Some(key), Some([2; 32])] {
                for asked in [None, Some(key)] {
                    let held = Held {
                        account: account.clone(),
                        access_ttl: Duration::from_secs(600),
                        live,
                        expired,
                        used,
                        used_key: used_key.map(|key| key.to_vec()),
                        successor_unused,
                    };
                    let same = asked.is_some() && asked == used_key;
                    let expected = if !live || (expired && !used) {
                        Decision::Refuse
                    } else if !used {
                        Decision::Rotate
                    } else if same && successor_unused {
                        Decision::Repeat
                    } else {
                        Decision::Reuse
                    };
                    assert_eq!(decide(&held, asked.as_ref()), expected, "{held:?} {asked:?}");
                }
            }
        }
    }
}
