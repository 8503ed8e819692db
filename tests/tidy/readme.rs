//! What the README names is there: files, functions, tests; and what the contracts have, the README names.

use crate::text::{Files, read};
use comanda::{code::ErrorCode, doors::http};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

const NEED: &str = include_str!("../../.ci/need");
const README: &str = include_str!("../../README.md");

/// Everything in backticks, but for fenced blocks.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

fn section(title: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("\n## {title}\n")).unwrap_or_default();
    rest.split("\n## ").next().unwrap_or_default()
}

fn everything() -> Files {
    let folders = [("src", "rs"), ("tests", "rs"), ("sql", "sql"), ("config", "toml"), ("config", "service")];
    let more = [("config", "conf"), ("config/deploy", "Containerfile")];
    folders.iter().chain(&more).flat_map(|(folder, kind)| read(folder, kind)).collect()
}

/// Files and `file.rs::function`s that are named and not there.
fn strangers(text: &str, files: &Files) -> Vec<String> {
    let is_there = |name: &&str| {
        let (path, function) = name.split_once("::").unwrap_or((name, ""));
        let mut found = files.iter().filter(|(file, _)| format!("/{file}").ends_with(&format!("/{path}")));
        found.any(|(_, code)| function.is_empty() || code.contains(&format!("fn {function}")))
    };
    let is_file = |name: &&str| [".rs", ".sql", ".toml", ".service"].iter().any(|kind| name.contains(kind));
    let missing = quoted(text).into_iter().filter(|name| is_file(name) && !name.contains('$'));
    missing.filter(|name| !is_there(name)).map(str::to_owned).collect()
}

/// Tests, modules and binaries of the guarantees that are not there; `…` shortens a name.
fn unproven(text: &str, files: &Files) -> Vec<String> {
    let proofs =
        text.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.rsplit('|').nth(1));
    let names = proofs.flat_map(quoted).filter(|name| !name.starts_with("--"));
    let is_there = |part: &str| {
        let part = part.trim_end_matches('…');
        let is_module = |file: &String| file.split(['/', '.']).any(|piece| piece == part);
        files.iter().any(|(file, code)| is_module(file) || code.contains(&format!("fn {part}")))
    };
    let is_proof = |name: &str| match CHAOS.iter().find_map(|command| name.strip_prefix(command)) {
        // Behind it may stand how much of it, and a seed.
        Some(rest) => {
            let only = rest.split(' ').next().unwrap_or_default();
            only.split(',').all(|scenario| is_there_as_scenario(scenario, files))
        }
        None => name.split("::").all(is_there),
    };
    names.filter(|name| !is_proof(name)).map(str::to_owned).collect()
}

/// Scenarios by their ids, a part of the table's counts and the least of them.
const CHAOS: [&str; 2] = ["make chaos ONLY=", "cargo test --features faults --test chaos -- --only "];

/// `R1` is `tests/chaos/scenarios/r1_….rs`.
fn is_there_as_scenario(name: &str, files: &Files) -> bool {
    let begins = format!("tests/chaos/scenarios/{}_", name.to_lowercase());
    files.keys().any(|file| file.starts_with(&begins))
}

#[test]
fn what_the_readme_names_is_there() {
    let files = everything();
    assert_eq!(strangers("`src/nowhere.rs` `code.rs::nothing` `src/code.rs::face`", &files).len(), 2);
    assert_eq!(strangers(README, &files), [""; 0]);
    assert_eq!(unproven("| a | `tidy`: `no_such_test`, `what_the_readme_…` |", &files), ["no_such_test"]);
    let chaos = "| a | `make chaos ONLY=R1,R2` |\n| a | `make chaos ONLY=R99` |";
    assert_eq!(unproven(chaos, &files), ["make chaos ONLY=R99"]);
    for table in ["Guarantees", "Security"] {
        assert!(section(table).contains("| shown by |"), "{table}");
        assert_eq!(unproven(section(table), &files), [""; 0]);
    }
}

#[test]
fn the_readme_names_what_the_contracts_have() {
    let contracts = section("Contracts");
    for code in ErrorCode::ALL {
        let close = code.face().close;
        assert!(contracts.contains(&format!("\n| {close} |")), "close code {close} of {code}");
    }
    for path in http::document().paths.paths.keys().filter(|path| path.starts_with("/api/v1/")) {
        let last = path.rsplit('/').find(|part| !part.starts_with('{')).unwrap_or_default();
        assert!(contracts.contains(&format!("/{last}")), "{path}");
    }
    let vocabulary = include_str!("../../src/vocabulary/restaurant.rs");
    let is_event = |text: &&str| {
        text.contains('.')
            && text.chars().all(|c| c.is_ascii_lowercase() || c == '.')
            && !text.starts_with('.')
    };
    for event in vocabulary.split('"').skip(1).step_by(2).filter(is_event) {
        assert!(quoted(contracts).contains(&event), "{event}");
    }
}

/// Pictures of `text` in this tree that are missing or take more bytes than this.
fn heavy(text: &str, most: u64) -> Vec<String> {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = text.split("![").skip(1).filter_map(|part| part.split_once("](")?.1.split(')').next());
    let is_heavy = |path: &&str| tree.join(path).metadata().map_or(true, |file| file.len() > most);
    pictures.filter(|path| !path.contains("://")).filter(is_heavy).map(str::to_owned).collect()
}

/// It is read on telephones as well.
#[test]
fn the_readmes_pictures_are_there_and_light() {
    const MOST: u64 = 200 << 10;
    assert!(README.contains("![tickets of"), "no picture is looked at");
    assert_eq!(heavy("![a](https://b/c.svg) ![a](no/such.png)", MOST), ["no/such.png"]);
    assert!(!heavy(README, 10 << 10).is_empty());
    assert_eq!(heavy(README, MOST), [""; 0]);
}

/// `demo` builds it too, and runs its test; this takes no time.
/// What installs PostgreSQL, what uses it and what tells of it name the same version.
#[test]
fn the_oldest_postgresql_is_the_same_everywhere() {
    let oldest = comanda::store::OLDEST_POSTGRES;
    assert!(NEED.contains(&format!("\npostgres_wanted={oldest}\n")), "{NEED}");
    assert!(section("Operations").contains(&format!("PostgreSQL {oldest} or newer")));
}

#[test]
fn the_readmes_diff_applies() {
    let diff = README.split_once("```diff\n").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let applies = |diff: &str| {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut git = Command::new("git")
            .args(["apply", "--check", "--whitespace=error", "-"])
            .current_dir(tree)
            // A repository around ours would have it skip all files.
            .env("GIT_CEILING_DIRECTORIES", tree.parent().unwrap())
            .stdin(Stdio::piped())
            .spawn()
            .expect("git is installed");
        git.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
        git.wait().unwrap().success()
    };
    assert!(!applies(&diff.replace("OrderReopened", "OrderEaten")));
    assert!(applies(diff), "README, How to add an event: take the diff again");
}
