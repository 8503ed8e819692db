//! Whether what a token says still holds: the claims against what the database knows of the user and the login. Pure.

use super::{AuthError, Claims};
use crate::{
    domain::principal::{Membership, Principal, Role},
    store::users::Standing,
};
use std::sync::Arc;

/// What a token of another service says of boards where it says nothing.
const DEFAULT_BOARD: &str = "default";

/// Who acts, in which role *now*. A user known here has the role the database says, whatever the token does; a user of
/// another service has the token's, up to MANAGER or an NGO's, and only where `foreign_users` allows it.
/// And on which boards: see [`boards`].
/// Errors: `Revoked` for a login or user that is gone, `InvalidToken` for what never was.
pub fn judge(
    claims: &Claims,
    standing: &Standing,
    foreign_users: bool,
) -> Result<(Principal, Arc<[Membership]>), AuthError> {
    // Whatever a row or a token says: an NGO has NGO users and nobody else has.
    let fits = |role: Role| (role == Role::Ngo) == standing.ngo;
    let role = match &standing.user {
        Some(user) if user.removed => return Err(AuthError::Revoked),
        Some(user) if !fits(user.role) => return Err(AuthError::InvalidToken),
        Some(user) => user.role,
        None => {
            // `sid` is ours, so such a token was made for a user of ours, of this restaurant.
            let stranger = claims.login.is_none() && !standing.elsewhere && standing.restaurant;
            let role = claims.role == Role::Ngo || Role::Manager.includes(claims.role);
            if !(foreign_users && stranger && role && fits(claims.role)) {
                return Err(AuthError::InvalidToken);
            }
            claims.role
        }
    };
    if claims.login.is_some() && !standing.login {
        return Err(AuthError::Revoked);
    }
    let boards = boards(claims, standing);
    // Whose token names none of them can do nothing with it, and would read that as a board that is empty.
    let board = boards.first().ok_or(AuthError::InvalidToken)?.board;
    let Claims { user, restaurant, login, .. } = *claims;
    Ok((Principal { user, role, restaurant, board, login }, boards))
}

/// The boards that a token lets its bearer act on: never one that the database has the tenant not on.
///
/// | token | boards |
/// |---|---|
/// | of staff | their restaurant's |
/// | of a login of ours | the NGO's of now: what it says was true when it was made |
/// | of another service, for a user known here | those that it names of the NGO's, or all |
/// | of another service, for a user unknown here | those that it names of the NGO's, or `default` |
fn boards(claims: &Claims, standing: &Standing) -> Arc<[Membership]> {
    let named: &[&str] = match (&claims.boards, &standing.user) {
        _ if !standing.ngo || claims.login.is_some() => return standing.boards.clone(),
        (Some(names), _) => &names.iter().map(String::as_str).collect::<Vec<_>>(),
        (None, Some(_)) => return standing.boards.clone(),
        (None, None) => &[DEFAULT_BOARD],
    };
    let of = |name: &&str| standing.boards.iter().find(|one| one.name == **name).cloned();
    // In the token's order: it acts on the first.
    named.iter().filter_map(of).collect()
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

    fn board(name: &str) -> Membership {
        Membership { board: BoardId::generate(), name: name.into() }
    }

    fn unknown(restaurant: bool, elsewhere: bool) -> Standing {
        let boards = Arc::new([Membership { board: BoardId::DEFAULT, name: DEFAULT_BOARD.into() }]);
        Standing { restaurant, ngo: false, boards, user: None, login: false, elsewhere }
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
                outcome.as_ref().map(|(principal, _)| principal.role).map_err(Clone::clone),
                expected,
                "row {n}"
            );
            if let Ok((principal, boards)) = outcome {
                assert_eq!((principal.user, principal.restaurant), (claims.user, claims.restaurant));
                assert_eq!(principal.login, claims.login);
                assert_eq!((principal.board, boards), (BoardId::DEFAULT, standing.boards));
            }
        }
    }

    /// What an NGO's token says of boards, against what the database does.
    #[test]
    fn the_table_of_boards() {
        type Names<'a> = &'a [&'a str];
        type Row<'a> = (Option<LoginId>, bool, Option<Names<'a>>, Names<'a>, Names<'a>);
        let on = |names: Names<'_>| -> Arc<[Membership]> { names.iter().map(|name| board(name)).collect() };
        let ours = Some(LoginId::generate());
        let (known, unknown) = (true, false);
        let rows: [Row<'_>; 13] = [
            // the login, the user, what the token names, what the NGO is on, what it may act on
            (ours, known, Some(&["default"]), &["default"], &["default"]),
            (ours, known, Some(&["default"]), &["north"], &["north"]),
            (ours, known, None, &["north", "south"], &["north", "south"]),
            (ours, known, Some(&["south"]), &[], &[]),
            (None, known, None, &["north", "south"], &["north", "south"]),
            (None, known, Some(&["south", "north", "east"]), &["north", "south"], &["south", "north"]),
            (None, known, Some(&["east"]), &["north"], &[]),
            (None, known, Some(&[]), &["north"], &[]),
            (None, unknown, None, &["default", "north"], &["default"]),
            (None, unknown, None, &["north"], &[]),
            (None, unknown, Some(&["north"]), &["default", "north"], &["north"]),
            (None, unknown, Some(&["south"]), &["default", "north"], &[]),
            (None, unknown, Some(&["North"]), &["north"], &[]),
        ];
        for (n, (login, is_known, named, memberships, expected)) in rows.into_iter().enumerate() {
            let boards = named.map(|names| names.iter().map(|&name| name.to_owned()).collect());
            let claims = Claims { role: Role::Ngo, login, boards, ..claims() };
            let user = is_known.then_some(Known { role: Role::Ngo, removed: false });
            let boards = on(memberships);
            let standing = Standing {
                restaurant: true,
                ngo: true,
                boards,
                user,
                login: login.is_some(),
                elsewhere: false,
            };
            let refused = if is_known { true } else { judge(&claims, &standing, false).is_err() };
            assert!(refused, "row {n}: a stranger needs the setting");
            let outcome = judge(&claims, &standing, true).map(|(principal, boards)| {
                assert_eq!(principal.board, boards[0].board);
                boards
            });
            assert_eq!(outcome.is_err(), expected.is_empty(), "row {n}: {outcome:?}");
            let outcome = outcome.unwrap_or_default();
            let outcome: Vec<&str> = outcome.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(outcome, expected, "row {n}");
        }
    }
}
