//! Finding what is near: great circles, also across the date line and at the poles.

use super::offer;
use crate::support::{House, spawn_app};
use serde_json::{Value, json};

/// Name, latitude, longitude.
const PLACES: [(&str, f64, f64); 7] = [
    ("Sol", 40.4168, -3.7038),
    ("Retiro", 40.4153, -3.6845),
    ("Getafe", 40.3057, -3.7329),
    ("Barcelona", 41.3874, 2.1686),
    ("Suva", -18.1416, 178.4419),
    ("Samoa", -13.8333, -171.7667),
    ("North Pole", 90.0, 0.0),
];

async fn give(house: &House, (name, lat, lng): (&str, f64, f64)) -> Value {
    let mut body = offer(name);
    body["location"] = json!({ "lat": lat, "lng": lng, "address": name });
    house.manager.post("/api/v1/donations", body).await.expect(201)
}

#[actix_web::test]
async fn the_nearest_come_first_and_the_far_not_at_all() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let mut ids = Vec::new();
    for place in PLACES {
        ids.push(give(&house, place).await["id"].as_str().unwrap().to_owned());
    }
    let names = async |query: &str| -> Vec<String> {
        let answer = ngo.client.get(&format!("/api/v1/donations{query}")).await;
        assert!(answer.header("x-stream-seq").is_some());
        let list = answer.expect(200);
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    for (query, expected) in [
        ("?near=40.4168,-3.7038&radiusKm=1", vec!["Sol"]),
        ("?near=40.4168,-3.7038&radiusKm=5", vec!["Sol", "Retiro"]),
        ("?near=40.4168,-3.7038", vec!["Sol", "Retiro", "Getafe"]),
        ("?near=40.31,-3.73&radiusKm=30", vec!["Getafe", "Sol", "Retiro"]),
        ("?near=40.4168,-3.7038&radiusKm=504", vec!["Sol", "Retiro", "Getafe"]),
        ("?near=40.4168,-3.7038&radiusKm=507", vec!["Sol", "Retiro", "Getafe", "Barcelona"]),
        // Across the date line it is some 1,150 km, and not the way around the world.
        ("?near=-18.1416,178.4419&radiusKm=1200", vec!["Suva", "Samoa"]),
        ("?near=-18.1416,178.4419&radiusKm=1100", vec!["Suva"]),
        // At the pole every longitude is the same place.
        ("?near=90,135&radiusKm=1", vec!["North Pole"]),
        ("?near=0,0&radiusKm=1", vec![]),
        ("?near=40.4168,-3.7038&radiusKm=20100&limit=2", vec!["Sol", "Retiro"]),
        ("?near=-18.1416,-179.9&radiusKm=300", vec!["Suva"]),
        ("?near=89.9,-45&radiusKm=12", vec!["North Pole"]),
        ("?near=40.4168,-3.7038&radiusKm=5&status=AVAILABLE,AVAILABLE,CLAIMED", vec!["Sol", "Retiro"]),
    ] {
        assert_eq!(names(query).await, expected, "{query}");
    }
    ngo.claim(&ids[0]).await.expect(200);
    assert_eq!(names("?near=40.4168,-3.7038&radiusKm=5&status=AVAILABLE").await, ["Retiro"]);
    assert_eq!(names("?status=CLAIMED").await, ["Sol"]);
    // Without a point the newest come first, page by page.
    let first = ngo.client.get("/api/v1/donations?limit=4").await;
    let link = first.header("link").unwrap().to_owned();
    let cursor = link.split_once("cursor=").unwrap().1.split_once('>').unwrap().0;
    let both = format!("/api/v1/donations?near=40.4,-3.7&cursor={cursor}");
    ngo.client.get(&both).await.expect_error(400, "VALIDATION_FAILED");
    assert_eq!(names("?limit=4").await, ["North Pole", "Samoa", "Suva", "Barcelona"]);
    assert_eq!(names(&format!("?limit=4&cursor={cursor}")).await, ["Getafe", "Retiro", "Sol"]);
}

