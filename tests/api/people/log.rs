//! The log of people: who did what to whom, for managers, in pages; without a secret or an address in it.

use crate::support::{
    Client, House,
    house::{PASSWORD, id},
    spawn_app,
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

const LOG: &str = "/api/v1/people/log";

async fn log(house: &House, query: &str) -> Vec<Value> {
    house.manager.get(&format!("{LOG}{query}")).await.expect(200).as_array().unwrap().clone()
}

#[actix_web::test]
async fn every_deed_is_read_by_managers_and_holds_no_secret() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let email = format!("ana@new.{}", house.domain);
    let ana = json!({ "email": email, "name": "Ana", "role": "WAITER", "password": PASSWORD });
    let ana = house.owner.post("/api/v1/users", ana).await.expect(201);
    let path = format!("/api/v1/users/{}", id(&ana));
    let to = json!({ "role": "EXPO", "name": "Ana R", "password": "another password" });
    house.manager.patch(&path, to).await.expect(200);
    // What changes nothing is no deed.
    house.manager.patch(&path, json!({ "role": "EXPO" })).await.expect(200);
    house.manager.patch(&path, json!({})).await.expect(200);
    let invite = house.manager.post("/api/v1/invites", json!({ "role": "KITCHEN" })).await.expect(201);
    let code = invite["code"].as_str().unwrap();
    let bea = json!({ "email": format!("bea@new.{}", house.domain), "name": "Bea", "password": PASSWORD, "inviteCode": code });
    let bea = Client::anonymous(app.address).post("/api/v1/auth/register", bea).await.expect(201);
    let taken = house.manager.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
    house.manager.delete(&format!("/api/v1/invites/{}", id(&taken))).await.expect(204);
    house.waiter.patch("/api/v1/auth/me", json!({ "name": "Luis" })).await.expect(200);
    let asked = Client::anonymous(app.address).press("/api/v1/devices/pair").await.expect(201);
    let claim = json!({ "code": asked["code"], "name": "Grill", "role": "KITCHEN" });
    let device = house.manager.post("/api/v1/devices/claim", claim).await.expect(201);
    house.manager.delete(&format!("/api/v1/devices/{}", id(&device))).await.expect(204);
    house.owner.delete(&path).await.expect(204);

    let entries = log(&house, "").await;
    let told: Vec<&str> = entries.iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "user.made",
            "user.changed",
            "invite.made",
            "user.registered",
            "invite.made",
            "invite.revoked",
            "user.changed",
            "device.claimed",
            "device.removed",
            "user.removed",
        ]
    );
    let [made, changed, .., removed] = [&entries[9], &entries[8], &entries[0]];
    assert_eq!(
        (&made["role"], &made["actorId"]),
        (&"WAITER".into(), &house.user(Role::Owner).to_string().into())
    );
    assert_eq!(changed["fields"], json!(["name", "role", "password"]));
    assert_eq!((&changed["from"], &changed["to"]), (&"WAITER".into(), &"EXPO".into()));
    assert_eq!((&changed["actorName"], &changed["subjectName"]), (&"MANAGER".into(), &"Ana R".into()));
    // Who is removed keeps a name here.
    assert_eq!((&removed["subjectId"], &removed["subjectName"]), (&ana["id"], &"Ana R".into()));
    let registered = &entries[6];
    assert_eq!((&registered["actorId"], &registered["inviteId"]), (&bea["user"]["id"], &invite["id"]));
    let text = serde_json::to_string(&entries).unwrap();
    for secret in [PASSWORD, "another password", code, &email, "argon2"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    // In pages, and of one alone.
    let mut next = Some(format!("{LOG}?limit=3"));
    let mut paged = Vec::new();
    while let Some(path) = next {
        let answer = house.manager.get(&path).await;
        next = answer.header("link").map(|link| link[1..link.find('>').unwrap()].to_owned());
        let page = answer.expect(200);
        assert!(page.as_array().unwrap().len() <= 3);
        paged.extend(page.as_array().unwrap().iter().cloned());
    }
    assert_eq!(paged, entries);
    let anas = log(&house, &format!("?subject={}", id(&ana))).await;
    assert_eq!(
        anas.iter().map(|entry| &entry["action"]).collect::<Vec<_>>(),
        ["user.removed", "user.changed", "user.made"]
    );

    // Nobody else's business.
    for who in [&house.waiter, &house.cashier, &house.expo, &house.kitchen] {
        who.get(LOG).await.expect_error(403, "FORBIDDEN");
    }
    assert_eq!(other.owner.get(LOG).await.expect(200), json!([]));
    assert_eq!(log(&other, &format!("?subject={}", id(&ana))).await, Vec::<Value>::new());
    house.manager.get(&format!("{LOG}?subject=x")).await.expect_error(400, "VALIDATION_FAILED");
}
