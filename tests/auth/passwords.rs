//! Another password, and the logins that are being opened with the old one.

use crate::world::{PASSWORD, World};
use comanda::{
    domain::ids::LoginId,
    store::{
        Store, Tx,
        logins::{self, NewLogin, Revoked},
        people::{self, Change},
    },
};
use std::time::Duration;

const OTHER: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA";

async fn open(world: &World, tx: &Tx, login: LoginId, hash: &str) -> bool {
    let new = NewLogin {
        login,
        restaurant: world.restaurant,
        user: world.user,
        access_ttl: Duration::from_secs(600),
        lives: Duration::from_secs(600),
        password_hash: Some(hash),
    };
    logins::open(tx, &new).await.unwrap()
}

/// As an owner does who learns that somebody knows the password.
async fn change(world: &World, store: &Store) -> Tx {
    let tx = store.write(world.restaurant).await.unwrap();
    let to = Change { password_hash: Some(OTHER), ..Change::default() };
    people::change(&tx, world.restaurant, world.user, &to).await.unwrap().unwrap();
    logins::end_all(&tx, world.restaurant, world.user, Revoked::Password, None).await.unwrap();
    tx
}

async fn old_hash(world: &World) -> String {
    let sql = "SELECT password_hash FROM users WHERE id = $1";
    world.admin().await.query_one(sql, &[&world.user.0]).await.unwrap().get(0)
}

/// Some transaction waits for a row.
async fn waits(world: &World) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    world.admin().await.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0
}

/// What raced: a thief's login with the old password was written and not committed when the owner set another one. What
/// ended the user's logins did not see it, and it was good for thirty days.
#[tokio::test]
async fn a_login_under_way_does_not_outlive_the_password_it_was_opened_with() {
    let world = World::new().await;
    let (login, hash) = (LoginId::generate(), old_hash(&world).await);
    let thief = world.store.write(world.restaurant).await.unwrap();
    assert!(open(&world, &thief, login, &hash).await);
    let owner = async { change(&world, &world.store).await.commit().await.unwrap() };
    let in_between = async {
        // Without the lock the owner is through by then, and finds nothing to end.
        for _ in 0..200 {
            if waits(&world).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        thief.commit().await.unwrap();
    };
    tokio::join!(owner, in_between);
    let ended = "SELECT revoked_at IS NOT NULL FROM logins WHERE id = $1";
    let ended = world.admin().await.query_one(ended, &[&login.0]).await.unwrap();
    assert!(ended.get::<_, bool>(0), "it was opened with the old password and goes on");
}

/// The other way round: who opens a login waits for the new password, and finds that its own is not it any more.
#[tokio::test]
async fn a_login_that_waits_for_another_password_is_not_opened() {
    let world = World::new().await;
    let hash = old_hash(&world).await;
    let owner = change(&world, &world.store).await;
    let thief = async {
        let tx = world.store.write(world.restaurant).await.unwrap();
        let opened = open(&world, &tx, LoginId::generate(), &hash).await;
        tx.commit().await.unwrap();
        opened
    };
    let in_between = async {
        for _ in 0..200 {
            if waits(&world).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        owner.commit().await.unwrap();
    };
    let (opened, ()) = tokio::join!(thief, in_between);
    assert!(!opened);
}

/// Users of a restaurant are changed, its owners locked: they can log in meanwhile.
#[tokio::test]
async fn who_manages_people_keeps_nobody_from_logging_in() {
    let world = World::new().await;
    let manager = world.store.write(world.restaurant).await.unwrap();
    people::lock(&manager, world.restaurant, &[world.user]).await.unwrap();
    // Else it waits for the lock, for as long as the setting says, and is refused.
    world.try_login(crate::world::EMAIL, PASSWORD).await.unwrap();
    manager.commit().await.unwrap();
}
