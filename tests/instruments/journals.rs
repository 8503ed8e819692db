//! What a journal has taken is on the disk, and what a crash cut off is not read.

use crate::journal::{self, Journal};
use std::io::Write;

#[tokio::test]
async fn what_was_written_is_there_and_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for round in 0..3_u32 {
        let journal = Journal::open(path.clone());
        journal.note(&(round, "noted"));
        let writes = (0..50_u32).map(|n| {
            let journal = journal.clone();
            async move { journal.write(&(n, "written")).await }
        });
        futures_util::future::join_all(writes).await;
    }
    let read = journal::read::<(u32, String)>(&path);
    assert_eq!(read.len(), 3 * 51);
    assert_eq!(read.iter().filter(|(_, how)| how == "noted").map(|(n, _)| *n).collect::<Vec<_>>(), [0, 1, 2]);
    // The crash.
    std::fs::File::options().append(true).open(&path).unwrap().write_all(b"[7,\"wri").unwrap();
    assert_eq!(Journal::open(path).read::<(u32, String)>(), read);
}
