//! Forged heads and keys: the algorithm chosen by the sender, a key named or carried, other secrets.

use super::*;

pub(super) fn vectors() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |what: String, token: String| all.push((what, token));
    let plain = body(json!({}));

    // No signature, or the algorithm chosen by the sender.
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        "null",
        "HS1",
        "HS224",
        "hs256",
        "Hs256",
        "HS256 ",
        " HS256",
        "HS 256",
        "HMAC",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "EdDSA",
        "Ed25519",
        "A256GCMKW",
        "dir",
        "RSA-OAEP",
        "HS256\0",
        "H\u{405}256",
    ] {
        let head = json!({"alg": alg, "typ": "JWT"}).to_string();
        add(format!("alg {alg:?}, unsigned"), format!("{}.{}.", b64(&head), b64(&plain)));
        add(format!("alg {alg:?}, well signed"), good(&head, &plain));
    }
    for alg in [json!(null), json!(256), json!(["HS256"]), json!({"HS256": 1}), json!(true)] {
        add(format!("alg {alg}"), good(&json!({"alg": alg}).to_string(), &plain));
    }
    add("signed with HS384".into(), signed(SECRET.as_bytes(), hmac::HMAC_SHA384, HEAD, &plain));
    add("HS384, said so".into(), signed(SECRET.as_bytes(), hmac::HMAC_SHA384, r#"{"alg":"HS384"}"#, &plain));
    add("HS512, said so".into(), signed(SECRET.as_bytes(), hmac::HMAC_SHA512, r#"{"alg":"HS512"}"#, &plain));
    for head in [
        "",
        "{}",
        "[]",
        "null",
        "HS256",
        "{\"alg\":\"HS256\"",
        "{\"alg\":\"HS256\"}x",
        "{\"typ\":\"JWT\"}",
        "{\"ALG\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
        "{\"alg\":\"none\",\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"alg\":\"none\"}",
        "{\"alg\":\"HS256\",}",
        "{'alg':'HS256'}",
        "\u{feff}{\"alg\":\"HS256\"}",
    ] {
        add(format!("head {head:?}"), good(head, &plain));
    }
    // A good signature under a head that names, carries or points to a key, or changes how the rest is read.
    for extra in [
        json!({"kid": "1"}),
        json!({"kid": ""}),
        json!({"kid": "../../dev/null"}),
        json!({"kid": "' OR 1=1 --"}),
        json!({"kid": 1}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"x5u": "https://evil.example/x"}),
        json!({"jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"x5c": ["AAAA"]}),
        json!({"x5t": "AAAA"}),
        json!({"x5t#S256": "AAAA"}),
        json!({"crit": ["exp"]}),
        json!({"crit": []}),
        json!({"crit": ["b64"], "b64": false}),
        json!({"b64": false}),
        json!({"zip": "DEF"}),
        json!({"enc": "A256GCM"}),
        json!({"cty": "JWT"}),
        json!({"url": "https://evil.example"}),
        json!({"nonce": "1"}),
        json!({"typ": "JWE"}),
        json!({"typ": "at+jwt"}),
        json!({"typ": ""}),
        json!({"typ": 1}),
        json!({"p2c": 1_000_000_000}),
        json!({"epk": {}}),
        json!({"iv": "a"}),
    ] {
        let mut head = json!({"alg": "HS256"});
        head.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        add(format!("head {head}"), good(&head.to_string(), &plain));
    }
    // Other keys.
    let doubled = SECRET.repeat(2);
    let upper = SECRET.to_uppercase();
    let coded = b64(SECRET);
    for key in [
        "",
        "\0",
        " ",
        "secret",
        "changeme",
        "your-256-bit-secret",
        "comanda",
        &SECRET[1..],
        &doubled,
        &upper,
        &coded,
        &format!("{SECRET}\n"),
        &format!("{SECRET} "),
    ] {
        add(format!("key {key:?}"), signed(key.as_bytes(), hmac::HMAC_SHA256, HEAD, &plain));
    }
    all
}
