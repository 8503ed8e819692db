//! What a restore does with each table is said of each, and whoever adds one is told so by this.

use crate::support::{House, database::TestDatabase, spawn_app};
use comanda::domain::principal::Role;
use serde_json::json;
use tokio_postgres::Client;

const BEGIN_ANEW: &str = include_str!("../../sql/queries/restore/begin_anew.sql");

async fn begins_anew(admin: &Client) -> Result<(), String> {
    let done = admin.batch_execute(BEGIN_ANEW).await;
    done.map_err(|error| error.as_db_error().map_or(error.to_string(), |db| db.message().to_owned()))
}

#[actix_web::test]
async fn a_table_of_which_nothing_is_said_is_refused() {
    let database = TestDatabase::create().await;
    let admin = database.admin().await;
    assert_eq!(
        begins_anew(&admin).await,
        Ok(()),
        "0087 or a later migration says it: COMMENT ON TABLE … IS 'restore: …'"
    );
    for (table, refusal) in [
        ("CREATE TABLE forgotten (token bytea)", Some("nothing says what becomes of table forgotten")),
        ("COMMENT ON TABLE forgotten IS 'Tokens.'", Some("nothing says what becomes of table forgotten")),
        ("COMMENT ON TABLE forgotten IS 'restore: keep'", Some("nothing says that column token may be")),
        ("COMMENT ON TABLE forgotten IS 'restore: anew'", Some("nothing is written for what is to become")),
        ("COMMENT ON TABLE forgotten IS 'restore: keep token'", None),
        (
            "ALTER TABLE forgotten ADD COLUMN other_hash text",
            Some("nothing says that column other_hash may be"),
        ),
        ("COMMENT ON TABLE forgotten IS 'restore: keep token other_hash'", None),
        ("INSERT INTO forgotten VALUES ('x'); COMMENT ON TABLE forgotten IS 'restore: empty'", None),
    ] {
        admin.batch_execute(table).await.unwrap();
        let done = begins_anew(&admin).await;
        match refusal {
            Some(named) => {
                assert!(done.as_ref().is_err_and(|told| told.contains(named)), "{table}: {done:?}")
            }
            None => assert_eq!(done, Ok(()), "{table}"),
        }
    }
    let left = admin.query_one("SELECT count(*) FROM forgotten", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 0);
}

/// All that was handed out is void, and nothing else is gone.
#[actix_web::test]
async fn what_was_handed_out_is_void() {
    let app = spawn_app().await;
    let house: House = app.restaurant().await;
    let login = house.log_in(Role::Waiter).await;
    house.manager.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    house.confirmed(1).await;
    let admin = app.database.admin().await;
    let counts = async || -> [i64; 7] {
        let mut counts = [0; 7];
        let tables =
            ["logins", "refresh_tokens", "password_resets", "pairings", "users", "orders", "invites"];
        for (count, table) in counts.iter_mut().zip(tables) {
            *count = admin.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
        }
        counts
    };
    let before = counts().await;
    assert!(before[0] > 0 && before[1] > 0 && before[6] > 0, "{before:?}");
    begins_anew(&admin).await.unwrap();
    let after = counts().await;
    assert_eq!((after[..4].to_vec(), &after[4..]), (vec![0; 4], &before[4..]));
    let open = "SELECT count(*) FROM invites WHERE used_at IS NULL AND revoked_at IS NULL";
    assert_eq!(admin.query_one(open, &[]).await.unwrap().get::<_, i64>(0), 0);
    login.refresh().await.expect_error(401, "INVALID_TOKEN");
}
