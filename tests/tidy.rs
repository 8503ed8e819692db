//! The house rules that no compiler checks: arrows between modules, sizes, first lines, who may name which crate.
//!
//! Each rule is a pure function from files to complaints, and is first shown to complain about a bad sample.

#[path = "tidy/readme.rs"]
mod readme;
#[path = "tidy/screens.rs"]
mod screens;
#[path = "tidy/text.rs"]
mod text;

use text::{Files, code, crate_paths, has_word, paths_after, read, shipped, sql_code};

const MAX_LINES: usize = 300;

/// Files over [`MAX_LINES`], each with its limit and the reason why it is still one idea.
const LONG: &[(&str, usize, &str)] = &[];

/// What each part of the crate may use. `app` is the top and may use everything; `main.rs` is the command line.
const ARROWS: &[(&str, &[&str])] = &[
    ("code", &[]),
    ("config", &[]),
    ("telemetry", &[]),
    ("flaws", &[]),
    ("domain", &["code"]),
    ("wire", &["domain", "code", "config", "flaws", "telemetry"]),
    ("store", &["domain", "code", "config", "flaws", "telemetry"]),
    ("auth", &["store", "domain", "code", "config", "flaws", "telemetry"]),
    ("session", &["wire", "domain", "code", "config", "flaws", "telemetry"]),
    ("vocabulary", &["wire", "store", "domain", "code", "config", "flaws", "telemetry"]),
    (
        "actors",
        &["session", "vocabulary", "auth", "wire", "store", "domain", "code", "config", "flaws", "telemetry"],
    ),
    (
        "doors",
        &[
            "actors",
            "session",
            "vocabulary",
            "auth",
            "wire",
            "store",
            "domain",
            "code",
            "config",
            "flaws",
            "telemetry",
        ],
    ),
];

/// What may name a crate or a thing of one: the name, where it may stand, and how many files may name it.
const NAMES: &[(&str, &[&str], usize)] = &[
    ("actix_web_actors", &["src/doors/"], 1),
    ("actix_web", &["src/doors/", "src/app/", "src/app.rs"], usize::MAX),
    ("tokio_postgres", &["src/store/"], usize::MAX),
    ("deadpool_postgres", &["src/store/"], usize::MAX),
    ("DashMap", &["src/actors/", "src/doors/"], 2),
];

/// What the domain's types must know nothing of.
const NOT_IN_DOMAIN: &[&str] =
    &["actix", "actix_web", "serde_json", "tokio", "tokio_postgres", "deadpool_postgres"];

/// The ways in. What else lies among them is shared by them, and may use none of them.
const DOORS: &[&str] = &["http", "ws", "sio", "sse"];

#[test]
fn arrows_go_one_way() {
    let bad = [
        ("src/domain/order.rs", "use crate::store::Pool;"),
        ("src/code.rs", "use crate::{config::Settings};"),
        ("src/store/tx.rs", "use crate::{\n    domain::{ids::OrderId, order},\n    actors::Room,\n};"),
        ("src/session/core.rs", "fn f(p: &crate::store::Pool) {}"),
        ("src/actors/room.rs", "use comanda::doors::http;"),
        ("src/wire/mod.rs", "use {crate::session as s, std::fmt};"),
        ("src/vocabulary/mod.rs", "pub use ::comanda::actors;"),
    ];
    for (path, text) in bad {
        assert_eq!(arrows(&sample(path, text)).len(), 1, "{path}: {text}");
    }
    let fine = "// use crate::store;\nuse crate::{code, domain::{a, b}};\nlet s = \"crate::store\";\nuse self::store::x;";
    assert!(arrows(&sample("src/wire/event.rs", fine)).is_empty());
    assert_none(arrows(&sources()));
}

#[test]
fn doors_do_not_know_each_other() {
    assert_eq!(doors(&sample("src/doors/ws/mod.rs", "use crate::doors::http::Principal;")).len(), 1);
    assert_eq!(doors(&sample("src/doors/sse.rs", "use super::http;")).len(), 1);
    assert_eq!(
        doors(&sample("src/doors/socket/mod.rs", "use crate::doors::ws;")).len(),
        1,
        "a carrier knows no door"
    );
    assert!(doors(&sample("src/doors/ws/mod.rs", "use crate::doors::{socket::Carrier, ws::x};")).is_empty());
    assert_none(doors(&sources()));
}

