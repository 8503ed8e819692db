//! A replay from a ring, page by page.

use super::*;

/// What these steps hand on, and the page that they know already.
fn handed(steps: Steps) -> (Vec<Seq>, Option<Arc<Batch>>) {
    let (mut seqs, mut next) = (Vec::new(), None);
    for step in steps {
        match step {
            Step::Send(handed) => seqs.extend(handed.events().map(|event| event.seq)),
            Step::Read { known, .. } => next = known,
            Step::Welcome { recovered, .. } => assert!(recovered),
            Step::Resync { .. } => panic!("nothing was lost"),
        }
    }
    (seqs, next)
}

/// A socket that came back after a thousand events was handed them all at once, and so was each of a thousand others.
#[test]
fn what_the_ring_has_goes_out_page_by_page() {
    let (page, head) = (Seq::from(PAGE), 1_000);
    // Two commits of many events, then one after another.
    let commits = [(1, 10), (11, 310), (311, 900)].map(|(first, last)| batch("e", first, last));
    let singles = (901..=head).map(|seq| batch("e", seq, seq));
    let ring: Vec<_> = commits.into_iter().chain(singles).collect();
    let mut cursor = Cursor::new(Some(at("e", 5)), CAP);
    let (mut seen, mut next) = handed(cursor.joined(joined(head, Missed::Ring(ring))));
    assert_eq!(seen, Vec::from_iter(6..=5 + page));
    // Live events wait behind it.
    assert_eq!(written(cursor.events(batch("e", head + 1, head + 2))), "");
    while let Some(known) = next {
        assert!(known.events.len() as Seq <= page, "{} events", known.events.len());
        assert_eq!(cursor.position(), Some(at("e", *seen.last().unwrap())), "in its own time");
        let more;
        (more, next) = handed(cursor.page(Page::Events(Some(known))));
        seen.extend(more);
    }
    assert_eq!(seen, Vec::from_iter(6..=head));
    // What came meanwhile is in the log.
    assert_eq!(
        handed(cursor.page(Page::Events(Some(batch("e", head + 1, head + 2))))).0,
        [head + 1, head + 2]
    );
}
