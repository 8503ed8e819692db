//! Open files: every connection is one, and a shell's usual limit of 1,024 is less than one restaurant chain's displays.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Besides connections: the database's pool, files, pipes, the runtime's own.
const BESIDES: u64 = 100;

/// Raises the soft limit to the hard one, and says so where even that is less than `connections` need.
pub fn raise(connections: usize, pool: usize) {
    let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    if let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
    let needed = connections as u64 + pool as u64 + BESIDES;
    let allowed = getrlimit(Resource::RLIMIT_NOFILE).map_or(0, |(soft, _)| soft);
    if allowed < needed {
        tracing::warn!(allowed, needed, "the system allows fewer open files than http.max_connections needs");
    }
}
