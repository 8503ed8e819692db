//! A journal: lines that are on the disk before whoever wrote them goes on. What is checked is read back from it.

use serde::{Serialize, de::DeserializeOwned};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::mpsc,
};
use tokio::sync::oneshot;

struct Line {
    text: String,
    durable: Option<oneshot::Sender<()>>,
}

/// Cheap to clone. Lines that come together share one write and one `fdatasync`.
#[derive(Clone)]
pub struct Journal {
    lines: mpsc::Sender<Line>,
    path: PathBuf,
}

impl Journal {
    /// Goes on behind what is there.
    pub fn open(path: PathBuf) -> Self {
        let file = File::options().create(true).append(true).open(&path).expect("a journal");
        let (lines, received) = mpsc::channel();
        std::thread::spawn(move || keep(file, &received).expect("a journal that can be written"));
        Self { lines, path }
    }

    /// Returns once it is durable.
    pub async fn write(&self, entry: &impl Serialize) {
        let (durable, is_durable) = oneshot::channel();
        self.send(entry, Some(durable));
        is_durable.await.expect("a journal that can be written");
    }

    /// Durable at the next [`Journal::write`] at the latest.
    pub fn note(&self, entry: &impl Serialize) {
        self.send(entry, None);
    }

    fn send(&self, entry: &impl Serialize, durable: Option<oneshot::Sender<()>>) {
        let text = serde_json::to_string(entry).expect("an entry");
        self.lines.send(Line { text, durable }).expect("a journal that can be written");
    }

    /// All of it, as it is on the disk.
    pub fn read<T: DeserializeOwned>(&self) -> Vec<T> {
        read(&self.path)
    }
}

/// The entries of a file; a line that a crash cut off was never durable.
pub fn read<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).expect("an entry of ours")).collect()
}

fn keep(mut file: File, lines: &mpsc::Receiver<Line>) -> io::Result<()> {
    while let Ok(first) = lines.recv() {
        let (mut text, mut waiting) = (String::new(), Vec::new());
        for line in std::iter::once(first).chain(lines.try_iter()) {
            text.push_str(&line.text);
            text.push('\n');
            waiting.extend(line.durable);
        }
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        for durable in waiting {
            // Whoever was aborted meanwhile needs no answer.
            let _ = durable.send(());
        }
    }
    Ok(())
}
