//! The program as one meets it in a terminal: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

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
        ("serve", "RUST_LOG", "comanda=loud", "RUST_LOG"),
        ("serve", "COMANDA_ENV", "nowhere", "COMANDA_ENV"),
        ("serve", "COMANDA__TLS__CERT", "cert.pem", "COMANDA__TLS__KEY"),
        ("serve", "COMANDA__SERVER__PROT", "1", "server.port"),
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
        assert!(ended.stdout.is_empty());
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
