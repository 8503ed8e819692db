//! The file: read several times, and refused where it is not the same every time.

use super::{super::Failure, lines::Lines};
use std::{
    fs::{File, Metadata},
    io::{self, BufReader},
    path::Path,
    time::SystemTime,
};

/// See above.
pub struct Source<'a> {
    path: &'a Path,
    was: Stamp,
}

/// What changes whenever something is written.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    /// None where the file system has no such time.
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        Self { length: file.len(), modified: file.modified().ok() }
    }
}

impl<'a> Source<'a> {
    /// Notes what the file is like now.
    pub fn new(path: &'a Path) -> Result<Self, Failure> {
        let (_, was) = open(path)?;
        Ok(Self { path, was })
    }

    /// From its beginning. Errors: also where it was changed since.
    pub fn lines(&self) -> Result<Lines<BufReader<File>>, Failure> {
        let (file, is) = open(self.path)?;
        if is != self.was {
            let file = self.path.display();
            return Err(Failure::mistake(format!(
                "{file} was changed while it was read, nothing was imported"
            )));
        }
        Ok(Lines::new(BufReader::new(file)))
    }

    /// Errors: as of [`Source::lines`].
    pub fn unchanged(&self) -> Result<(), Failure> {
        self.lines().map(drop)
    }

    pub fn unreadable(&self, error: &io::Error) -> Failure {
        unreadable(self.path, error)
    }
}

fn open(path: &Path) -> Result<(File, Stamp), Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    // A pipe cannot be read twice.
    match file.metadata() {
        Ok(what) if what.is_file() => Ok((file, Stamp::of(&what))),
        _ => Err(Failure::mistake(format!("{} is not a regular file", path.display()))),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::mistake(format!("cannot read {}: {error}", path.display()))
}
