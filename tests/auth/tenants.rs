//! The rows of people, seen as the application's role: row-level security, whatever a query forgets.

use crate::world::{EMAIL, World};
use tokio_postgres::{Client, error::SqlState};

/// Rows of `users` that the application sees under these settings.
async fn users(app: &Client, restaurant: &str, login: &str) -> i64 {
    let name = "SELECT set_config('app.restaurant', $1, false), set_config('app.login', $2, false)";
    app.execute(name, &[&restaurant, &login]).await.unwrap();
    app.query_one("SELECT count(*) FROM users", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn people_are_seen_by_their_restaurant_and_by_who_logs_in() {
    let world = World::new().await;
    world.login().await;
    let hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA";
    let second = comanda::domain::ids::UserId::generate();
    world.add_user(world.restaurant, second, "bea@mesa.org", hash).await.unwrap();
    let app = world.admin().await;
    app.batch_execute("SET ROLE comanda_app").await.unwrap();
    let (ours, other) = (world.restaurant.to_string(), world.other.to_string());
    for (restaurant, login, seen) in
        [("", "", 0), (ours.as_str(), "", 2), (&other, "", 0), ("", EMAIL, 1), ("", "no@mesa.org", 0)]
    {
        assert_eq!(users(&app, restaurant, login).await, seen, "{restaurant:?} {login:?}");
    }
    users(&app, &other, EMAIL).await;
    for table in ["logins", "refresh_tokens"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(app.query_one(&count, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    // The address that logs in may be read, not written.
    assert_eq!(app.execute("UPDATE users SET name = 'x'", &[]).await.unwrap(), 0);
    for forbidden in ["DELETE FROM users", "UPDATE users SET restaurant_id = id", "TRUNCATE logins"] {
        let error = app.batch_execute(forbidden).await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{forbidden}");
    }
    let smuggled = format!(
        "INSERT INTO users (restaurant_id, id, email, name, role, password_hash) \
         VALUES ('{ours}', '{}', 'eve@mesa.org', 'Eve', 'OWNER', '{hash}')",
        comanda::domain::ids::UserId::generate()
    );
    assert_eq!(
        app.batch_execute(&smuggled).await.unwrap_err().code(),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE),
        "a user in another's restaurant"
    );
}

/// The two functions that see across restaurants must tell no more than they say.
#[tokio::test]
async fn the_owners_functions_return_ids_and_times_only() {
    let world = World::new().await;
    let admin = world.admin().await;
    let columns = admin.prepare("SELECT * FROM comanda_auth_changes(now())").await.unwrap();
    let names: Vec<&str> = columns.columns().iter().map(|column| column.name()).collect();
    assert_eq!(names, ["kind", "login_id", "user_id", "at"]);
    let sql = "SELECT proname::text FROM pg_proc \
               WHERE prosecdef AND proname LIKE 'comanda%' AND has_function_privilege('public', oid, 'EXECUTE')";
    assert!(admin.query(sql, &[]).await.unwrap().is_empty(), "nobody else may call them");
}
