//! A manager's edit and an import of the same user: both want the user and the restaurant's log, and once took them in
//! opposite orders. PostgreSQL then ended one of both: the edit, or an import of three minutes.

use super::BCRYPT;
use crate::support::{Answer, Hold, House, TestApp, app::spawn_patient_app_declaring};
use comanda::{
    domain::{
        principal::Role,
        profile::Profile,
        text::{ExternalId, Name},
    },
    store::{
        StoreError,
        import::{Begun, MovedUser, Seated},
    },
};
use futures_util::join;
use serde_json::json;

/// What is done to users is told to everyone.
const TOLD: &str = "webSocket = true\nbroadcast = true\n[[entities]]\nname = \"User\"\npath = \"users\"";

async fn begin(app: &TestApp, house: &House) -> Box<comanda::store::import::Import> {
    match app.store.import(house.id, &[]).await.unwrap() {
        Begun::Import(import, _) => import,
        Begun::NoLog | Begun::Differs(_) => panic!("it does not begin"),
    }
}

/// The waiter, as another system knows them.
fn waiter(house: &House) -> MovedUser {
    MovedUser {
        external_id: ExternalId::parse("w-1").unwrap(),
        email: house.email(Role::Waiter),
        name: Name::parse("Ana").unwrap(),
        role: Role::Waiter,
        password_hash: BCRYPT.to_owned(),
        profile: Profile::default(),
    }
}

async fn edit(house: &House) -> Answer {
    let path = format!("/users/{}", house.user(Role::Waiter));
    house.manager.patch(&path, json!({ "name": "Anna" })).await
}

async fn both_came(house: &House, edited: Answer, seated: Result<Vec<Seated>, StoreError>) {
    assert_eq!(seated.unwrap(), [Seated::There(house.user(Role::Waiter))]);
    assert_eq!(edited.expect(200)["name"], "Anna");
    let found = house.manager.get("/api/v1/users?externalId=w-1").await.expect(200);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["name"]), (1, &json!("Anna")));
    assert_eq!(house.log().await.len(), 1, "the edit is in the log");
}

#[actix_web::test]
async fn the_import_comes_first() {
    let app = spawn_patient_app_declaring(TOLD).await;
    let house = app.restaurant().await;
    let import = begin(&app, &house).await;
    let watch = Hold::of(&app, "SELECT 1").await;
    let importing = async {
        // The edit has come as far as it does without the log.
        watch.is_waited_for().await;
        let seated = import.seat(&[waiter(&house)]).await;
        if seated.is_ok() {
            import.commit().await.unwrap();
        }
        seated
    };
    let (edited, seated) = join!(edit(&house), importing);
    both_came(&house, edited, seated).await;
}

#[actix_web::test]
async fn the_edit_comes_first() {
    let app = spawn_patient_app_declaring(TOLD).await;
    let house = app.restaurant().await;
    // It stands still with the user in hand, since the record of what it did cannot be written.
    let hold = Hold::of(&app, "LOCK TABLE people_log IN SHARE MODE").await;
    let watch = Hold::of(&app, "SELECT 1").await;
    let importing = async {
        watch.is_waited_for().await;
        let import = begin(&app, &house).await;
        let seated = import.seat(&[waiter(&house)]).await;
        if seated.is_ok() {
            import.commit().await.unwrap();
        }
        seated
    };
    let releasing = async {
        watch.is_waited_for_by(2).await;
        hold.release().await;
    };
    let (edited, seated, ()) = join!(edit(&house), importing, releasing);
    both_came(&house, edited, seated).await;
}
