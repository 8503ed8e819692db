//! The verifier over a database of one row that a test can change, break or hold up.

use super::{super::forged, *};
use crate::{
    code::ErrorCode,
    config::{sections::Auth, units::Span},
    domain::{
        ids::BoardId,
        principal::{Membership, Role},
    },
    store::users::Known,
};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

struct Fake {
    role: Mutex<Option<Role>>,
    asked: AtomicUsize,
    /// An answer takes one permit.
    gate: Semaphore,
}

struct Handle(Arc<Fake>);

impl Standings for Handle {
    fn read(&self, _: Bearer) -> BoxFuture<'static, Result<Standing, StoreError>> {
        let fake = self.0.clone();
        Box::pin(async move {
            fake.asked.fetch_add(1, Ordering::SeqCst);
            fake.gate.acquire().await.unwrap().forget();
            match *fake.role.lock().unwrap() {
                Some(role) => Ok(Standing {
                    restaurant: true,
                    ngo: false,
                    boards: Arc::new([Membership { board: BoardId::DEFAULT, name: "default".into() }]),
                    user: Some(Known { role, removed: false }),
                    login: true,
                    elsewhere: false,
                }),
                None => Err(StoreError::Unavailable("gone".into())),
            }
        })
    }
}

fn verifier(principal_ttl: Duration, answers: usize) -> (Verifier, Arc<Fake>, String) {
    let fake = Arc::new(Fake {
        role: Mutex::new(Some(Role::Waiter)),
        asked: AtomicUsize::new(0),
        gate: Semaphore::new(answers),
    });
    let settings = Auth { principal_ttl: Span(principal_ttl), ..forged::settings(forged::SECRET) };
    let keys = Arc::new(Keys::new(&settings).unwrap());
    let token = keys.sign(&forged::claims(), Timestamp::now()).unwrap();
    (Verifier::new(keys, Arc::new(Handle(fake.clone())), &settings), fake, token)
}

fn asked(fake: &Fake) -> usize {
    fake.asked.load(Ordering::SeqCst)
}

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_standing_is_believed_until_it_is_old_or_forgotten() {
    let (verifier, fake, token) = verifier(LONG, 100);
    let role = async || verifier.verify(&token).await.map(|verified| verified.principal.role);
    assert_eq!(role().await, Ok(Role::Waiter));
    *fake.role.lock().unwrap() = Some(Role::Kitchen);
    assert_eq!(role().await, Ok(Role::Waiter));
    assert_eq!(asked(&fake), 1);
    verifier.invalidate(LoginId::generate());
    assert_eq!(role().await, Ok(Role::Waiter), "another login");
    verifier.invalidate(forged::claims().login.unwrap());
    assert_eq!(role().await, Ok(Role::Kitchen));
    *fake.role.lock().unwrap() = Some(Role::Expo);
    verifier.invalidate_user(forged::claims().user);
    assert_eq!(role().await, Ok(Role::Expo));
    assert_eq!(asked(&fake), 3);

    let bearer = Bearer {
        restaurant: forged::claims().restaurant,
        user: forged::claims().user,
        login: forged::claims().login,
    };
    let now = Instant::now();
    verifier.cache.get(bearer, now + LONG / 2).await.unwrap();
    assert_eq!(asked(&fake), 3);
    verifier.cache.get(bearer, now + 2 * LONG).await.unwrap();
    assert_eq!(asked(&fake), 4, "too old");
}

#[tokio::test]
async fn a_thousand_questions_at_once_are_one() {
    let (verifier, fake, token) = verifier(LONG, 1);
    let all = (0..1_000).map(|_| verifier.verify(&token));
    for outcome in futures_util::future::join_all(all).await {
        assert!(outcome.is_ok());
    }
    assert_eq!(asked(&fake), 1);
}

#[tokio::test]
async fn a_broken_database_is_not_a_bad_token_and_is_asked_again() {
    let (verifier, fake, token) = verifier(LONG, 100);
    *fake.role.lock().unwrap() = None;
    let error = verifier.verify(&token).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::DatabaseUnavailable);
    assert!(error.code().face().retry);
    *fake.role.lock().unwrap() = Some(Role::Waiter);
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn a_frozen_database_is_given_up_on() {
    let (mut verifier, fake, token) = verifier(LONG, 0);
    verifier.cache = Arc::new(Cache::new(Arc::new(Handle(fake.clone())), LONG, Duration::from_millis(20)));
    let error = verifier.verify(&token).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::DatabaseUnavailable);
    // One for the question that nobody waits for any more.
    fake.gate.add_permits(2);
    assert!(verifier.verify(&token).await.is_ok());
    assert_eq!(asked(&fake), 2);
}

#[tokio::test]
async fn a_bad_token_costs_no_question() {
    let (verifier, fake, token) = verifier(LONG, 100);
    assert_eq!(verifier.verify(&format!("{token}x")).await.unwrap_err(), AuthError::InvalidToken);
    assert_eq!(asked(&fake), 0);
    let verified = verifier.verify(&token).await.unwrap();
    assert!(verified.valid_for <= LONG && verified.valid_for > LONG - Duration::from_secs(10));
}
