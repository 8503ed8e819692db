//! What is seen while it runs: one line that is written over, or, where nobody watches, a line now and then.
#![expect(clippy::print_stdout, reason = "this is where it prints")]

use std::{
    io::{IsTerminal, Write, stdout},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError::Timeout},
    thread::JoinHandle,
    time::Duration,
};

const TERMINAL: Duration = Duration::from_millis(200);
const PLAIN: Duration = Duration::from_secs(30);
/// Back to the first column, and clear what stands there.
const CLEAR: &str = "\r\x1b[2K";

/// A status that is shown until this is dropped.
pub struct Live {
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    pub fn show(title: String, status: impl Fn() -> String + Send + 'static) -> Self {
        let (end, ended) = mpsc::channel();
        let thread = std::thread::spawn(move || watch(&title, &status, &ended));
        Self { end: Some(end), thread: Some(thread) }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(title: &str, status: &dyn Fn() -> String, ended: &mpsc::Receiver<()>) {
    let is_terminal = stdout().is_terminal();
    let width = width();
    let every = if is_terminal { TERMINAL } else { PLAIN };
    while ended.recv_timeout(every) == Err(Timeout) {
        let line: String = format!("{title}  {}", status()).chars().take(width).collect();
        match is_terminal {
            true => print!("{CLEAR}{line}"),
            false => println!("{line}"),
        }
        let _ = stdout().flush();
    }
    if is_terminal {
        print!("{CLEAR}");
        let _ = stdout().flush();
    }
}

/// Columns of the terminal: a line that is longer would not be written over whole.
fn width() -> usize {
    let size = Command::new("stty").arg("size").stdin(Stdio::inherit()).stderr(Stdio::null()).output();
    let size = size.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    size.split_whitespace().nth(1).and_then(|columns| columns.parse().ok()).unwrap_or(120)
}

pub fn say(line: &str) {
    println!("{line}");
    let _ = stdout().flush();
}
