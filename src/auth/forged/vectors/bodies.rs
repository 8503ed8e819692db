//! Well signed, and yet not to be believed: times, ids, roles, claims given twice, bodies that are none.

use super::*;

pub(super) fn vectors() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |what: String, token: String| all.push((what, token));
    let plain = body(json!({}));

    // Times.
    let now = Timestamp::now().as_second();
    for time in [
        json!(null),
        json!(""),
        json!("soon"),
        json!(exp().to_string()),
        json!(exp() as f64 + 0.5),
        json!(1e300),
        json!(-1e300),
        json!(-1),
        json!(0),
        json!(1),
        json!(now),
        json!(now - 1),
        json!(now - 3600),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(253_402_300_800_i64),
        json!(exp() * 1000),
        json!(exp() * 1_000_000),
        json!(true),
        json!(false),
        json!([exp()]),
        json!({"exp": exp()}),
        json!([]),
        json!({}),
    ] {
        add(format!("exp {time}"), good(HEAD, &body(json!({"exp": time}))));
    }
    for raw in [
        "1e10",
        "4102444800.0",
        "4.1024448e9",
        "99999999999999999999999",
        "04102444800",
        "+4102444800",
        "0xFFFFFFFF",
        "NaN",
        "Infinity",
        "-0",
        "1e999",
    ] {
        let body = body(json!({"exp": "RAW"})).replace("\"RAW\"", raw);
        add(format!("exp {raw}"), good(HEAD, &body));
    }
    for nbf in [json!(now + 60), json!(exp()), json!("now"), json!(true), json!([0]), json!(1e300)] {
        add(format!("nbf {nbf}"), good(HEAD, &body(json!({"nbf": nbf}))));
    }
    for iat in [json!("now"), json!(true), json!([0]), json!({})] {
        add(format!("iat {iat}"), good(HEAD, &body(json!({"iat": iat}))));
    }
    // Who.
    let other = "01900000-0000-7000-8000-000000000009";
    let ids = [
        json!(""),
        json!(1),
        json!(true),
        json!([USER]),
        json!({}),
        json!("1"),
        json!("me"),
        json!(USER.replace('-', "")),
        json!(format!("{{{USER}}}")),
        json!(format!("urn:uuid:{USER}")),
        json!(format!("{USER} ")),
        json!(format!(" {USER}")),
        json!(format!("{USER}\0")),
        json!(&USER[1..]),
        json!(format!("{USER}' OR '1'='1")),
        json!(other.replace('0', "g")),
    ];
    for id in &ids {
        add(format!("userId {id}"), good(HEAD, &body(json!({"userId": id, "sub": null}))));
        add(format!("sub {id}"), good(HEAD, &body(json!({"sub": id, "userId": null}))));
        add(format!("sub {id} beside userId"), good(HEAD, &body(json!({"sub": id}))));
        add(format!("restaurantId {id}"), good(HEAD, &body(json!({"restaurantId": id}))));
        add(format!("sid {id}"), good(HEAD, &body(json!({"sid": id}))));
    }
    for (what, changes) in [
        ("nobody", json!({"userId": null, "sub": null})),
        ("two users", json!({"sub": other})),
        ("two users, turned", json!({"userId": other})),
        ("no restaurant", json!({"restaurantId": null})),
        ("no role", json!({"role": null})),
        ("other spelling", json!({"userId": null, "sub": null, "user_id": USER})),
    ] {
        add(what.into(), good(HEAD, &body(changes)));
    }
    for role in [
        json!(""),
        json!("waiter"),
        json!("Waiter"),
        json!("ADMIN"),
        json!("ROOT"),
        json!("SYSTEM"),
        json!("NGO"),
        json!("WAITER "),
        json!(["WAITER"]),
        json!({"WAITER": 1}),
        json!(0),
        json!(true),
        json!("WAITER,OWNER"),
    ] {
        add(format!("role {role}"), good(HEAD, &body(json!({"role": role}))));
    }
    for boards in
        [json!("default"), json!({"default": true}), json!([1]), json!([["default"]]), json!([null])]
    {
        let ngo =
            json!({"role": "NGO", "restaurantId": null, "organizationId": RESTAURANT, "boards": boards});
        add(format!("boards {boards}"), good(HEAD, &body(ngo)));
    }
    // A claim twice: which of them counts would be a matter of taste.
    for (name, value) in [
        ("exp", exp().to_string()),
        ("role", "\"OWNER\"".into()),
        ("userId", format!("\"{other}\"")),
        ("sub", format!("\"{USER}\"")),
        ("restaurantId", format!("\"{other}\"")),
        ("iat", "1,\"iat\":2".into()),
    ] {
        let doubled = format!("{},\"{name}\":{value}}}", plain.trim_end_matches('}'));
        add(format!("{name} twice"), good(HEAD, &doubled));
    }
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "0",
        "\"\"",
        "x",
        &plain[1..],
        &plain[..plain.len() - 1],
        &format!("{plain}x"),
        &format!("{plain}{plain}"),
        &format!("[{plain}]"),
        &format!("\u{feff}{plain}"),
        &plain.replace('"', "'"),
        &format!("{plain}\0"),
        &"[".repeat(4000),
        &format!("{}{plain}", "{\"a\":".repeat(900)),
    ] {
        add(format!("body {:.20}…", body), good(HEAD, body));
    }
    all
}