#[test]
fn files_hold_one_idea() {
    let long = "//! x\n".repeat(MAX_LINES + 1);
    assert_eq!(sizes(&sample("src/a.rs", &long)).len(), 1);
    assert_none(sizes(&sources()));
}

#[test]
fn every_file_opens_with_what_it_is() {
    for text in ["", "use std::fmt;\n//! late", "//!\n", "// plain", "//! x\n"] {
        assert_eq!(first_lines(&sample("src/a.rs", text)).len(), 1, "{text:?}");
    }
    assert!(first_lines(&sample("src/a.rs", "//! What it is.\n")).is_empty());
    assert_none(first_lines(&sources()));
}

#[test]
fn crates_stay_where_they_belong() {
    assert_eq!(names(&sample("src/actors/x.rs", "use actix_web::web;")).len(), 1);
    assert_eq!(names(&sample("src/auth/x.rs", "fn f(e: tokio_postgres::Error) {}")).len(), 1);
    let two: Files =
        ["src/doors/a.rs", "src/doors/b.rs"].map(|p| (p.into(), "use actix_web_actors::ws;".into())).into();
    assert_eq!(names(&two).len(), 1);
    assert!(names(&sample("src/doors/a.rs", "use actix_web::web; use actix_web_actors::ws;")).is_empty());
    assert_none(names(&sources()));
}

#[test]
fn the_domain_is_pure() {
    assert_eq!(domain(&sample("src/domain/money.rs", "use serde_json::Value;")).len(), 1);
    assert!(domain(&sample("src/domain/money.rs", "use serde::Serialize; // not serde_json")).is_empty());
    assert_none(domain(&sources()));
}

#[test]
fn a_query_file_is_one_statement() {
    for text in ["SELECT 1;\nSELECT 2;", "-- nothing", "", "SELECT 1; SELECT ';'"] {
        assert_eq!(statements(&sample("sql/queries/a/b.sql", text)).len(), 1, "{text:?}");
    }
    for text in ["SELECT ';' -- ;\n", "/* a; b */ SELECT 1;\n", "SELECT $$;$$, \"a;b\"", "SELECT 'it''s;'"] {
        assert!(statements(&sample("sql/queries/a/b.sql", text)).is_empty(), "{text:?}");
    }
    assert_none(statements(&read("sql/queries", "sql")));
}

#[test]
fn no_panics_outside_tests() {
    let bad = "fn f() { x.unwrap(); }\n#[cfg(test)]\nmod tests { fn g() { y.unwrap() } }";
    assert_eq!(panics(&sample("src/a.rs", bad)).len(), 1);
    assert!(
        panics(&sample("src/a.rs", "fn f() { x.unwrap_or(1); }\n#[cfg(test)]\nmod tests { y.unwrap() }"))
            .is_empty()
    );
    assert_none(panics(&sources()));
}

fn arrows(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let Some((_, allowed)) = ARROWS.iter().find(|(part, _)| *part == part_of(path)) else { continue };
        for used in crate_paths(&code(text)) {
            let root = used.split("::").next().unwrap_or_default();
            let known = root == "app" || ARROWS.iter().any(|(part, _)| *part == root);
            if known && root != part_of(path) && !allowed.contains(&root) {
                found.push(format!("{path}: {} must not use {root}", part_of(path)));
            }
        }
    }
    found
}

fn doors(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let Some(rest) = path.strip_prefix("src/doors/") else { continue };
        let own = rest.split(['/', '.']).next().unwrap_or_default();
        let code = code(text);
        // `super` is the folder of doors only in a file that lies right in it, or is a door's own root.
        let sibling = !rest.contains('/') || rest.matches('/').count() == 1 && rest.ends_with("/mod.rs");
        let mut used: Vec<String> = crate_paths(&code)
            .iter()
            .filter_map(|path| path.strip_prefix("doors::").map(str::to_owned))
            .collect();
        if sibling && own != "mod" {
            used.extend(paths_after(&code, "super::"));
        }
        for path_used in used {
            let door = path_used.split("::").next().unwrap_or_default().to_owned();
            if own != "mod" && door != own && DOORS.contains(&door.as_str()) {
                found.push(format!("{path}: {own} uses door {door}"));
            }
        }
    }
    found
}

