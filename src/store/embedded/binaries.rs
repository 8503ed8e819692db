//! Finds PostgreSQL's programs on this machine.

use super::error::EmbedError;
use crate::store::OLDEST_POSTGRES as OLDEST;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where Debian and its kin keep one folder per major version, outside `PATH`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// What it takes to make and to run a cluster; the first tells the version.
pub const SERVER: &[&str] = &["postgres", "initdb"];

/// A folder that holds the programs that were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
}

/// All folders that have these programs, best first: those on `PATH`, then the newest.
pub fn installed(programs: &[&str]) -> Vec<Binaries> {
    let path = std::env::var_os("PATH");
    let on_path = path.as_deref().map(std::env::split_paths).into_iter().flatten();
    let mut versions: Vec<_> = fs::read_dir(VERSIONS)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    on_path
        .chain(versions.into_iter().map(|(_, folder)| folder))
        .filter_map(|folder| examine(folder, programs))
        .collect()
}

/// Those that made the cluster; for a new one the best.
pub fn choose(installed: Vec<Binaries>, folder: &Path, made: Option<&str>) -> Result<Binaries, EmbedError> {
    let majors: Vec<_> = installed.iter().map(|binaries| binaries.major).collect();
    let mut found = installed.into_iter();
    match made {
        Some(made) => found.find(|binaries| binaries.major.to_string() == made).ok_or_else(|| {
            if majors.is_empty() {
                return EmbedError::NotInstalled;
            }
            let (folder, made) = (folder.into(), made.into());
            EmbedError::OtherVersion { folder, made, installed: majors, way: None }
        }),
        None => found.find(|binaries| binaries.major >= OLDEST).ok_or(match majors.iter().max() {
            Some(&found) => EmbedError::TooOld { found, least: OLDEST },
            None => EmbedError::NotInstalled,
        }),
    }
}

fn examine(folder: PathBuf, programs: &[&str]) -> Option<Binaries> {
    if !programs.iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let output = Command::new(folder.join(programs.first()?)).arg("--version").output().ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { folder, major })
}

/// Reads `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(majors: &[u32]) -> Vec<Binaries> {
        majors.iter().map(|&major| Binaries { folder: format!("/pg/{major}").into(), major }).collect()
    }

    fn chosen(majors: &[u32], made: Option<&str>) -> Result<u32, String> {
        choose(binaries(majors), Path::new("/data"), made).map(|b| b.major).map_err(|error| error.to_string())
    }

    #[test]
    fn versions_are_read() {
        for (text, expected) in [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres (PostgreSQL) 17", Some(17)),
            ("bash: no such thing", None),
            ("", None),
        ] {
            assert_eq!(major(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cluster_is_opened_by_the_version_that_made_it() {
        assert_eq!(chosen(&[17, 15], None), Ok(17));
        assert_eq!(chosen(&[17, 15], Some("15")), Ok(15));
        assert!(
            chosen(&[17, 15], Some("16"))
                .unwrap_err()
                .contains("made by PostgreSQL 16, but this machine has 17 and 15")
        );
        assert!(chosen(&[], Some("16")).unwrap_err().contains("apt-get install postgresql"));
        assert!(chosen(&[], None).unwrap_err().contains("apt-get install postgresql"));
        assert!(chosen(&[14], None).unwrap_err().contains("PostgreSQL 14 is too old, 15 is the oldest"));
        assert_eq!(chosen(&[14, 16], None), Ok(16), "the first on PATH is not the only one");
    }
}
