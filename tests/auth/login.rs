//! Logging in and out.

use crate::world::{ELSEWHERE, EMAIL, PASSWORD, World};
use comanda::{auth::AuthError, code::ErrorCode, domain::principal::Role};
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use std::time::Duration;

#[tokio::test]
async fn a_waiter_logs_in_is_known_and_logs_out() {
    let world = World::new().await;
    let answer = world.tokens.login("ANA@Mesa.org", PASSWORD.into(), Some(600), ELSEWHERE).await.unwrap();
    assert_eq!(answer.expires_in, 600);
    assert_eq!((answer.user.user, answer.user.restaurant), (world.user, world.restaurant));
    assert_eq!((answer.user.email.as_deref(), answer.user.role), (Some(EMAIL), Role::Waiter));

    let verified = world.verifier.verify(answer.access_token.expose_secret()).await.unwrap();
    assert!(verified.valid_for <= Duration::from_secs(600) && verified.valid_for > Duration::from_secs(590));
    assert_eq!(verified.principal.login, Some(answer.login));
    let me = world.tokens.me(&verified.principal).await.unwrap();
    assert_eq!((me.email.as_deref(), me.name.as_deref(), me.role), (Some(EMAIL), Some("Ana"), Role::Waiter));

    let refresh = &answer.refresh_token;
    assert_eq!(world.tokens.logout(refresh.clone()).await, Ok(Some(answer.login)));
    assert_eq!(world.tokens.logout(refresh.clone()).await, Ok(None), "once");
    assert_eq!(world.tokens.logout("cr1_junk".into()).await, Ok(None));
    assert_eq!(world.role(&answer.access_token).await, Err(AuthError::Revoked));
    assert_eq!(world.refresh(&answer, None).await.unwrap_err(), None);
}

#[tokio::test]
async fn wrong_and_unknown_are_told_apart_by_nothing() {
    let world = World::new().await;
    for (email, password) in
        [(EMAIL, "password124"), (EMAIL, ""), ("bea@mesa.org", PASSWORD), ("no address", PASSWORD), ("", "")]
    {
        let error = world.try_login(email, password).await.unwrap_err();
        assert_eq!(error, AuthError::InvalidCredentials, "{email:?} {password:?}");
    }
}

#[tokio::test]
async fn a_lifetime_is_a_second_to_the_configured_one() {
    let world = World::new().await;
    for ttl in [0, 12 * 3600 + 1, u64::MAX] {
        let error = world.tokens.login(EMAIL, PASSWORD.into(), Some(ttl), ELSEWHERE).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ValidationFailed, "{ttl}");
    }
    for ttl in [1, 12 * 3600] {
        let answer = world.tokens.login(EMAIL, PASSWORD.into(), Some(ttl), ELSEWHERE).await.unwrap();
        assert_eq!(answer.expires_in, ttl);
    }
}

/// Thirty guesses at once: five are checked. Fifty tablets that log in at once with the right password all come in.
#[tokio::test]
async fn guesses_are_counted_also_where_they_come_at_once() {
    let world = World::new().await;
    let guesses = join_all((0..30).map(|_| world.try_login(EMAIL, "wrong"))).await;
    let checked = guesses.iter().filter(|guess| matches!(guess, Err(AuthError::InvalidCredentials))).count();
    assert_eq!(checked, 5, "{guesses:?}");
    let error = world.try_login(EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TooManyRequests);
    assert!(error.retry_after().is_some_and(|after| after <= Duration::from_secs(900)), "{error:?}");

    let tablets = (0..50).map(|_| world.tokens.login(EMAIL, PASSWORD.into(), None, ELSEWHERE));
    let outcomes = join_all(tablets).await;
    let failed: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[tokio::test]
async fn more_logins_than_the_queue_holds_are_put_off() {
    let world = World::with(|settings| settings.hash_queue = 3).await;
    let outcomes = join_all((0..20).map(|_| world.try_login(EMAIL, PASSWORD))).await;
    let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let put_off = outcomes.iter().filter(|outcome| matches!(outcome, Err(AuthError::Overloaded))).count();
    assert_eq!((served, put_off), (5, 15));
}

#[tokio::test]
async fn the_command_line_gets_a_token_without_a_password() {
    let world = World::new().await;
    let token = world.tokens.issue_for_email("Ana@Mesa.org").await.unwrap();
    assert_eq!(world.role(&token).await, Ok(Role::Waiter));
    let nobody = world.tokens.issue_for_email("bea@mesa.org").await.unwrap_err();
    assert_eq!(nobody, AuthError::InvalidCredentials);
}
