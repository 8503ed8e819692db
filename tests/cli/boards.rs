//! `comanda board` and `comanda ngo`: what an operator types, and what the NGO can do then.

use super::{NEEDED, run_on, server::Folder, server::Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::path::Path;

const PASSWORD: &str = "a long password\n";

/// What it prints where it ends well.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let ended = run_on(folder, arguments, PASSWORD);
    assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

/// The one line with which it refuses.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let ended = run_on(folder, arguments, PASSWORD);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(ended.stdout.is_empty(), "{arguments:?}");
    said.lines().last().unwrap_or_default().to_owned()
}

/// What happened: a list that a newer program was asked for changed the schema under the server of an older one.
#[tokio::test]
async fn a_list_changes_nothing() {
    let data = Folder::open();
    for list in ["board", "ngo"] {
        let line = refused(data.path(), &[list]);
        assert!(line.contains("comanda migrate"), "{line}");
    }
    said(data.path(), &["migrate"]);
    assert!(said(data.path(), &["board"]).starts_with("board default "));
    assert_eq!(said(data.path(), &["ngo"]), "");
}

fn restaurant<'a>(name: &'a str, owner: &'a str) -> [&'a str; 7] {
    ["restaurant", "--name", name, "--currency", "EUR", "--owner", owner]
}