fn sizes(files: &Files) -> Vec<String> {
    let limit =
        |path: &str| LONG.iter().find(|(long, ..)| *long == path).map_or(MAX_LINES, |(_, limit, _)| *limit);
    let lines = files.iter().map(|(path, text)| (path, text.lines().count()));
    lines
        .filter(|(path, lines)| *lines > limit(path))
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect()
}

fn first_lines(files: &Files) -> Vec<String> {
    // A word or two is a placeholder, not a description.
    let says =
        |text: &str| text.lines().next().and_then(|l| l.strip_prefix("//! ")).is_some_and(|l| l.len() >= 10);
    files
        .iter()
        .filter(|(_, text)| !says(text))
        .map(|(path, _)| format!("{path}: its first line is no //! line"))
        .collect()
}

fn names(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (name, places, at_most) in NAMES {
        let naming: Vec<_> = files
            .iter()
            .filter(|(path, text)| path.starts_with("src/") && has_word(&code(text), name))
            .map(|(path, _)| path)
            .collect();
        let stray = naming.iter().filter(|path| !places.iter().any(|place| path.starts_with(place)));
        found.extend(stray.map(|path| format!("{path}: names {name}")));
        if naming.len() > *at_most {
            found.push(format!("{name} is named by {naming:?}, at most {at_most} may"));
        }
    }
    found
}

fn domain(files: &Files) -> Vec<String> {
    let domain = files.iter().filter(|(path, _)| path.starts_with("src/domain/"));
    domain
        .flat_map(|(path, text)| {
            let code = code(text);
            let named = NOT_IN_DOMAIN.iter().filter(move |name| has_word(&code, name));
            named.map(move |name| format!("{path}: the domain must not know {name}"))
        })
        .collect()
}

fn statements(files: &Files) -> Vec<String> {
    let count = |text: &str| sql_code(text).split(';').filter(|part| !part.trim().is_empty()).count();
    let counted = files.iter().map(|(path, text)| (path, count(text)));
    counted.filter(|(_, n)| *n != 1).map(|(path, n)| format!("{path}: {n} statements")).collect()
}

/// clippy says it of most; this also sees `panic!` and what other features leave out.
fn panics(files: &Files) -> Vec<String> {
    let words = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "dbg!("];
    let mut found = Vec::new();
    for (path, text) in
        files.iter().filter(|(path, _)| path.starts_with("src/") && !is_for_tests(path, files))
    {
        let code = shipped(text);
        found.extend(words.iter().filter(|word| code.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    found
}

/// Whether a file's name, or its parent's declaration, says that it is for tests or faults only.
fn is_for_tests(path: &str, files: &Files) -> bool {
    if path.ends_with("tests.rs") || path.contains("/tests/") {
        return true;
    }
    let Some((folder, name)) = path.trim_end_matches(".rs").rsplit_once('/') else { return false };
    let parents = [format!("{folder}/mod.rs"), format!("{folder}.rs")];
    let only = ["test", "feature = \"faults\"", "any(test, feature = \"faults\")"];
    let declared = only.map(|cfg| format!("#[cfg({cfg})]\nmod {name};"));
    parents
        .iter()
        .filter_map(|parent| files.get(parent))
        .any(|text| declared.iter().any(|line| text.contains(line)))
}

/// The part of the crate a file belongs to: `src/store/tx.rs` and `src/store.rs` are `store`.
fn part_of(path: &str) -> &str {
    path.strip_prefix("src/").and_then(|rest| rest.split(['/', '.']).next()).unwrap_or_default()
}

fn sample(path: &str, text: &str) -> Files {
    Files::from([(path.to_owned(), text.to_owned())])
}

fn sources() -> Files {
    let mut files = read("src", "rs");
    files.extend(read("tests", "rs"));
    assert!(files.len() > 20, "the sources were found");
    files
}

fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
