//! Whether what a token says still holds: the claims against what the database knows of the user and the login. Pure.

use super::{AuthError, Claims};
use crate::{
    domain::principal::{Principal, Role},
    store::users::Standing,
};

/// Who acts, in which role *now*. A user known here has the role the database says, whatever the token does; a user of
/// another service has the token's, up to MANAGER, and only where `foreign_users` allows it.
/// Errors: `Revoked` for a login or user that is gone, `InvalidToken` for what never was.
pub fn judge(claims: &Claims, standing: &Standing, foreign_users: bool) -> Result<Principal, AuthError> {
    // Whatever a row or a token says: an NGO has NGO users and nobody else has.
    let fits = |role: Role| (role == Role::Ngo) == standing.ngo;
    let role = match &standing.user {
        Some(user) if user.removed => return Err(AuthError::Revoked),
        Some(user) if !fits(user.role) => return Err(AuthError::InvalidToken),
        Some(user) => user.role,
        None => {
            // `sid` is ours, so such a token was made for a user of ours, of this restaurant.
            let stranger = claims.login.is_none() && !standing.elsewhere && standing.restaurant;
            let role = fits(claims.role) && Role::Manager.includes(claims.role);
            if !(foreign_users && stranger && role) {
                return Err(AuthError::InvalidToken);
            }
            claims.role
        }
    };
    if claims.login.is_some() && !standing.login {
        return Err(AuthError::Revoked);
    }
    let Claims { user, restaurant, login, .. } = *claims;
    Ok(Principal { user, role, restaurant, board: standing.board, login })
}

#[cfg(test)]
mod tests {
    use super::super::forged::claims;
    use super::*;
    use crate::{
        domain::ids::{BoardId, LoginId},
        store::users::Known,
    };

    fn known(role: Role, removed: bool, login: bool) -> Standing {
        Standing { user: Some(Known { role, removed }), login, ..unknown(true, false) }
    }

    fn unknown(restaurant: bool, elsewhere: bool) -> Standing {
        let board = BoardId::DEFAULT;
        Standing { restaurant, ngo: false, board, user: None, login: false, elsewhere }
    }

    #[test]
    fn the_table() {
        use AuthError::{InvalidToken, Revoked};
        use Role::{Kitchen, Manager, Owner, Waiter};
        let ours = Some(LoginId::generate());
        let rows = [
            // token's role, its login, what the database knows, foreign users allowed, the outcome
            (Waiter, ours, known(Waiter, false, true), false, Ok(Waiter)),
            (Waiter, ours, known(Kitchen, false, true), false, Ok(Kitchen)),
            (Waiter, ours, known(Owner, false, true), false, Ok(Owner)),
            (Owner, ours, known(Waiter, false, true), true, Ok(Waiter)),
            (Waiter, ours, known(Waiter, false, false), true, Err(Revoked)),
            (Waiter, ours, known(Waiter, true, true), true, Err(Revoked)),
            (Waiter, None, known(Waiter, true, false), true, Err(Revoked)),
            (Waiter, None, known(Manager, false, false), false, Ok(Manager)),
            (Waiter, None, unknown(true, false), false, Err(InvalidToken)),
            (Waiter, None, unknown(true, false), true, Ok(Waiter)),
            (Manager, None, unknown(true, false), true, Ok(Manager)),
            (Owner, None, unknown(true, false), true, Err(InvalidToken)),
            (Waiter, None, unknown(false, false), true, Err(InvalidToken)),
            (Waiter, None, unknown(true, true), true, Err(InvalidToken)),
            (Waiter, ours, unknown(true, false), true, Err(InvalidToken)),
        ];
        for (n, (role, login, standing, foreign, expected)) in rows.into_iter().enumerate() {
            let claims = Claims { role, login, ..claims() };
            let outcome = judge(&claims, &standing, foreign);
            assert_eq!(
                outcome.as_ref().map(|principal| principal.role).map_err(Clone::clone),
                expected,
                "row {n}"
            );
            if let Ok(principal) = outcome {
                assert_eq!((principal.user, principal.restaurant), (claims.user, claims.restaurant));
                assert_eq!(principal.login, claims.login);
            }
        }
    }
}
