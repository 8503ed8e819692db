//! What changes for a user acts on tokens that live, and is told to who holds their sockets.

use crate::world::{EMAIL, PASSWORD, World};
use comanda::{
    auth::{AuthError, Claims},
    domain::{
        ids::{RestaurantId, UserId},
        principal::Role,
    },
    store::{StoreError, logins::Change},
};
use jiff::Timestamp;
use secrecy::SecretString;

#[tokio::test]
async fn a_role_change_acts_and_is_told_once() {
    let world = World::new().await;
    let mut revocations = world.revocations().await;
    let answer = world.login().await;
    assert_eq!(revocations.poll().await.unwrap(), []);
    world.set_role(Role::Kitchen).await;
    assert_eq!(world.role(&answer.access_token).await, Ok(Role::Kitchen));
    assert_eq!(revocations.poll().await.unwrap(), [Change::RoleChanged(world.user)]);
    assert_eq!(revocations.poll().await.unwrap(), []);
    world.set_role(Role::Kitchen).await;
    assert_eq!(revocations.poll().await.unwrap(), [], "no change");
}

#[tokio::test]
async fn a_logout_and_a_reuse_are_told() {
    let world = World::new().await;
    let mut revocations = world.revocations().await;
    let (one, two) = (world.login().await, world.login().await);
    world.tokens.logout(one.refresh_token.clone()).await.unwrap();
    assert_eq!(revocations.poll().await.unwrap(), [Change::LoginRevoked(one.login, world.user)]);
    world.refresh(&two, None).await.unwrap();
    world.refresh(&two, None).await.unwrap_err();
    assert_eq!(revocations.poll().await.unwrap(), [Change::LoginRevoked(two.login, world.user)]);
}

#[tokio::test]
async fn a_removed_user_is_out_and_the_address_is_free_again() {
    let world = World::new().await;
    let mut revocations = world.revocations().await;
    let answer = world.login().await;
    world.remove_user().await;
    assert_eq!(world.role(&answer.access_token).await, Err(AuthError::Revoked));
    let told = revocations.poll().await.unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&Change::UserRemoved(world.user)));
    assert!(told.contains(&Change::LoginRevoked(answer.login, world.user)));
    assert_eq!(world.refresh(&answer, None).await.unwrap_err(), None);
    assert_eq!(world.try_login(EMAIL, PASSWORD).await.unwrap_err(), AuthError::InvalidCredentials);
    assert!(world.tokens.issue_for_email(EMAIL).await.is_err());

    let hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA";
    world.add_user(world.other, UserId::generate(), EMAIL, hash).await.unwrap();
    let taken = world.add_user(world.restaurant, UserId::generate(), EMAIL, hash).await;
    assert!(
        matches!(taken, Err(StoreError::Constraint(ref name)) if name == "users_email_key"),
        "one address, one person, whichever the restaurant: {taken:?}"
    );
}

/// Tokens signed with our secret by another service.
#[tokio::test]
async fn a_foreign_token_brings_nobody_where_it_should_not() {
    for allowed in [false, true] {
        let world = World::with(|settings| settings.foreign_users = allowed).await;
        let ours = world.login().await;
        let now = Timestamp::now();
        let expires_at = Timestamp::from_second(now.as_second() + 60).unwrap();
        let base = Claims {
            user: world.user,
            restaurant: world.restaurant,
            role: Role::Waiter,
            login: None,
            boards: None,
            expires_at,
        };
        let role = async |claims: Claims| {
            world.role(&SecretString::from(world.keys.sign(&claims, now).unwrap())).await
        };
        let refused = Err(AuthError::InvalidToken);
        // Our own user, by another service.
        assert_eq!(role(Claims { role: Role::Owner, ..base.clone() }).await, Ok(Role::Waiter));
        // Our own user, in another restaurant.
        assert_eq!(role(Claims { restaurant: world.other, ..base.clone() }).await, refused);
        let stranger = Claims { user: UserId::generate(), role: Role::Manager, ..base };
        let welcome = if allowed { Ok(Role::Manager) } else { refused.clone() };
        assert_eq!(role(stranger.clone()).await, welcome);
        assert_eq!(role(Claims { role: Role::Owner, ..stranger.clone() }).await, refused);
        let nowhere = RestaurantId::generate();
        assert_eq!(role(Claims { restaurant: nowhere, ..stranger.clone() }).await, refused);
        // With a login of another.
        assert_eq!(role(Claims { login: Some(ours.login), ..stranger }).await, refused);
    }
}
