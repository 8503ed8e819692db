//! What is over goes by the clock, though nobody comes by: time is moved in the database.

use crate::support::{Client, TestApp, house::id, spawn_app_with};
use comanda::domain::principal::Role;
use serde_json::json;
use std::time::{Duration, Instant};

const OFTEN: (&str, &str) = ("COMANDA__DATABASE__UPKEEP_EVERY", "200ms");
const TABLES: [&str; 5] = ["password_resets", "pairings", "refresh_tokens", "logins", "invites"];

async fn counts(app: &TestApp) -> [i64; 5] {
    let admin = app.database.admin().await;
    let mut counts = [0; 5];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        *count = admin.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
    }
    counts
}

async fn until(app: &TestApp, expected: [i64; 5]) {
    let start = Instant::now();
    loop {
        let found = counts(app).await;
        if found == expected {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{TABLES:?} are {found:?}, not {expected:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn what_is_over_is_purged_of_every_restaurant_and_nothing_else_is() {
    let app = spawn_app_with(&[OFTEN, ("COMANDA__AUTH__REGISTRATIONS_PER_HOUR", "100")]).await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let anyone = Client::anonymous(app.address);
    for house in [&house, &other] {
        for role in [Role::Waiter, Role::Kitchen] {
            let body = json!({ "email": house.email(role) });
            anyone.post("/api/v1/auth/reset-password", body).await.expect(200);
        }
        anyone.press("/api/v1/devices/pair").await.expect(201);
    }
    let (stays, leaves, rotates) =
        (house.log_in(Role::Waiter).await, other.log_in(Role::Waiter).await, house.log_in(Role::Expo).await);
    let answer = rotates.refresh().await.expect(200);
    let mut invites = Vec::new();
    for (house, role) in [(&house, "WAITER"), (&house, "EXPO"), (&other, "EXPO"), (&other, "WAITER")] {
        invites.push(id(&house.manager.post("/api/v1/invites", json!({ "role": role })).await.expect(201)));
    }
    other.manager.delete(&format!("/api/v1/invites/{}", invites[3])).await.expect(204);
    until(&app, [4, 2, 4, 3, 4]).await;

    let admin = app.database.admin().await;
    let body = json!({ "refreshToken": leaves.refresh_token });
    anyone.post("/api/v1/auth/logout", body).await.expect(204);
    let past = format!(
        "UPDATE password_resets SET expires_at = now() WHERE restaurant_id = '{house}';
         UPDATE pairings SET expires_at = now() WHERE code_hash = (SELECT code_hash FROM pairings LIMIT 1);
         UPDATE refresh_tokens SET expires_at = now() WHERE used_at IS NOT NULL;
         UPDATE logins SET revoked_at = now() - interval '25 hours' WHERE revoked_at IS NOT NULL;
         UPDATE invites SET expires_at = now() - interval '31 days' WHERE id = '{}';
         UPDATE invites SET revoked_at = now() - interval '31 days' WHERE id = '{}';
         UPDATE invites SET expires_at = now() - interval '29 days' WHERE id = '{}'",
        invites[0],
        invites[3],
        invites[1],
        house = house.id,
    );
    admin.batch_execute(&past).await.unwrap();
    until(&app, [2, 1, 2, 2, 2]).await;
    // What is left works: nobody was signed out, the family that rotated goes on.
    stays.client.get("/api/v1/auth/me").await.expect(200);
    let body = json!({ "refreshToken": answer["refreshToken"] });
    anyone.post("/api/v1/auth/refresh", body).await.expect(200);
    let listed = house.manager.get("/api/v1/invites").await.expect(200);
    assert_eq!((&listed[0]["id"], &listed[0]["status"]), (&invites[1].as_str().into(), &"EXPIRED".into()));
    // Who was logged out stays out, without a row that says so.
    leaves.refresh().await.expect_error(401, "INVALID_TOKEN");
    leaves.client.get("/api/v1/auth/me").await.expect_error(401, "INVALID_TOKEN");

    // A family whose every token is over goes whole.
    admin.batch_execute("UPDATE logins SET expires_at = now()").await.unwrap();
    until(&app, [2, 1, 0, 0, 2]).await;
}

/// What happened: a login went with all its refresh tokens, by the foreign key. Those of three hundred screens were more than
/// a statement has time for; it was cancelled, every hour, and nothing else that was over went either.
#[actix_web::test]
async fn a_login_with_many_tokens_holds_nothing_up() {
    const TOKENS: i32 = 2_000;
    let quick =
        [OFTEN, ("COMANDA__DATABASE__STATEMENT_WITHIN", "1s"), ("COMANDA__DATABASE__LOCK_WITHIN", "500ms")];
    let app = spawn_app_with(&quick).await;
    let house = app.restaurant().await;
    let login = house.log_in(Role::Kitchen).await;
    house.manager.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    until(&app, [0, 0, 1, 1, 1]).await;
    let admin = app.database.admin().await;
    // A slow disk: more than a millisecond for each.
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(0.001); RETURN OLD; END';
        CREATE TRIGGER slow BEFORE DELETE ON refresh_tokens FOR EACH ROW EXECUTE FUNCTION slow()";
    admin.batch_execute(slow).await.unwrap();
    let many = "INSERT INTO refresh_tokens (restaurant_id, login_id, hash, expires_at, used_at, successor)
        SELECT restaurant_id, login_id, sha256(n::text::bytea), expires_at, now(), hash
        FROM refresh_tokens, generate_series(1, $1) AS n";
    admin.execute(many, &[&TOKENS]).await.unwrap();
    let over = "UPDATE logins SET revoked_at = now() - interval '2 days', revoked_why = 'logout';
        UPDATE invites SET expires_at = now() - interval '31 days'";
    admin.batch_execute(over).await.unwrap();
    until(&app, [0; 5]).await;
    login.refresh().await.expect_error(401, "INVALID_TOKEN");
}
