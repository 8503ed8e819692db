//! The program as one meets it in a terminal: what it prints, and how it ends.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "cli/boards.rs"]
mod boards;
#[path = "support/client.rs"]
mod client;
#[path = "support/server.rs"]
mod server;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Runs the program to its end in an empty folder, with these variables only.
fn comanda(arguments: &str, variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_comanda"));
    program.args(arguments.split_whitespace()).env_clear().envs(variables.iter().copied());
    program.current_dir(folder.path()).output().unwrap()
}

const NEEDED: [(&str, &str); 3] = [
    ("JWT_SECRET", "0123456789abcdef0123456789abcdef"),
    ("FRONTEND_URL", "https://floor.example.com"),
    ("PUBLIC_URL", "https://orders.example.com"),
];

#[test]
fn every_mistake_is_one_line_and_exit_code_2() {
    for (arguments, variable, value, named) in [
        ("", "PORT", "abc", "PORT"),
        ("serve", "PORT", "70000", "PORT"),
        ("serve", "HOST", "example.com", "HOST"),
        ("serve", "JWT_SECRET", "short", "JWT_SECRET"),
        ("serve", "PUBLIC_URL", "orders.example.com", "PUBLIC_URL"),
        ("serve", "FRONTEND_URL", "*", "FRONTEND_URL"),
        ("serve", "DATABASE_URL", "mysql://x", "DATABASE_URL"),
        ("serve", "DATABASE_URL", "postgresql://a:hunter2@host:notaport/x", "DATABASE_URL"),
        ("migrate", "DATABASE_URL", "postgresql://host/x?sslmode=perhaps", "DATABASE_URL"),
        ("serve", "RUST_LOG", "comanda=loud", "RUST_LOG"),
        ("serve", "COMANDA_ENV", "nowhere", "COMANDA_ENV"),
        ("serve", "COMANDA__TLS__CERT", "cert.pem", "COMANDA__TLS__KEY"),
        ("serve", "COMANDA__SERVER__PROT", "1", "server.port"),
        ("serve", "COMANDA__AUTH__LOGIN_FIELD", "username", "COMANDA__AUTH__LOGIN_FIELD"),
        ("serve", "COMANDA__AUTH__ADDITIONAL_FIELDS", "role:string", "COMANDA__AUTH__ADDITIONAL_FIELDS"),
        ("serve", "COMANDA__AUTH__ADDITIONAL_FIELDS", "age:years", "no type years"),
        ("serve", "COMANDA__PRODUCTION__STAGES", "Cut,Cut", "production.stages"),
        ("serve --demo", "HOST", "0.0.0.0", "--demo-on-network"),
        ("migrate", "COMANDA__ROOMS__IDLE", "60", "COMANDA__ROOMS__IDLE"),
        ("srve", "PORT", "3000", "srve"),
        ("token", "PORT", "3000", "--user"),
        ("serve --demo-on-network", "PORT", "3000", "--demo"),
    ] {
        let ended = comanda(arguments, &[&NEEDED[..], &[(variable, value)]].concat());
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{arguments} {variable}={value}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(named), "{variable}={value}: {said}");
        assert!(ended.stdout.is_empty() && !said.contains("hunter2"));
    }
}

/// A mistake in the entities costs nothing: no database was started for it.
#[test]
fn a_mistake_in_the_entities_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    for (text, expected) in [
        ("[[entities]]\nname = \"Dish\"", "config/entities.toml: entity Dish: it has no fields"),
        ("[[entities]]\nname = \"User\"\npath = \"orders\"", "path orders is the server's own"),
    ] {
        std::fs::write(folder.path().join("config/entities.toml"), text).unwrap();
        let ended = Command::new(env!("CARGO_BIN_EXE_comanda"))
            .arg("serve")
            .current_dir(folder.path())
            .env_clear()
            .envs(NEEDED)
            .env("PORT", "0")
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.lines().last().is_some_and(|line| line.contains(expected)), "{said}");
        assert!(!folder.path().join("data").exists(), "nothing was begun");
    }
}

#[test]
fn what_is_missing_is_one_line() {
    let ended = comanda("serve", &[]);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!((ended.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    for name in ["JWT_SECRET", "FRONTEND_URL", "PUBLIC_URL", "--demo"] {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn help_says_what_one_expects() {
    for arguments in ["--help", "serve --help", "token --help"] {
        let ended = comanda(arguments, &[]);
        assert!(ended.status.success() && ended.stderr.is_empty(), "{arguments}");
        let said = String::from_utf8(ended.stdout).unwrap();
        let expected =
            if arguments == "--help" { ["serve", "migrate", "token"] } else { ["Usage", "--", "-h"] };
        assert!(expected.iter().all(|word| said.contains(word)), "{said}");
    }
    let version = comanda("--version", &[]).stdout;
    assert_eq!(String::from_utf8(version).unwrap().trim(), concat!("comanda ", env!("CARGO_PKG_VERSION")));
}

/// Runs the program to its end on the data of this folder, with `input` as its standard input.
fn run_on(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_comanda"));
    program.args(arguments).env_clear().envs(NEEDED).current_dir(folder);
    program.env("COMANDA_DATA_DIR", folder).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = program.spawn().unwrap();
    // One that refuses before it reads closes its end.
    let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
    running.wait_with_output().unwrap()
}

#[test]
fn a_new_installation_gets_its_first_restaurant() {
    let folder = server::Folder::open();
    let run = |arguments: &[&str], input: &str| run_on(folder.path(), arguments, input);
    let new = [
        "restaurant",
        "--name",
        "Casa Ana",
        "--currency",
        "EUR",
        "--owner",
        "Ana@casa.example",
        "--tables",
        "3",
    ];
    let made = run(&new, "a long password\n");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8_lossy(&made.stdout).contains("owner ana@casa.example"));
    let token = run(&["token", "--user", "ana@casa.example"], "");
    assert_eq!(String::from_utf8_lossy(&token.stdout).trim().split('.').count(), 3);

    for (arguments, input, named) in [
        (&new[..], "a long password\n", "already"),
        (&new[..], "short\n", "password"),
        (
            &["restaurant", "--name", "x", "--currency", "EURO", "--owner", "b@casa.example"],
            "a long password\n",
            "ISO 4217",
        ),
    ] {
        let refused = run(arguments, input);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.lines().last().is_some_and(|line| line.contains(named)), "{said}");
    }
}
