//! Tokens nobody issued: every one is refused, and the controls beside them pass.

#[cfg(test)]
mod vectors;

pub use vectors::SECRET;

use super::{AuthError, Claims, Keys};
use crate::{
    config::{sections::Auth, units::Span},
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        principal::Role,
    },
};
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;
use vectors::{HEAD, RESTAURANT, USER, b64, body, good};

const LOGIN: &str = "01900000-0000-7000-8000-000000000003";

pub fn settings(secret: &str) -> Auth {
    let span = |seconds| Span(Duration::from_secs(seconds));
    Auth {
        jwt_secret: Some(secret.into()),
        access_ttl: span(12 * 3600),
        refresh_ttl: span(30 * 86_400),
        issuer: None,
        audience: None,
        foreign_users: false,
        hash_concurrency: 2,
        hash_queue: 8,
        failures_per_account: 5,
        failures_per_address: 50,
        failure_window: span(900),
        principal_ttl: span(4),
        namespaces: Vec::new(),
        anonymous_namespaces: Vec::new(),
        login_field: "email".into(),
        additional_fields: Vec::new(),
        register: None,
        registrations_per_hour: 5,
        taken_per_hour: 20,
        invite_ttl: span(7 * 86_400),
        invites_kept: span(30 * 86_400),
        foreign_hashes_kept: span(90 * 86_400),
        reset_ttl: span(1800),
        resets_per_account: 3,
        resets_per_mailbox: 5,
        resets_per_address: 20,
        new_user_role: crate::config::sections::NewUserRole::Kitchen,
        welcomes_per_hour: 100,
        pairing_ttl: span(600),
        wrong_codes_per_hour: 5,
    }
}

pub fn keys() -> Keys {
    Keys::new(&settings(SECRET)).unwrap()
}

/// Good claims, for an hour.
pub fn claims() -> Claims {
    Claims {
        user: UserId(USER.parse().unwrap()),
        restaurant: RestaurantId(RESTAURANT.parse().unwrap()),
        role: Role::Waiter,
        login: Some(LoginId(LOGIN.parse().unwrap())),
        boards: None,
        expires_at: Timestamp::from_second(Timestamp::now().as_second() + 3600).unwrap(),
    }
}

#[test]
fn every_forged_token_is_refused() {
    let keys = keys();
    let vectors = vectors::all();
    assert!(vectors.len() >= 200, "{}", vectors.len());
    for (what, token) in &vectors {
        let outcome = keys.check(token, Timestamp::now());
        assert!(
            matches!(outcome, Err(AuthError::InvalidToken | AuthError::TokenExpired)),
            "{what}: {outcome:?}: {token:.200}"
        );
    }
}

/// Without these, a verifier that refuses everything would pass.
#[test]
fn the_controls_pass() {
    let keys = keys();
    let now = Timestamp::now();
    let now_s = now.as_second();
    let controls = [
        json!({}),
        json!({"sub": null}),
        json!({"userId": null}),
        json!({"sid": LOGIN}),
        json!({"iat": now_s}),
        json!({"iat": now_s as f64 + 0.25}),
        json!({"iat": now_s + 30}),
        json!({"nbf": now_s}),
        json!({"nbf": 0.5}),
        json!({"aud": "x", "iss": "y", "jti": "1"}),
        json!({"aud": ["x", "y"]}),
        json!({"email": "a@b.c", "extra": {"a": [1]}}),
        json!({"sub": USER.to_uppercase()}),
        json!({"exp": 4_102_444_800_i64}),
        json!({"exp": now_s + 1}),
        json!({"pad": "a".repeat(5000)}),
    ];
    for changes in controls {
        let outcome = keys.check(&good(HEAD, &body(changes.clone())), now);
        assert!(outcome.is_ok(), "{changes:.100}: {outcome:?}");
    }
    for head in [r#"{"alg":"HS256"}"#, r#"{"typ":"jwt","alg":"HS256"}"#, "{ \"alg\" : \"HS256\" }"] {
        assert!(keys.check(&good(head, &body(json!({}))), now).is_ok(), "{head}");
    }
    for role in Role::ALL {
        let claims = keys.check(&good(HEAD, &body(json!({"role": role.name()}))), now).unwrap();
        assert_eq!(claims.role, role);
    }
}

proptest::proptest! {
    /// One letter of a good token changed, one dropped, one doubled: never the same claims, never any.
    #[test]
    fn no_neighbour_of_a_good_token_is_good(at in 0_usize..400, letter in "[ -~]", how in 0..3) {
        let keys = keys();
        let token = good(HEAD, &body(json!({"sid": LOGIN})));
        let at = at % token.len();
        let (before, after) = (&token[..at], &token[at + 1..]);
        let neighbour = match how {
            0 => format!("{before}{letter}{after}"),
            1 => format!("{before}{after}"),
            _ => format!("{before}{}{letter}{after}", &token[at..=at]),
        };
        proptest::prop_assume!(neighbour != token);
        proptest::prop_assert_eq!(keys.check(&neighbour, Timestamp::now()), Err(AuthError::InvalidToken));
    }

    #[test]
    fn no_text_is_a_token_and_none_panics(text in ".{0,300}", parts in proptest::collection::vec(".{0,80}", 3)) {
        let keys = keys();
        let now = Timestamp::now();
        proptest::prop_assert!(keys.check(&text, now).is_err());
        proptest::prop_assert!(keys.check(&parts.iter().map(b64).collect::<Vec<_>>().join("."), now).is_err());
        proptest::prop_assert!(keys.check(&good(&parts[0], &parts[1]), now).is_err());
        proptest::prop_assert!(keys.check(&good(HEAD, &parts[1]), now).is_err());
    }
}
