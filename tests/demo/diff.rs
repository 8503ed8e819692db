//! README's diff of an added event: on a copy of the tree it applies and compiles, its own test passes, and so do those that
//! hold every event to something.

use crate::README;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const TREE: &str = env!("CARGO_MANIFEST_DIR");
/// What a build and its tests need of the tree.
const PARTS: [&str; 11] = [
    ".ci",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "config",
    "sql",
    "src",
    "tests",
];

fn diff() -> &'static str {
    let (_, rest) = README.split_once("```diff\n").expect("a diff");
    rest.split_once("```").expect("its end").0
}

/// Makes `to` the same as `from`, and leaves alone what is the same already: cargo looks at times.
fn mirror(from: &Path, to: &Path) {
    if from.is_file() {
        if fs::read(from).ok() != fs::read(to).ok() {
            fs::copy(from, to).expect("a copy");
        }
        return;
    }
    fs::create_dir_all(to).expect("a folder");
    let names = |folder: &Path| -> Vec<_> {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect()
    };
    let ours = names(from);
    ours.iter()
        .filter(|name| *name != "node_modules")
        .for_each(|name| mirror(&from.join(name), &to.join(name)));
    for name in names(to).iter().filter(|name| !ours.contains(name)) {
        let gone = to.join(name);
        if gone.is_dir() { fs::remove_dir_all(gone) } else { fs::remove_file(gone) }.expect("gone");
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it starts");
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{command:?}\n{}{}", said[0], said[1]);
    output
}

/// The tree with the diff, in a place of its own that stays: what it was built from is there the next time.
fn example(room: &Path) -> PathBuf {
    let (fresh, tree) = (tempfile::tempdir_in(room).expect("a folder"), room.join("example"));
    for part in PARTS {
        mirror(&Path::new(TREE).join(part), &fresh.path().join(part));
    }
    let patch = fresh.path().join("README.diff");
    fs::write(&patch, diff()).expect("the diff");
    // It is no part of the repository around it.
    let apply = ["apply", "--whitespace=error", "README.diff"];
    run(Command::new("git").args(apply).current_dir(&fresh).env("GIT_CEILING_DIRECTORIES", room));
    fs::remove_file(patch).expect("gone");
    // Of another version, so that what is built of it has names of its own: beside our binaries it would be them.
    for (file, version) in
        [("Cargo.toml", "version = \"0.1.0\"\n"), ("Cargo.lock", "name = \"comanda\"\nversion = \"0.1.0\"\n")]
    {
        let path = fresh.path().join(file);
        let text = fs::read_to_string(&path).expect("it is text");
        assert!(text.contains(version), "{file} does not say {version}");
        let ours = version.replace("0.1.0", "0.1.0+example");
        fs::write(&path, text.replacen(version, &ours, 1)).expect("written");
    }
    mirror(fresh.path(), &tree);
    // Installed once, for all.
    let installed = Path::new("tests/clients/node_modules");
    std::os::unix::fs::symlink(Path::new(TREE).join(installed), tree.join(installed)).expect("a link");
    tree
}

/// Of the changed tree the tests of this binary that are called so; what they printed.
fn test(tree: &Path, room: &Path, binary: &str, named: &[&str]) -> String {
    // What it depends on has been built for this very test; what it makes goes elsewhere, for others run our binary.
    let cargo = ["test", "--offline", "--locked", "--features", "faults", "--test", binary, "--"];
    // Build scripts ask for some of what cargo tells a test of its package, and would run again for it, each time.
    let told = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix))
    });
    let mut command = Command::new(env!("CARGO"));
    for name in told {
        command.env_remove(name);
    }
    let passed = run(command
        .args(cargo)
        .args(named)
        .current_dir(tree)
        .env("CARGO_BUILD_BUILD_DIR", room.parent().expect("the target folder"))
        .env("CARGO_TARGET_DIR", room.join("target")));
    String::from_utf8_lossy(&passed.stdout).into_owned()
}

#[test]
fn the_readmes_diff_applies_compiles_and_passes_its_test() {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let tree = example(room);
    let added = diff().lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).count();
    let files = diff().lines().filter(|line| line.starts_with("--- a/")).count();
    let summary = format!("The diff: {files} files, {added} lines added");
    assert!(README.contains(&summary), "README does not say: {summary}");
    let tests: Vec<&str> = diff()
        .lines()
        .filter_map(|line| line.strip_prefix("+async fn ")?.split_once("()"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(tests.len(), 1, "the test of the diff");
    // Whoever adds an event learns here, and not of a test that they have never heard of, what else it takes.
    let of_events = [tests[0], "contract::", "isolation::", "streams::"];
    let board = ["the_board_is_what_its_events_make_of_it"];
    for (binary, named) in [("api", &of_events[..]), ("screens", &board)] {
        let said = test(&tree, room, binary, named);
        let ran = |name: &&&str| said.lines().any(|line| line.contains(**name) && line.ends_with(" ok"));
        let unseen: Vec<_> = named.iter().filter(|name| !ran(name)).collect();
        assert!(unseen.is_empty(), "{unseen:?} did not run: {said}");
    }
    // Here it is applied already.
    test(&tree, room, "tidy", &["--skip", "the_readmes_diff_applies"]);
}
