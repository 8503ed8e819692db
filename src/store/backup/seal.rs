//! The last line of a backup: what it is of, and a checksum over all of it. `pg_restore` reads what stands before and does
//! not mind the line, so that the file is of use without this program too.

use super::error::{BackupError, io_at};
use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// How the line begins; another format has another number.
const NAME: &str = "comanda-backup";
const FORMAT: u32 = 1;
/// Longer than any seal: one has some 100 bytes for each migration.
const MAX_SEAL: u64 = 1 << 20;
const CHUNK: usize = 1 << 18;

/// What a backup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that made it.
    pub comanda: String,
    /// Everything that was committed before is in it, nothing that was committed later.
    pub at: Timestamp,
    /// Major version of the server.
    pub postgres: u32,
    /// Roles that its grants and policies name.
    pub roles: Vec<String>,
    /// Each as `name checksum`.
    pub migrations: Vec<String>,
    pub tenants: i64,
    pub events: i64,
    /// Length of the archive, which is all that stands before the seal.
    pub bytes: u64,
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { comanda, at, postgres, tenants, events, .. } = self;
        let at = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        write!(
            f,
            "{tenants} restaurants and NGOs and {events} events as of {at} (comanda {comanda}, PostgreSQL {postgres})"
        )
    }
}

/// Continues the checksum of the archive: the bytes that end the file.
pub fn seal(mut archive: Context, manifest: &Manifest) -> io::Result<Vec<u8>> {
    let line = format!("\n{NAME} {FORMAT} {} ", serde_json::to_string(manifest)?);
    archive.update(line.as_bytes());
    Ok(format!("{line}{}\n", hex(archive)).into_bytes())
}

/// A file that was read once from end to end and is what it says; open still, so that nobody exchanges it.
pub struct Whole {
    pub file: File,
    pub manifest: Manifest,
}

impl Whole {
    /// Reads all of the file. Errors: `NotAFile`, `NotWhole`, `Newer`, `Io`.
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(io_at("open", path))?;
        let found = file.metadata().map_err(io_at("read", path))?;
        if !found.is_file() {
            return Err(BackupError::NotAFile(path.into()));
        }
        let not_whole = |why: &str| BackupError::NotWhole { file: path.into(), why: why.into() };
        let tail = tail(&mut file, found.len()).map_err(io_at("read", path))?;
        let line =
            last_line(&tail).ok_or_else(|| not_whole("its end is missing, or it is none of comanda's"))?;
        let damaged = || not_whole("it is damaged");
        let (format, rest) = line.split_once(' ').ok_or_else(damaged)?;
        let (json, expected) = rest.rsplit_once(' ').ok_or_else(damaged)?;
        let sealed = found.len() - (expected.len() as u64 + 1);
        if checksum(&mut file, sealed).map_err(io_at("read", path))? != expected {
            return Err(damaged());
        }
        if format != FORMAT.to_string() {
            let by = format!("format {format}");
            return Err(BackupError::Newer { file: path.into(), by });
        }
        let manifest: Manifest = serde_json::from_str(json).map_err(|_| damaged())?;
        file.rewind().map_err(io_at("read", path))?;
        Ok(Self { file, manifest })
    }
}

fn tail(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_SEAL)))?;
    file.take(MAX_SEAL).read_to_end(&mut tail)?;
    Ok(tail)
}

/// What follows the name in the file's last line.
fn last_line(tail: &[u8]) -> Option<&str> {
    let body = tail.strip_suffix(b"\n")?;
    let start = body.iter().rposition(|byte| *byte == b'\n')? + 1;
    std::str::from_utf8(&body[start..]).ok()?.strip_prefix(NAME)?.strip_prefix(' ')
}

fn checksum(file: &mut File, length: u64) -> io::Result<String> {
    let mut sum = Context::new(&SHA256);
    file.rewind()?;
    let (mut chunk, mut left) = (vec![0; CHUNK], file.take(length));
    loop {
        match left.read(&mut chunk)? {
            0 => return Ok(hex(sum)),
            read => sum.update(&chunk[..read]),
        }
    }
}

fn hex(sum: Context) -> String {
    sum.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            comanda: "0.1.0".into(),
            at: "2026-11-20T04:30:00.5Z".parse().unwrap(),
            postgres: 15,
            roles: vec!["comanda \"x\"".into()],
            migrations: vec!["0001_foundation.sql 00ff".into()],
            tenants: 2,
            events: 7,
            bytes: 9,
        }
    }

    fn file() -> Vec<u8> {
        let archive = b"PGDMP\n\n\0\xff";
        let mut sum = Context::new(&SHA256);
        sum.update(archive);
        [&archive[..], &seal(sum, &manifest()).unwrap()].concat()
    }

    fn read(bytes: &[u8]) -> Result<Manifest, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup");
        std::fs::write(&path, bytes).unwrap();
        Whole::read(&path).map(|whole| whole.manifest).map_err(|error| error.to_string())
    }

    #[test]
    fn what_was_sealed_is_read() {
        assert_eq!(read(&file()), Ok(manifest()));
        let said = manifest().to_string();
        assert!(said.contains("7 events as of 2026-11-20T04:30:00Z"), "{said}");
    }

    /// Whichever byte flips, and wherever it is cut: never a backup.
    #[test]
    fn nothing_else_is() {
        let whole = file();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            assert!(read(&flipped).is_err(), "byte {at} flipped");
            assert!(read(&whole[..at]).is_err(), "cut at {at}");
        }
        assert!(read(&[&whole[..], b"x"].concat()).is_err());
        assert!(read(&[&whole[..], b"\n"].concat()).is_err());
    }

    #[test]
    fn a_format_to_come_is_called_newer() {
        let (line, mut sum) = ("\ncomanda-backup 2 {\"comanda\":\"9.9\"} ", Context::new(&SHA256));
        sum.update(line.as_bytes());
        let said = read(format!("{line}{}\n", hex(sum)).as_bytes()).unwrap_err();
        assert!(said.contains("newer comanda (format 2)"), "{said}");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Whole::read(folder.path()), Err(BackupError::NotAFile(_))));
    }
}