/// On a board with years behind it: the index is asked for a box of the wanted status, and the board is not read through.
/// Row-level security lets only what it trusts not to leak go into an index, so this is seen as the server's own role.
#[actix_web::test]
async fn both_ways_of_looking_read_an_index_and_not_the_board() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let admin = app.database.admin().await;
    let fill = "INSERT INTO donations (board_id, id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit, lat, \
                lng, address, expires_at, image_urls, status, version, created_at, updated_at) \
                SELECT $1, gen_random_uuid(), $2, 'd', $2, 'n', 'f', '1', 'kg', random() * 180 - 90, random() * 360 - 180, 'a', \
                now(), '{}', CASE WHEN n % 100 = 0 THEN 'AVAILABLE' ELSE 'CANCELLED' END, 1, now(), now() \
                FROM generate_series(1, 20000) AS n";
    let board = comanda::domain::ids::BoardId::DEFAULT.0;
    admin.batch_execute(&format!("SET app.board = '{board}'")).await.unwrap();
    admin.execute(fill, &[&board, &house.id.0]).await.unwrap();
    admin.batch_execute("ANALYZE donations; SET ROLE comanda_app").await.unwrap();
    let near = include_str!("../../../sql/queries/donations/near.sql");
    let list = include_str!("../../../sql/queries/donations/list.sql");
    admin.batch_execute(&format!("PREPARE near AS {near}; PREPARE list AS {list}")).await.unwrap();
    let near =
        format!("near('{board}', 40.4, -3.7, 50, 39.9, 40.9, '{{AVAILABLE}}', '{{-4.4}}', '{{-3}}', 50)");
    let list = format!("list('{board}', 'infinity', '{}', '{{AVAILABLE}}', 50)", uuid::Uuid::max());
    for (call, index, bounds) in [
        (near, "donations_by_place", &["status =", "lat >=", "lng <="][..]),
        (list, "donations_newest_first", &["status =", "created_at, id) <"]),
    ] {
        let rows = admin.query(&format!("EXPLAIN EXECUTE {call}"), &[]).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(index) && !plan.contains("Seq Scan on donations"), "{plan}");
        let condition = plan.lines().find(|line| line.contains("Index Cond")).unwrap_or_default();
        assert!(bounds.iter().all(|bound| condition.contains(bound)), "{plan}");
    }
}

/// What it cost: all that a board had ever seen was read and sorted by its distance, for a page of a hundred, by whoever drew
/// the circle around the Earth.
#[actix_web::test]
async fn a_board_of_years_is_not_read_through() {
    let app = spawn_app().await;
    let (house, ngo) = (app.restaurant().await, app.ngo().await);
    let ids: Vec<String> =
        futures_util::future::join_all(PLACES[..3].iter().map(|place| give(&house, *place)))
            .await
            .iter()
            .map(|made| made["id"].as_str().unwrap().to_owned())
            .collect();
    let admin = app.database.admin().await;
    let old = "INSERT INTO donations
        SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'status', 'CANCELLED'))).*
        FROM donations d, generate_series(1, 5001) WHERE d.id = $1";
    let board = comanda::domain::ids::BoardId::DEFAULT.0;
    admin.batch_execute(&format!("SET app.board = '{board}'")).await.unwrap();
    admin.execute(old, &[&ids[0].parse::<uuid::Uuid>().unwrap()]).await.unwrap();
    let around = "/api/v1/donations?near=40.4168,-3.7038&radiusKm=20100";
    let open = ngo.client.get(around).await.expect(200);
    assert_eq!(open.as_array().unwrap().len(), 3, "what is over is not near");
    for statuses in ["CANCELLED", "AVAILABLE,CANCELLED"] {
        let refused = ngo.client.get(&format!("{around}&status={statuses}")).await;
        assert!(refused.text.contains("more than 5000 donations"), "{}", refused.text);
        refused.expect_error(400, "VALIDATION_FAILED");
    }
    let path = "/api/v1/donations?near=40.3057,-3.7329&radiusKm=1&status=CANCELLED";
    assert_eq!(ngo.client.get(path).await.expect(200), json!([]), "elsewhere there are none");
}
