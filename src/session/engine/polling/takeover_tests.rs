//! The upgrade from long-polling to a WebSocket, frame by frame.

use super::*;

#[test]
fn an_upgrade_loses_and_reorders_nothing() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    let mut websocket = bench.websocket();
    assert!(!bench.polling.lock().unwrap().begin_upgrade(), "one upgrade at a time");
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.tick(), "1<6");
    assert_eq!(bench.post("4a\x1e4b"), "ok ");
    assert_eq!(bench.frame(&mut websocket, "5"), "4a 4b rejoin");
    assert_eq!(bench.frame(&mut websocket, "4c"), "4c");
    assert_eq!(bench.tick(), "moved");
    assert_eq!(bench.get(2), "2<400");
    assert_eq!(bench.post("4d"), "400 ");
    assert!(!bench.polling.lock().unwrap().begin_upgrade());
}

#[test]
fn a_get_during_the_upgrade_is_released_later_or_refused_by_the_switch() {
    let mut bench = Bench::open();
    let mut websocket = bench.websocket();
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.get(1), "");
    bench.ms = 99;
    assert_eq!(bench.tick(), "");
    bench.ms = 100;
    assert_eq!(bench.tick(), "1<6");
    assert_eq!(bench.post("4a"), "ok ");
    assert_eq!(bench.get(2), "2<4a");
    assert_eq!(bench.get(3), "");
    assert_eq!(bench.frame(&mut websocket, "5"), "rejoin");
    assert_eq!(bench.tick(), "3<400 moved");
}

#[test]
fn the_switch_waits_for_an_answer_that_is_under_way() {
    let mut bench = Bench::open();
    assert_eq!(bench.post("4slow"), "ok verify");
    let mut websocket = bench.websocket();
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.frame(&mut websocket, "5"), "");
    assert_eq!(bench.frame(&mut websocket, "4after"), "");
    let answer = Input::Verified { socket: socket(), result: Err(ErrorCode::InvalidToken) };
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, answer, acts)), "");
    bench.ms = 2;
    let mut out = Vec::new();
    websocket.handle(bench.now(), Input::Tick, &mut out);
    assert_eq!(sent(out), "4verified rejoin 4after");
}

#[test]
fn an_upgrade_given_up_leaves_long_polling_as_it_was() {
    let bench = Bench::open();
    for probe in ["2prob", "5", "4a"] {
        let mut websocket = bench.websocket();
        assert_eq!(bench.frame(&mut websocket, probe), "close:PROTOCOL_ERROR", "{probe}");
        bench.polling.lock().unwrap().abandon_upgrade();
    }
    assert_eq!(bench.post("4a"), "ok ");
    assert_eq!(bench.get(1), "1<4a");
}

#[test]
fn a_websocket_lost_in_the_middle_of_the_switch_ends_the_session() {
    let bench = Bench::open();
    assert_eq!(bench.post("4slow"), "ok verify");
    let mut websocket = bench.websocket();
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.frame(&mut websocket, "5"), "");
    bench.polling.lock().unwrap().abandon_upgrade();
    assert_eq!(bench.tick(), "end");
    assert_eq!(bench.get(1), "1<400");
    assert_eq!(bench.post("4a"), "400 ");
    assert_eq!(bench.frame(&mut websocket, "4late"), "");
    let mut out = Vec::new();
    websocket.handle(
        Now { mono: bench.now().mono + Duration::from_secs(1), ..bench.now() },
        Input::Tick,
        &mut out,
    );
    assert_eq!(sent(out), "close", "nobody takes over what has ended");
}
