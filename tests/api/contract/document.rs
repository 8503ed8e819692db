//! The documents themselves: valid, and served as what changes only with the program.

use crate::support::{Client, contract, spawn_app};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Of AsyncAPI's own people, from npm; see `tests/clients`.
const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/clients/node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
);

fn faults(document: &Value) -> Vec<String> {
    let schema = std::fs::read_to_string(SCHEMA).expect("installed by .ci/need");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().build(&schema).unwrap();
    validator.iter_errors(document).map(|fault| format!("at {}: {fault}", fault.instance_path())).collect()
}

#[actix_web::test]
async fn the_document_is_asyncapi_3() {
    let app = spawn_app().await;
    let document = contract::own(app.address).await.asyncapi.clone();
    assert_eq!(faults(&document), Vec::<String>::new());
    // The check sees what is wrong.
    let mut bad = document.clone();
    bad["operations"]["main.told"]["action"] = json!("shout");
    assert!(!faults(&bad).is_empty());

    // What no schema says (AsyncAPI 3.0, Operation Object): messages of operations and replies are their channel's own.
    let mut operated = BTreeSet::new();
    for (name, operation) in document["operations"].as_object().unwrap() {
        for end in [operation, &operation["reply"]] {
            let channel = end["channel"]["$ref"].as_str();
            for message in end["messages"].as_array().into_iter().flatten() {
                let to = message["$ref"].as_str().unwrap();
                assert!(to.starts_with(&format!("{}/messages/", channel.unwrap())), "{name}: {to}");
                assert!(document.pointer(&to[1..]).is_some(), "{name}: {to}");
                operated.insert(to.to_owned());
            }
        }
    }
    // And there is none that nobody sends.
    for (channel, about) in document["channels"].as_object().unwrap() {
        for key in about["messages"].as_object().unwrap().keys() {
            let to = format!("#/channels/{channel}/messages/{key}");
            assert!(operated.contains(&to), "{to} is in no operation");
        }
    }
}

#[actix_web::test]
async fn both_documents_are_kept_until_they_change() {
    let app = spawn_app().await;
    let anyone = Client::anonymous(app.address);
    for path in ["/openapi.json", "/asyncapi.json"] {
        let first = anyone.get(path).await;
        let etag = first.header("etag").expect("an entity tag").to_owned();
        assert_eq!(first.header("cache-control"), Some("no-cache"));
        assert_eq!(first.header("content-type"), Some("application/json"));
        first.expect(200);
        let again = anyone.header("If-None-Match", &etag).get(path).await;
        assert_eq!((again.header("etag"), again.text.as_str()), (Some(&*etag), ""));
        again.expect(304);
        anyone.header("If-None-Match", "\"other\"").get(path).await.expect(200);
    }
}
