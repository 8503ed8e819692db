//! Refresh tokens: rotation, lost answers, theft, races, time.

use crate::world::{EMAIL, PASSWORD, World};
use comanda::{
    auth::{AuthError, LoginAnswer},
    domain::{ids::LoginId, principal::Role},
    store::upkeep::Over,
};
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use std::{collections::HashSet, sync::Arc, time::Duration};

fn token(answer: &LoginAnswer) -> &str {
    answer.refresh_token.expose_secret()
}

#[tokio::test]
async fn a_lost_answer_is_repeated_while_its_token_is_unused_and_for_its_key() {
    let world = World::new().await;
    let first = world.login().await;
    let second = world.refresh(&first, Some("k1")).await.unwrap();
    let again = world.refresh(&first, Some("k1")).await.unwrap();
    assert_eq!(token(&second), token(&again));
    let third = world.refresh(&second, Some("k1")).await.unwrap();
    assert_ne!(token(&second), token(&third), "a key serves one token");

    let stolen = world.refresh(&first, Some("k1")).await.unwrap_err();
    assert_eq!(stolen, Some(first.login), "the successor was used");
    assert_eq!(world.role(&third.access_token).await, Err(AuthError::Revoked), "at once");
    assert_eq!(world.refresh(&third, None).await.unwrap_err(), None, "the family is dead");
}

#[tokio::test]
async fn a_reused_token_ends_its_family_and_no_other() {
    let world = World::new().await;
    let bystander = world.login().await;
    for (key, thief) in [(None, None), (Some("k1"), None), (None, Some("k1")), (Some("k1"), Some("k2"))] {
        let first = world.login().await;
        let second = world.refresh(&first, key).await.unwrap();
        assert_eq!(world.refresh(&first, thief).await.unwrap_err(), Some(first.login), "{key:?} {thief:?}");
        assert_eq!(world.role(&second.access_token).await, Err(AuthError::Revoked));
        assert_eq!(world.refresh(&first, thief).await.unwrap_err(), None, "dead is dead");
    }
    assert_eq!(world.role(&bystander.access_token).await, Ok(Role::Waiter));
    assert!(world.refresh(&bystander, None).await.is_ok());
}

/// Two tabs, one token, the same moment: without a lock and a compare and set both would win.
#[tokio::test(flavor = "multi_thread")]
async fn of_racing_refreshes_one_wins_and_a_retry_is_the_same() {
    let world = Arc::new(World::new().await);
    let race = async |keys: Vec<String>| {
        let first = Arc::new(world.login().await);
        let racers = keys.into_iter().map(|key| {
            let (world, first) = (world.clone(), first.clone());
            tokio::spawn(async move { world.refresh(&first, Some(&key)).await })
        });
        join_all(racers).await.into_iter().map(Result::unwrap).collect::<Vec<_>>()
    };
    for _ in 0..5 {
        let outcomes = race((0..20).map(|n| format!("k{n}")).collect()).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let outcomes = race(vec!["same".into(); 20]).await;
        let tokens: HashSet<_> = outcomes.iter().map(|outcome| token(outcome.as_ref().unwrap())).collect();
        assert_eq!(tokens.len(), 1);
    }
}

#[tokio::test]
async fn a_refresh_keeps_the_lifetime_and_takes_the_role_of_now() {
    let world = World::new().await;
    let first = world.tokens.login(EMAIL, PASSWORD.into(), Some(600), crate::world::TABLET).await.unwrap();
    world.set_role(Role::Expo).await;
    let second = world.refresh(&first, None).await.unwrap();
    assert_eq!((second.expires_in, second.user.role, second.login), (600, Role::Expo, first.login));
}

#[tokio::test]
async fn expired_tokens_are_refused_and_swept() {
    let world = World::new().await;
    let admin = world.admin().await;
    let old = world.login().await;
    admin.execute("UPDATE refresh_tokens SET expires_at = now()", &[]).await.unwrap();
    assert_eq!(world.refresh(&old, None).await.unwrap_err(), None);
    assert_eq!(world.role(&old.access_token).await, Ok(Role::Waiter), "expiry is no theft");
    admin.execute("UPDATE logins SET expires_at = now()", &[]).await.unwrap();
    let new = world.login().await;
    for what in Over::ALL {
        world.store.purge_people(what, Duration::from_secs(3600), 100).await.unwrap();
    }
    let left = admin.query("SELECT id FROM logins", &[]).await.unwrap();
    let left: Vec<LoginId> = left.iter().map(|row| LoginId(row.get(0))).collect();
    assert_eq!(left, [new.login]);
    let tokens: i64 = admin.query_one("SELECT count(*) FROM refresh_tokens", &[]).await.unwrap().get(0);
    assert_eq!(tokens, 1);
}

#[tokio::test]
async fn nothing_that_could_be_used_is_stored() {
    let world = World::new().await;
    let first = world.login().await;
    let second = world.refresh(&first, Some("a key of the client")).await.unwrap();
    let sql = "SELECT string_agg(t::text, ' ') || (SELECT string_agg(l::text, ' ') FROM logins l) FROM refresh_tokens t";
    let stored: String = world.admin().await.query_one(sql, &[]).await.unwrap().get(0);
    let key: String = "a key of the client".bytes().map(|byte| format!("{byte:02x}")).collect();
    for secret in [token(&first), token(&second), "a key of the client", &key] {
        assert!(!stored.contains(secret));
    }
}
