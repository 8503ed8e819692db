//! Every layer, every mistake: the settings as a person meets them.

use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{rand::SystemRandom, signature::Ed25519KeyPair};
use secrecy::ExposeSecret;
use std::time::Duration;
use tempfile::TempDir;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn load_with(folder: &TempDir, variables: &[(&str, &str)], purpose: Purpose) -> Result<Settings, Mistake> {
    let environment = variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    load(folder.path(), &environment, purpose)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// What a server needs outside the demo.
fn serve(extra: &[(&str, &str)]) -> Result<Settings, Mistake> {
    let needed = [("JWT_SECRET", SECRET), ("FRONTEND_URL", "http://a"), ("PUBLIC_URL", "https://b")];
    load_with(&folder(), &[&needed[..], extra].concat(), Purpose::Serve)
}

#[test]
fn the_defaults_are_the_contract() {
    let settings = serve(&[]).unwrap();
    assert_eq!((settings.server.host.to_string().as_str(), settings.server.port), ("127.0.0.1", 3000));
    assert_eq!(settings.server.data_dir, Path::new("./data"));
    assert_eq!(*settings.auth.access_ttl, Duration::from_secs(12 * 3600));
    assert_eq!(*settings.auth.refresh_ttl, Duration::from_secs(30 * 86_400));
    assert_eq!(*settings.sockets.heartbeat, Duration::from_secs(2));
    assert_eq!(settings.engine_io.max_payload.0, 65_536);
    assert_eq!(settings.rooms.replay_max_bytes.0, 8 << 20);
    assert!(
        settings.database.url.is_none() && settings.tls.cert.is_none() && settings.metrics.token.is_none()
    );
}

#[test]
fn later_layers_win() {
    let dir = folder();
    fs::create_dir(dir.path().join("config")).unwrap();
    fs::write(
        dir.path().join("config/default.toml"),
        "[server]\nport = 1\nworkers = 1\n[rooms]\narbiters = 1",
    )
    .unwrap();
    fs::write(dir.path().join("config/test.toml"), "[server]\nport = 2\nworkers = 2").unwrap();
    fs::write(
        dir.path().join(".env"),
        "COMANDA_ENV=test\nPORT=3\nJWT_SECRET='0123 and a lot of other words, 32 bytes'\n",
    )
    .unwrap();
    let got = |variables: &[(&str, &str)]| load_with(&dir, variables, Purpose::Token).unwrap();

    let settings = got(&[]);
    assert_eq!((settings.server.port, settings.server.workers, settings.rooms.arbiters), (3, 2, 1));
    assert!(settings.auth.jwt_secret.unwrap().expose_secret().starts_with("0123 and"));
    assert_eq!(got(&[("PORT", "4")]).server.port, 4);
    assert_eq!(
        got(&[("PORT", "4"), ("COMANDA__SERVER__PORT", "5")]).server.port,
        5,
        "the long name is meant for us alone"
    );
    assert_eq!(got(&[("PORT", "")]).server.port, 3, "an empty variable sets nothing");
}

#[test]
fn an_all_digit_password_and_a_list_survive_the_environment() {
    let digits = "01234567890123456789012345678901";
    let settings = serve(&[
        ("COMANDA__AUTH__JWT_SECRET", digits),
        ("COMANDA__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1/128"),
        ("COMANDA__SOCKET_IO__RECOVERY", "/,/admin"),
    ]);
    let settings = settings.unwrap();
    assert_eq!(settings.auth.jwt_secret.unwrap().expose_secret(), digits);
    assert_eq!(settings.server.trusted_proxies.len(), 2);
    assert_eq!(settings.socket_io.recovery, ["/", "/admin"]);
    let none = serve(&[("COMANDA__SOCKET_IO__RECOVERY", ",")]).unwrap();
    assert!(none.socket_io.recovery.is_empty());
}

/// One line that names the setting and how to set it, for every kind of mistake.
#[test]
fn every_mistake_is_one_clear_line() {
    for (variable, value, named) in [
        (
            "PORT",
            "abc",
            "server.port: \"abc\" is not a whole number (from PORT in the environment); set it with PORT or COMANDA__SERVER__PORT",
        ),
        ("PORT", "70000", "server.port: 70000 is out of range"),
        ("PORT", "-1", "server.port: -1 is out of range"),
        ("HOST", "example.com", "server.host: \"example.com\" is not an IP address"),
        (
            "COMANDA__SERVER__PROT",
            "1",
            "there is no setting server.prot (from COMANDA__SERVER__PROT in the environment), did you mean server.port?",
        ),
        ("COMANDA__NOTHING", "1", "there is no setting nothing"),
        ("COMANDA__SOCKET_IO__RECOVERY", "/,admin", "socket_io.recovery: \"admin\" is no namespace"),
        ("COMANDA__ROOMS__IDLE", "60", "rooms.idle: \"60\" is not a time with a unit"),
        ("COMANDA__ROOMS__IDLE", "0s", "rooms.idle: it is no time at all"),
        ("COMANDA__ROOMS__RECOVER_WITHIN", "1000years", "rooms.recover_within: 1000years is too long"),
        ("COMANDA__ROOMS__PANICS", "0", "rooms.panics: 0 is too small"),
        ("COMANDA__ROOMS__RING_BYTES", "0B", "rooms.ring_bytes: 0 is too small"),
        ("COMANDA__ROOMS__REPLAY_MAX_BYTES", "0B", "rooms.replay_max_bytes: 0 is too small"),
        ("COMANDA__REGISTRY__TRANSACTION_WITHIN", "0s", "registry.transaction_within: it is no time at all"),
        (
            "COMANDA__REGISTRY__TRANSACTION_WITHIN",
            "3001ms",
            "transaction_within: 3s 1ms is too long, the most is 3s",
        ),
        ("COMANDA__REGISTRY__WAIT_WITHIN", "6s", "registry.transaction_within: 2s 500ms is too long"),
        ("COMANDA__SERVER__STOP_WITHIN", "1s", "registry.transaction_within: 2s 500ms is too long"),
        (
            "COMANDA__HTTP__ANSWER_WITHIN",
            "6s",
            "http.answer_within: 6s is too long, the most is 5s: nobody waits",
        ),
        ("COMANDA__DATABASE__WAIT_WITHIN", "6s", "database.wait_within: 6s is too long"),
        ("COMANDA__DATABASE__STATEMENT_WITHIN", "6s", "database.statement_within: 6s is too long"),
        (
            "COMANDA__DATABASE__LOCK_WITHIN",
            "4500ms",
            "database.lock_within: 4s 500ms is too long, the most is 4s",
        ),
        ("COMANDA__AUTH__PRINCIPAL_TTL", "1h", "auth.principal_ttl: 1h is too long, the most is 4s"),
        ("COMANDA__SOCKETS__HEARTBEAT", "3s", "sockets.heartbeat: 3s is too long"),
        ("COMANDA__SOCKETS__PING_INTERVAL", "13s", "sockets.pong_within: 8s is too long, the most is 7s"),
        (
            "COMANDA__ENGINE_IO__PING_INTERVAL",
            "25s",
            "engine_io.ping_timeout: 8s is too long, the most is 0s",
        ),
        ("COMANDA__HTTP__MAX_BODY", "64", "http.max_body: \"64\" is not a number of B, KiB or MiB"),
        ("COMANDA__DATABASE__POOL_SIZE", "1", "database.pool_size: 1 is too small"),
        ("COMANDA__AUTH__FOREIGN_USERS", "yes", "auth.foreign_users: \"yes\" is not true or false"),
        ("COMANDA__TELEMETRY__FORMAT", "xml", "telemetry.format: \"xml\" is neither"),
        ("COMANDA__SERVER__TRUSTED_PROXIES", "10.0.0.0/33", "server.trusted_proxies: "),
        ("FRONTEND_URL", "*", "server.frontend_url: \"*\" is not an origin"),
        ("PUBLIC_URL", "https://a/b", "server.public_url: \"https://a/b\" is not an origin"),
        ("COMANDA__PRODUCTION__STAGES", " , ", "production.stages: there has to be a stage"),
        ("COMANDA__PRODUCTION__STAGES", "Cut,Sew, Cut", "production.stages: \"Cut\" stands there twice"),
        (
            "COMANDA__PRODUCTION__STAGES",
            "Cut,a\u{7}b",
            "production.stages: \"a\\u{7}b\" has a control character",
        ),
        (
            "COMANDA__PRODUCTION__STAGES",
            "a stage whose name is so long that no list has room for it",
            "is longer than 50 characters; set it with COMANDA__PRODUCTION__STAGES",
        ),
        (
            "COMANDA__MAIL__SMTP",
            "smtp://u:p@mail.example.com:587",
            "mail.smtp: it would send passwords and tokens",
        ),
        ("JWT_SECRET", "short", "auth.jwt_secret: it has 5 bytes and needs at least 32"),
        ("DATABASE_URL", "mysql://x", "database.url: it does not begin with postgresql://"),
        ("DATABASE_APP_URL", "postgres://x", "database.app_url: it needs DATABASE_URL"),
        ("COMANDA__TLS__CERT", "/x.pem", "tls.key: it is not set"),
        ("COMANDA__TLS__KEY", "/x.pem", "tls.cert: it is not set"),
        ("COMANDA__METRICS__TOKEN", "short", "metrics.token: it has 5 bytes"),
        ("COMANDA_ENV", "nowhere", "there is no file config/nowhere.toml"),
        ("COMANDA_ENV", "../x", "COMANDA_ENV is a name"),
    ] {
        let line = serve(&[(variable, value)]).map(drop).expect_err(variable).to_string();
        assert!(line.contains(named), "{variable}={value}: {line}");
        assert!(!line.contains('\n'), "{line}");
    }
}

#[test]
fn certificates_and_keys_are_tried_before_the_start() {
    let dir = folder();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let tried = |cert: &str, key: &str| serve(&[("COMANDA__TLS__CERT", cert), ("COMANDA__TLS__KEY", key)]);
    let good = |name: &str| format!("{}/tests/carrier/tls/{name}", env!("CARGO_MANIFEST_DIR"));
    let (cert, key) = (good("cert.pem"), good("key.pem"));
    assert!(tried(&cert, &key).is_ok());
    assert!(tried(&file("both", &(read(&cert) + &read(&key))), &key).is_ok(), "one file may hold both");

    let broken = read(&key).replacen('M', "!", 3);
    let another = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let another = STANDARD.encode(another.as_ref());
    let another = format!("-----BEGIN PRIVATE KEY-----\n{another}\n-----END PRIVATE KEY-----\n");
    for (cert, key, named) in [
        ("/nowhere.pem", key.as_str(), "tls.cert: /nowhere.pem cannot be used: No such file"),
        (&cert, "/nowhere.pem", "tls.key: /nowhere.pem cannot be used: No such file"),
        (&file("text", "hunter2"), &key, "text cannot be used: there is no certificate in it"),
        (&key, &key, "tls.cert: "),
        (&cert, &cert, "it is no PEM file with a private key"),
        (&cert, &file("broken", &broken), "it is no PEM file with a private key"),
        (&cert, &file("other", &another), "it is not the key of the certificate in"),
    ] {
        let line = tried(cert, key).map(drop).expect_err(named).to_string();
        assert!(line.contains(named) && !line.contains('\n') && !line.contains("hunter2"), "{line}");
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn files_that_cannot_be_read_are_one_line_without_their_text() {
    for (file, text) in
        [("config/default.toml", "[auth]\njwt_secret = hunter2 x\n"), (".env", "JWT_SECRET=hunter2 x y\n")]
    {
        let dir = folder();
        fs::create_dir(dir.path().join("config")).unwrap();
        fs::write(dir.path().join(file), text).unwrap();
        let line = load_with(&dir, &[], Purpose::Migrate).map(drop).expect_err(file).to_string();
        assert!(line.contains(file) && !line.contains("hunter2") && !line.contains('\n'), "{line}");
    }
}

#[test]
fn outside_the_demo_what_is_missing_is_named_together() {
    let line = load_with(&folder(), &[], Purpose::Serve).map(drop).unwrap_err().to_string();
    for name in ["JWT_SECRET", "FRONTEND_URL", "PUBLIC_URL", "--demo"] {
        assert!(line.contains(name), "{line}");
    }
    assert!(load_with(&folder(), &[], Purpose::Migrate).is_ok(), "migrating signs nothing");
    assert!(load_with(&folder(), &[], Purpose::Token).is_err());
}

#[test]
fn the_demo_makes_a_secret_once_and_keeps_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let data = dir.path().join("some/data");
    let variables = [("COMANDA_DATA_DIR", data.to_str().unwrap())];
    let secret = |purpose| {
        let secret = load_with(&dir, &variables, purpose).unwrap().auth.jwt_secret.unwrap();
        secret.expose_secret().to_owned()
    };
    let made = secret(Purpose::Demo { on_network: false });
    assert!(made.len() >= 32);
    assert_eq!(made, secret(Purpose::Demo { on_network: true }));
    assert_eq!(made, secret(Purpose::Token), "a token for a running demo");
    assert_eq!(fs::metadata(data.join("demo-jwt-secret")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no draft is left behind");

    let frontends =
        load_with(&dir, &variables, Purpose::Demo { on_network: false }).unwrap().server.frontend_url;
    assert_eq!(
        frontends.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["http://localhost:5173", "http://localhost:3001"]
    );
}

#[test]
fn the_demo_stays_on_this_machine_unless_told() {
    let dir = folder();
    let data = dir.path().join("data");
    let variables = [("COMANDA_DATA_DIR", data.to_str().unwrap()), ("HOST", "0.0.0.0")];
    let line =
        load_with(&dir, &variables, Purpose::Demo { on_network: false }).map(drop).unwrap_err().to_string();
    assert!(line.contains("--demo-on-network"), "{line}");
    assert!(!data.exists(), "nothing is made for a server that does not start");
    assert!(load_with(&dir, &variables, Purpose::Demo { on_network: true }).is_ok());
}

#[test]
fn settings_print_without_their_secrets() {
    let settings = serve(&[
        ("DATABASE_URL", "postgres://u:hunter2@h/d"),
        ("COMANDA__METRICS__TOKEN", "hunter2hunter2hunter2"),
    ]);
    let shown = format!("{:?}", settings.unwrap());
    assert!(shown.contains("REDACTED") && !shown.contains("hunter2") && !shown.contains(SECRET), "{shown}");
}

/// The file's promise to its readers: each setting has a comment right above it or above its neighbour.
#[test]
fn every_setting_is_explained() {
    let mut explained = false;
    for line in DEFAULTS.lines() {
        match line {
            "" => explained = false,
            line if line.starts_with('#') => explained = true,
            line if line.starts_with('[') => explained = false,
            line => assert!(explained || line.starts_with("key = "), "no comment above {line}"),
        }
    }
}
