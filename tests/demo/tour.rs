//! README's tour, as printed: its commands run in terminals of their own, and print what README says they print.

use crate::{
    README,
    server::{Folder, Server},
};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/node_modules");
/// A hundred drafts by a hundred curls, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Printed once a block is done.
const DONE: &str = "the block is done";
/// How many were answered before the kill: as many as it were, but not none, and as many when they are asked again.
const ANSWERED: &str = "24";

/// The fenced blocks of the tour: what each is, and its text.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let (_, rest) = README.split_once("\n## A tour in five minutes\n").expect("a tour");
    let tour = rest.split("\n## ").next().expect("its end");
    tour.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').expect("a kind of block"))
}

/// A shell that somebody types into; what it printed.
struct Terminal {
    shell: Child,
    keys: ChildStdin,
    lines: Arc<Mutex<Vec<String>>>,
    /// So many of them were printed before what was typed last.
    known: usize,
}

impl Terminal {
    fn open(folder: &Path) -> Self {
        let mut shell = Command::new("bash")
            .current_dir(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash is installed");
        let output = BufReader::new(shell.stdout.take().expect("its output"));
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let (keys, printed) = (shell.stdin.take().expect("its input"), Arc::clone(&lines));
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).for_each(|line| printed.lock().unwrap().push(line));
        });
        Self { shell, keys, lines, known: 0 }
    }

    fn types(&mut self, text: &str) {
        writeln!(self.keys, "{text}").expect("a living shell");
    }

    /// Types, and waits until all of it is done.
    fn runs(&mut self, text: &str) {
        let done = self.count_done() + 1;
        self.types(&format!("{text}\necho {DONE}"));
        until(|| self.count_done() == done, || format!("{text}\n{:?}", self.lines.lock().unwrap()));
    }

    fn count_done(&self) -> usize {
        self.lines.lock().unwrap().iter().filter(|line| *line == DONE).count()
    }

    /// What was printed until now is nobody's answer to what comes.
    fn forget(&mut self) {
        self.known = self.lines.lock().unwrap().len();
    }

    /// The last number that it printed.
    fn number(&self) -> Option<u64> {
        self.lines.lock().unwrap().iter().rev().find_map(|line| line.parse().ok())
    }

    /// True where it printed these lines in this order, whatever stood between; `…` is whatever there is.
    fn printed(&self, expected: &str) -> bool {
        let printed = self.lines.lock().unwrap();
        let mut printed = printed.iter().skip(self.known);
        expected
            .lines()
            .filter(|line| !line.is_empty())
            .all(|line| printed.any(|printed| is_like(line, printed)))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // With all that runs in it.
        let group = Pid::from_raw(self.shell.id().cast_signed());
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.shell.wait();
    }
}

fn is_like(expected: &str, printed: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = printed.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || expected.ends_with('…')
}

fn until(is_so: impl Fn() -> bool, what: impl Fn() -> String) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{}", what());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// True for what goes on until somebody ends it.
fn is_endless(block: &str) -> bool {
    ["curl -N ", "node display.js", "node listen.js"].iter().any(|endless| block.contains(endless))
}

#[test]
fn the_tour_is_as_printed() {
    assert!(
        is_like("a…c", "abc") && is_like("a…", "abc") && !is_like("a…d", "abc") && !is_like("a…b", "abc")
    );
    let (data, desk) = (Folder::open(), TempDir::new().unwrap());
    std::os::unix::fs::symlink(CLIENTS, desk.path().join("node_modules")).unwrap();
    let mut server = Server::start(data.path(), 0, &[]);
    let (address, mut shorthand) = (server.address, String::new());
    let mut answered: Option<String> = None;
    let mut terminals = vec![Terminal::open(desk.path())];
    for (kind, block) in blocks() {
        let mut block = block.replace("localhost:3000", &address.to_string());
        if kind == "text" && block.lines().any(|line| line == ANSWERED) {
            let count = terminals[0].number().filter(|count| *count > 0).expect("some were answered");
            let first = answered.get_or_insert_with(|| count.to_string());
            block = block.replace(ANSWERED, first);
        }
        if kind == "sh" {
            terminals.iter_mut().for_each(Terminal::forget);
        }
        match kind {
            "js" => {
                let name = block.lines().next().and_then(|line| line.strip_prefix("// ")).expect("its name");
                fs::write(desk.path().join(name), &block).unwrap();
            }
            "text" => until(
                || terminals.iter().any(|terminal| terminal.printed(&block)),
                || {
                    let printed = terminals.iter().map(|terminal| terminal.lines.lock().unwrap().join("\n"));
                    format!("nobody printed\n{block}\nbut\n{}", printed.collect::<Vec<_>>().join("\n--\n"))
                },
            ),
            "sh" if is_endless(&block) => {
                let mut terminal = Terminal::open(desk.path());
                terminal.types(&shorthand);
                // Installed for the tests already.
                terminal.types(&block.replace("npm install socket.io-client", ""));
                let listens = || !terminal.lines.lock().unwrap().is_empty();
                until(listens, || format!("nothing came of\n{block}"));
                terminals.push(terminal);
            }
            "sh" => {
                if shorthand.is_empty() {
                    shorthand.clone_from(&block);
                }
                let kills = "pkill -9 -x comanda";
                // On a busy machine a second is not enough for the first answer.
                let waits = "until [ -s answered ]; do sleep 0.1; done; sleep 1; pkill";
                let block = block.replace("sleep 1; pkill", waits);
                terminals[0].runs(&block.replace(kills, &format!("kill -9 {}", server.pid())));
                if block.contains(kills) {
                    drop(server);
                    server = Server::start(data.path(), address.port(), &[]);
                }
            }
            _ => panic!("what is {kind}?"),
        }
    }
}
