//! What no stock client does: another's pid, a pid twice, and the order of packets.

use crate::{
    client::Client,
    support::{House, Poller, spawn_app},
};
use serde_json::{Value, json};

/// A connection, with what its CONNECT was answered.
struct Hand {
    poller: Poller,
    sid: String,
    pid: String,
}

/// Connects as `who`, with the `pid` and the `offset` of another connection.
async fn enters(who: &Client, pid: Option<&str>, offset: Option<&str>) -> Hand {
    let (poller, answer) =
        Poller::enter(who, &json!({ "token": who.token, "pid": pid, "offset": offset })).await;
    let ids: Value = serde_json::from_str(answer.strip_prefix("40").expect("an answer to CONNECT")).unwrap();
    let text = |name: &str| ids[name].as_str().unwrap().to_owned();
    assert_eq!(ids.as_object().unwrap().len(), 2, "{answer}");
    Hand { poller, sid: text("sid"), pid: text("pid") }
}

impl Hand {
    /// The numbers of the next events of the log, which end with their own offset.
    async fn expects(&mut self, epoch: &str, seqs: std::ops::RangeInclusive<u64>) {
        for seq in seqs {
            let event = self.event().await;
            assert_eq!((&event[1]["seq"], &event[2]), (&json!(seq), &json!(format!("{epoch}:{seq}"))));
        }
    }

    async fn expects_resync(&mut self, epoch: &str, seq: u64) {
        let expected = json!(["resync", { "epoch": epoch, "seq": seq }, format!("{epoch}:{seq}")]);
        assert_eq!(self.event().await, expected);
    }

    async fn event(&mut self) -> Value {
        let packet = self.poller.packet().await;
        serde_json::from_str(packet.strip_prefix("42").unwrap_or_else(|| panic!("{packet}"))).unwrap()
    }
}

async fn epoch(house: &House) -> String {
    house.kitchen.get("/api/v1/board").await.expect(200)["epoch"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn the_answer_comes_first_then_what_was_missed_then_what_is_new() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let epoch = epoch(&house).await;
    let mut first = enters(&house.kitchen, None, None).await;
    house.confirmed(1).await;
    first.expects(&epoch, 1..=3).await;
    // From the offset; from the pid; and an offset from before it, or of no log of ours, is none.
    let old = format!("{epoch}:1");
    for (offset, from) in [(Some(old.as_str()), 2), (None, 1), (Some("old:2"), 1), (Some("READY"), 1)] {
        let mut next = enters(&house.kitchen, Some(&first.pid), offset).await;
        assert_eq!((&next.sid, &next.pid), (&first.sid, &first.pid));
        next.expects(&epoch, from..=3).await;
    }
    let mut last = enters(&house.kitchen, Some(&first.pid), Some(&format!("{epoch}:3"))).await;
    house.open_table().await;
    last.expects(&epoch, 4..=4).await;
    // A number that the log has not reached.
    let mut ahead = enters(&house.kitchen, Some(&first.pid), Some(&format!("{epoch}:9"))).await;
    assert!(ahead.sid != first.sid && ahead.pid != first.pid);
    ahead.expects_resync(&epoch, 4).await;
    house.open_table().await;
    ahead.expects(&epoch, 5..=5).await;
}

#[actix_web::test]
async fn the_newest_who_presents_a_pid_has_the_socket_alone() {
    let app = spawn_app().await;
    let house = app.restaurant().await;
    let epoch = epoch(&house).await;
    let mut connections = vec![enters(&house.kitchen, None, None).await];
    for n in 1..4_u64 {
        let pid = connections[0].pid.clone();
        let newest = enters(&house.kitchen, Some(&pid), Some(&format!("{epoch}:{}", n - 1))).await;
        let mut older = connections.pop().unwrap();
        older.poller.expect_disconnect().await;
        app.shows("comanda_members", 1.0).await;
        // Its leave is its own.
        older.poller.leave().await;
        house.open_table().await;
        connections.push(newest);
        connections[0].expects(&epoch, n..=n).await;
    }
    app.shows("comanda_members", 1.0).await;
}

#[actix_web::test]
async fn a_pid_serves_nobody_but_its_user() {
    let app = spawn_app().await;
    let (house, other) = (app.restaurant().await, app.restaurant().await);
    let mut first = enters(&house.kitchen, None, None).await;
    house.evening().await;
    other.open_table().await;
    let head = house.log().await.len() as u64;
    for (who, at, seq) in [(&house.waiter, &house, head), (&other.kitchen, &other, 1)] {
        let mut stranger = enters(who, Some(&first.pid), None).await;
        assert!(stranger.sid != first.sid && stranger.pid != first.pid);
        stranger.expects_resync(&epoch(at).await, seq).await;
    }
    // Whose it is has noticed nothing.
    first.expects(&epoch(&house).await, 1..=head).await;
    assert_eq!(app.metric("comanda_members").await, 3.0);
    let mut mangled = first.pid.clone().into_bytes();
    mangled[40] ^= 1;
    let mut lost = enters(&house.kitchen, Some(str::from_utf8(&mangled).unwrap()), None).await;
    assert_ne!(lost.sid, first.sid);
    lost.expects_resync(&epoch(&house).await, head).await;
}
