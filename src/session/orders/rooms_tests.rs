//! Conversations of clients that leave the room of production orders and come in again, over connections.

use super::{
    recovery_tests::{answer, at, first, ids},
    *,
};

/// Positions `first..=last`, of which these are of production orders.
fn mixed(first: Seq, last: Seq, production: &[Seq]) -> Arc<Batch> {
    let epoch = Epoch("e".into());
    let event = |seq| {
        let (data, at) = (format!(r#"{{"seq":{seq}}}"#), Timestamp::UNIX_EPOCH);
        let name = if production.contains(&seq) { "orderUpdated" } else { "order.new" };
        let event = WireEvent::new(epoch.clone(), seq, Uuid::nil(), at, name, data);
        Arc::new(event.of_production(production.contains(&seq)))
    };
    Arc::new(Batch { epoch: epoch.clone(), first, last, events: (first..=last).map(event).collect() })
}

/// An event that ends with this offset.
fn ending(name: &str, seq: Seq, offset: &str) -> String {
    format!(r#"42["{name}",{{"seq":{seq}}},"{offset}"]"#)
}

fn moved(name: &str, offset: &str) -> String {
    format!(r#"42["{name}",{{"room":"orders"}},"{offset}"]"#)
}

#[test]
fn without_recovery_a_socket_leaves_and_comes_in_again() {
    let mut talk = Talk::member();
    let production = |talk: &mut Talk, seq| talk.delivered(Delivery::Events(mixed(seq, seq + 1, &[seq])));
    let (update, new) = (r#"42["orderUpdated",{"seq":8}]"#, r#"42["order.new",{"seq":9}]"#);
    assert_eq!(production(&mut talk, 8), [update, new]);
    assert_eq!(talk.says(r#"25["leaveRoom"]"#), [r#"435[{"event":"leaveRoom","data":{"room":"orders"}}]"#]);
    assert_eq!(production(&mut talk, 10), [order(11)]);
    // As a client says it that waits for no answer.
    assert_eq!(talk.says(r#"2["leaveRoom"]"#), [r#"42["leaveRoom",{"room":"orders"}]"#]);
    assert_eq!(production(&mut talk, 12), [order(13)]);
    assert_eq!(
        talk.says(r#"26["joinRoom",{"any":"thing"}]"#),
        [r#"436[{"event":"joinRoom","data":{"room":"orders"}}]"#]
    );
    assert_eq!(production(&mut talk, 14).len(), 2);
}

#[test]
fn an_acknowledged_leave_is_in_the_offset_before() {
    let (mut talk, sid, _) = first();
    let (left, acknowledged) =
        (moved("leaveRoom", &format!("e:7-{sid}")), r#"435[{"event":"leaveRoom","data":{"room":"orders"}}]"#);
    assert_eq!(talk.says(r#"25["leaveRoom"]"#), [left, acknowledged.into()]);
    assert_eq!(talk.says(r#"2["joinRoom"]"#), [moved("joinRoom", "e:7")]);
}

/// The position moves on with what the client does hear; what it is spared in between comes again, and is spared again.
#[test]
fn who_left_is_outside_over_connections_and_hears_all_else() {
    let (mut talk, sid, pid) = first();
    talk.says(r#"2["leaveRoom"]"#);
    let heard = talk.delivered(Delivery::Events(mixed(8, 11, &[8, 10, 11])));
    assert_eq!(heard, [ending("order.new", 9, "e:9-")]);

    let connect = format!(r#"0{{"token":"good","pid":"{pid}","offset":"e:9-"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:9");
    let out = talk.joined(13, Missed::Ring(vec![mixed(10, 13, &[10, 11, 13])]));
    assert_eq!(out, [answer(&sid, &pid), ending("order.new", 12, "e:12-")]);
    assert_eq!(talk.says(r#"2["joinRoom"]"#), [moved("joinRoom", "e:13")], "where it stands");
    assert_eq!(talk.delivered(Delivery::Events(mixed(14, 14, &[14]))), [ending("orderUpdated", 14, "e:14")]);

    let connect = format!(r#"0{{"token":"good","pid":"{pid}","offset":"e:14"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:14");
    let out = talk.joined(15, Missed::Ring(vec![mixed(15, 15, &[15])]));
    assert_eq!(out, [answer(&sid, &pid), ending("orderUpdated", 15, "e:15")]);
}

/// Cut off before the first event: all it has is the answer to its `leaveRoom`, which names its socket.
#[test]
fn who_left_at_once_is_outside_when_it_comes_back() {
    let (talk, sid, pid) = first();
    let connect = format!(r#"0{{"pid":"{pid}","offset":"e:7-{sid}"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:7");
    assert_eq!(talk.joined(8, Missed::Ring(vec![mixed(8, 8, &[8])])), [answer(&sid, &pid)]);
    // And where everything is lost but the connection, it is outside still.
    let lost = talk.on(Input::Page { socket: talk.socket, result: Ok(Page::Expired) });
    assert!(lost.is_empty(), "nothing was read: {lost:?}");
    assert_eq!(talk.delivered(Delivery::Head(20)), ["read 8"]);
    let lost = talk.on(Input::Page { socket: talk.socket, result: Ok(Page::Expired) });
    assert_eq!(lost, [format!(r#"42["resync",{{"epoch":"e","seq":20}},"e:20-{sid}"]"#)]);
}

/// A stock client keeps its offset when it is given a new socket. That one begins inside, whatever the old one was.
#[test]
fn a_new_socket_begins_inside() {
    let (talk, _, pid) = first();
    let other = SocketId::generate();
    for offset in
        ["e:7-".to_owned(), "e:3-".into(), "old:9-".into(), format!("e:7-{other}"), format!("e:9-{other}")]
    {
        let since: Seq = if offset.starts_with("e:9") { 9 } else { 7 };
        let connect = format!(r#"0{{"token":"good","pid":"{pid}","offset":"{offset}"}}"#);
        let mut talk = talk.comes_back(&connect, &format!("join e:{since}"));
        let out = talk.joined(10, Missed::Ring(vec![mixed(since + 1, 10, &[10])]));
        assert_eq!(out.last(), Some(&ending("orderUpdated", 10, "e:10")), "{offset}");
    }
    // Nor does one begin outside that could not be taken up.
    let connect = format!(r#"0{{"token":"good","pid":"{pid}","offset":"e:99-"}}"#);
    let mut talk = talk.comes_back(&connect, "join e:99");
    let out = talk.joined(12, Missed::NotAsked);
    assert_ne!(ids(&out[0]).1, pid);
    assert_eq!(talk.delivered(Delivery::Events(mixed(13, 13, &[13]))), [ending("orderUpdated", 13, "e:13")]);
    assert_eq!(talk.delivered(Delivery::Events(batch(14, 14))), [at(14)]);
}