#[tokio::test]
async fn an_operator_makes_boards_and_ngos_and_they_work() {
    let data = Folder::open();
    let folder = data.path();
    // Beside a server, whose database they use.
    let server = Server::start_empty(folder, 0, &NEEDED);
    said(folder, &restaurant("Casa Ana", "ana@casa.example"));
    said(folder, &restaurant("Casa Bo", "bo@casa.example"));
    let made = said(folder, &["board", "north", "--restaurant", "Casa Ana"]);
    assert!(
        made.starts_with("made board north ") && made.contains("restaurant Casa Ana is on it now"),
        "{made}"
    );
    let again = said(folder, &["board", "north", "--restaurant", "Casa Ana"]);
    assert!(again.starts_with("there is board north "), "{again}");
    assert!(again.contains("restaurant Casa Ana was on it already"), "{again}");
    let mesa = ["ngo", "Mesa", "--email", "Ngo@mesa.example", "--board", "north"];
    assert!(said(folder, &mesa).contains("user ngo@mesa.example"));
    let again = said(folder, &mesa);
    assert!(again.contains("there is NGO") && again.contains("its password stays as it is"), "{again}");
    said(folder, &["ngo", "Mesa", "--email", "second@mesa.example"]);
    said(folder, &["ngo", "Banco", "--email", "ngo@banco.example"]);
    said(folder, &["board", "default", "--ngo", "Mesa"]);

    let listed = said(folder, &["board"]);
    let lines: Vec<&str> = listed.lines().map(str::trim).collect();
    let kinds: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line.split(' ').next().unwrap(), line.rsplit(' ').next().unwrap()))
        .collect();
    assert_eq!(
        (lines.len(), kinds[1], kinds[2], kinds[3]),
        (7, ("restaurant", "Bo"), ("NGO", "Banco"), ("NGO", "Mesa")),
        "{listed}"
    );
    assert!(lines[0].starts_with("board default ") && lines[4].starts_with("board north "), "{listed}");
    assert_eq!((kinds[5], kinds[6]), (("restaurant", "Ana"), ("NGO", "Mesa")), "{listed}");
    let listed = said(folder, &["ngo"]);
    assert!(listed.contains("Banco: boards default; users ngo@banco.example"), "{listed}");
    let mesas = "Mesa: boards north, default; users ngo@mesa.example, second@mesa.example";
    assert!(listed.contains(mesas), "{listed}");

    let before = said(folder, &["board"]);
    for (arguments, named) in [
        (
            &["board", "default", "--restaurant", "Casa Ana", "--without", "Banco"][..],
            "Banco is on no other board",
        ),
        (&["ngo", "Mesa", "--without", "nobody@mesa.example"], "nobody@mesa.example is no user of Mesa"),
        (&["ngo", "Mesa", "--without", "ngo@banco.example"], "ngo@banco.example is no user of Mesa"),
        (&["ngo", "Mesa", "--without", "second@mesa.example", "--without", "x@y.example"], "no user of Mesa"),
        (&["ngo", "Caritas", "--without", "second@mesa.example"], "no user of Caritas"),
        (&["board", "east", "--restaurant", "Nobody"], "no restaurant is called \"Nobody\""),
        (&["board", "east", "--ngo", "Casa Ana"], "no NGO is called \"Casa Ana\""),
        (&["board", "default", "--without", "Banco"], "Banco is on no other board"),
        (&["board", " "], "should not be empty"),
        (&["ngo", "Caritas", "--email", "ngo@mesa.example"], "already"),
        (&["ngo", "Mesa", "--email", "ana@casa.example"], "already"),
        (&["ngo", "Caritas", "--email", "nobody"], "--email"),
        (&["ngo", "Caritas", "--email", "ngo@caritas.example", "--board", "west"], "no board \"west\""),
        (
            &["ngo", "01900000-0000-7000-8000-000000000001", "--email", "x@caritas.example"],
            "no NGO with the id",
        ),
    ] {
        let line = refused(folder, arguments);
        assert!(line.contains(named), "{arguments:?}: {line}");
    }
    assert_eq!(said(folder, &["board"]), before, "a mistake changes nothing");
    let short = run_on(folder, &["ngo", "Caritas", "--email", "ngo@caritas.example"], "short\n");
    assert_eq!(short.status.code(), Some(2));

    let password = PASSWORD.trim();
    let donor = server.login_with("ana@casa.example", password).await;
    let ngo = server.login_with("second@mesa.example", password).await;
    let other = server.login_with("ngo@banco.example", password).await;
    let offer = json!({
        "name": "Pan", "foodType": "Bakery", "quantity": "5", "unit": "kg",
        "location": { "lat": 40.4, "lng": -3.7, "address": "Sol 1" },
        "expiryTime": (Timestamp::now() + SignedDuration::from_hours(1)).to_string(), "imageUrls": [],
    });
    let made = donor.post("/api/v1/donations", offer).await.expect(201);
    let claim = format!("/api/v1/donations/{}/claim", made["id"].as_str().unwrap());
    other.press(&claim).await.expect_error(404, "NOT_FOUND");
    assert_eq!(ngo.press(&claim).await.expect(200)["status"], "CLAIMED");
    assert_eq!(ngo.get("/api/v1/donations?board=default").await.expect(200), json!([]));
    // While it serves: who is taken off a board is off it within seconds, and others may have what it had claimed.
    let off = said(folder, &["board", "north", "--without", "Mesa"]);
    assert!(off.contains("NGO Mesa is off it now"), "{off}");
    assert!(off.contains("NGO Mesa gave back what it had claimed: 1"), "{off}");
    let given = format!("/api/v1/donations/{}", made["id"].as_str().unwrap());
    assert_eq!(donor.get(&given).await.expect(200)["status"], "AVAILABLE");
    let gone = async {
        while ngo.get("/api/v1/donations?board=north").await.status != 403 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone).await.expect("it is off the board");
    // Who is removed is out within seconds too, and the others stay.
    let removed = said(folder, &["ngo", "Mesa", "--without", "Second@mesa.example"]);
    assert!(removed.contains("removed user second@mesa.example"), "{removed}");
    let out = async {
        while ngo.get("/api/v1/donations").await.status != 401 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), out).await.expect("the removed user is out");
    let rest = "Mesa: boards default; users ngo@mesa.example";
    assert!(said(folder, &["ngo"]).lines().any(|line| line.ends_with(rest)));
    server.login_with("ngo@mesa.example", password).await.get("/api/v1/donations").await.expect(200);
    assert_eq!(server.terminate().0, Some(0));
}
