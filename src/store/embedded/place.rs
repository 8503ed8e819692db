//! Where the private PostgreSQL's files and socket are, and as whom it runs.

use super::error::{EmbedError, io_at};
use nix::unistd::{User, geteuid};
use ring::digest::{SHA256, digest};
use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, chown},
    },
    path::{Path, PathBuf},
};

/// Clusters of data folders that PostgreSQL's own user cannot reach.
const ELSEWHERE: &str = "/var/lib/comanda";
/// A socket's path has 107 bytes on Linux, 103 elsewhere; some stay in hand.
const MAX_SOCKET_PATH: usize = 100;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The user PostgreSQL runs as; it refuses root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
    pub name: String,
}

/// Everything about one cluster's surroundings.
#[derive(Debug, Clone)]
pub struct Place {
    /// Holds the cluster, its password and its log.
    pub home: PathBuf,
    pub account: Account,
    /// We are root and give up its rights for PostgreSQL.
    pub as_other_user: bool,
    /// The cluster is not in the data folder, for that is closed to its user.
    pub moved: bool,
    hash: String,
}

impl Place {
    /// Finds the cluster of this (existing, absolute) data folder, or the place for one. A cluster that is there stays
    /// where it is, whatever the folders above look like now.
    pub fn of(data_dir: &Path) -> Result<Self, EmbedError> {
        let inside = data_dir.join("postgres");
        let hash = hash(data_dir);
        if !geteuid().is_root() {
            let uid = geteuid().as_raw();
            if let Some(account) = owner(&inside)
                && account.uid != uid
            {
                return Err(EmbedError::NotOurs { folder: inside, uid: account.uid });
            }
            let account = Account { uid, gid: nix::unistd::getegid().as_raw(), name: String::new() };
            return Ok(Self { home: inside, account, as_other_user: false, moved: false, hash });
        }
        let elsewhere = Path::new(ELSEWHERE).join(&hash);
        let (home, account, moved) = match (owner(&inside), owner(&elsewhere)) {
            (Some(account), _) if can_enter(data_dir, &account) => (inside, account, false),
            (Some(account), _) => return Err(EmbedError::Closed { folder: inside, user: account.name }),
            (None, Some(account)) => (elsewhere, account, true),
            (None, None) => {
                let account = unprivileged()?;
                let moved = !can_enter(data_dir, &account);
                (if moved { elsewhere } else { inside }, account, moved)
            }
        };
        Ok(Self { home, account, as_other_user: true, moved, hash })
    }

    pub fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    pub fn password(&self) -> PathBuf {
        self.home.join("password")
    }

    pub fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    /// Makes the folder that holds all of it. Root's own, which others may pass through; else private.
    pub fn make_home(&self) -> Result<(), EmbedError> {
        let mode = if self.as_other_user { 0o711 } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(&self.home).map_err(io_at("make", &self.home))
    }

    /// Makes a folder that only PostgreSQL's user may enter.
    pub fn make_private(&self, folder: &Path) -> Result<(), EmbedError> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Ok(()) if self.as_other_user => self.give(folder),
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.is_private(folder),
            Err(error) => Err(io_at("make", folder)(error)),
        }
    }

    /// Hands a file or folder to PostgreSQL's user.
    pub fn give(&self, path: &Path) -> Result<(), EmbedError> {
        chown(path, Some(self.account.uid), Some(self.account.gid)).map_err(io_at("give away", path))
    }

    /// Makes the folder of the socket: beside the cluster, or, where that path is too long for a socket, a short one
    /// under the machine's folder for such things.
    pub fn make_socket_folder(&self) -> Result<PathBuf, EmbedError> {
        let beside = self.home.join("run");
        let folder = if fits(&beside) { beside } else { self.short_folder() };
        self.make_private(&folder)?;
        Ok(folder)
    }

    fn short_folder(&self) -> PathBuf {
        let name = format!("comanda-{}", self.hash);
        // systemd takes /run/user/<uid> away when its user signs out, so it is not an option.
        let run = PathBuf::from("/run");
        let candidates = [(self.as_other_user && run.is_dir()).then_some(run), Some(std::env::temp_dir())];
        let folder =
            candidates.into_iter().flatten().map(|base| base.join(&name)).find(|folder| fits(folder));
        folder.unwrap_or_else(|| Path::new("/tmp").join(name))
    }

    /// In a folder that everyone may write to, somebody else may have made it first.
    fn is_private(&self, folder: &Path) -> Result<(), EmbedError> {
        let found = fs::symlink_metadata(folder).map_err(io_at("look at", folder))?;
        if found.is_dir() && found.uid() == self.account.uid && found.mode() & 0o077 == 0 {
            return Ok(());
        }
        Err(EmbedError::SocketFolder { folder: folder.into(), uid: self.account.uid })
    }
}

fn fits(folder: &Path) -> bool {
    folder.join(SOCKET_NAME).as_os_str().len() < MAX_SOCKET_PATH
}

/// Names a data folder in few letters.
fn hash(data_dir: &Path) -> String {
    let digest = digest(&SHA256, data_dir.as_os_str().as_bytes());
    digest.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Whose the cluster in this home is, if there is one.
fn owner(home: &Path) -> Option<Account> {
    let found = fs::metadata(home.join("cluster")).ok()?;
    let name = User::from_uid(found.uid().into()).ok().flatten().map(|user| user.name);
    Some(Account {
        uid: found.uid(),
        gid: found.gid(),
        name: name.unwrap_or_else(|| found.uid().to_string()),
    })
}

fn unprivileged() -> Result<Account, EmbedError> {
    let user = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
    let user = user.ok_or(EmbedError::NoUser)?;
    Ok(Account { uid: user.uid.as_raw(), gid: user.gid.as_raw(), name: user.name })
}

/// Whether the user may pass through the folder and all above it.
fn can_enter(folder: &Path, account: &Account) -> bool {
    folder.ancestors().all(|folder| {
        fs::metadata(folder).is_ok_and(|found| may_pass(found.mode(), found.uid(), found.gid(), account))
    })
}

/// The rule of POSIX: the first class that fits decides.
fn may_pass(mode: u32, uid: u32, gid: u32, account: &Account) -> bool {
    let bit = if uid == account.uid {
        0o100
    } else if gid == account.gid {
        0o010
    } else {
        0o001
    };
    mode & bit != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_that_fits_decides() {
        let account = Account { uid: 7, gid: 70, name: "postgres".into() };
        for (mode, uid, gid, expected) in [
            (0o755, 0, 0, true),
            (0o711, 0, 0, true),
            (0o700, 0, 0, false),
            (0o700, 7, 0, true),
            (0o077, 7, 0, false),
            (0o710, 0, 70, true),
            (0o701, 0, 70, false),
        ] {
            assert_eq!(may_pass(mode, uid, gid, &account), expected, "{mode:o} {uid} {gid}");
        }
    }

    #[test]
    fn a_deep_data_folder_gets_a_short_socket() {
        let account = Account { uid: geteuid().as_raw(), gid: 0, name: String::new() };
        let home = PathBuf::from(format!("/{}", "deep/".repeat(30)));
        let place = Place { home, account, as_other_user: false, moved: false, hash: "0123456789ab".into() };
        let folder = place.short_folder();
        assert!(fits(&folder), "{}", folder.display());
    }
}
