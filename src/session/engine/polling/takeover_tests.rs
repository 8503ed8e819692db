//! The upgrade from long-polling to a WebSocket, frame by frame.

use super::*;

/// Up to the client's `5`, which it has sent.
fn switching(bench: &Bench) -> Upgrading<Echo, Link> {
    let mut websocket = bench.websocket();
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.frame(&mut websocket, "5"), "");
    websocket
}

fn delivered(delivery: Delivery) -> Input {
    Input::Delivered { socket: socket(), delivery }
}

#[test]
fn an_upgrade_loses_and_reorders_nothing() {
    let bench = Bench::open();
    assert_eq!(bench.get(1), "");
    let mut websocket = bench.websocket();
    assert!(!bench.polling.lock().unwrap().begin_upgrade(), "one upgrade at a time");
    assert_eq!(bench.frame(&mut websocket, "2probe"), "3probe");
    assert_eq!(bench.tick(), "1<6");
    assert_eq!(bench.post("4a\x1e4b"), "ok ");
    assert_eq!(bench.frame(&mut websocket, "5"), "");
    assert_eq!(bench.frame(&mut websocket, "4c"), "");
    assert_eq!(bench.tick(), "handover");
    assert_eq!(bench.tick(), "", "the rooms are asked once");
    assert_eq!(bench.looks(&mut websocket), "", "they have not answered");
    // The room sends the first here, the second to the WebSocket, and the first is taken up later.
    assert_eq!(bench.handle(&mut websocket, delivered(Delivery::Head(2))), "");
    let first = delivered(Delivery::Head(1));
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, first, acts)), "");
    assert_eq!(bench.hand_over(vec![seat(true)]), "ready");
    assert_eq!(bench.looks(&mut websocket), "adopt 4a 4b 4#1 4#2 4c");
    assert_eq!(bench.frame(&mut websocket, "4d"), "4d");
    assert_eq!(bench.tick(), "moved");
    assert_eq!(bench.get(2), "2<400");
    assert_eq!(bench.post("4e"), "400 ");
    assert!(!bench.polling.lock().unwrap().begin_upgrade());
}

#[test]
fn only_who_lost_the_seat_joins_again() {
    for (kept, expected) in [(true, "adopt"), (false, "adopt rejoin")] {
        let bench = Bench::open();
        let mut websocket = switching(&bench);
        assert_eq!(bench.tick(), "handover");
        bench.hand_over(vec![seat(kept)]);
        assert_eq!(bench.looks(&mut websocket), expected);
    }
}

/// A dismissal is no event that a log would have: it must not fall between two chairs.
#[test]
fn a_close_at_each_step_of_the_upgrade_reaches_the_client() {
    const STEPS: usize = 6;
    for step in 0..STEPS {
        let mut bench = Bench::open();
        let mut told = String::new();
        let close = |bench: &Bench, at: usize, told: &mut String| {
            if at == step {
                let close = delivered(Delivery::Close(ErrorCode::RoomRestarting));
                *told += &bench.run(|polling, now, acts| polling.input(now, close, acts));
            }
        };
        assert_eq!(bench.get(1), "");
        let mut websocket = bench.websocket();
        close(&bench, 0, &mut told);
        told += &bench.frame(&mut websocket, "2probe");
        close(&bench, 1, &mut told);
        told += &bench.tick();
        close(&bench, 2, &mut told);
        told += &bench.frame(&mut websocket, "5");
        close(&bench, 3, &mut told);
        told += &bench.tick();
        close(&bench, 4, &mut told);
        if step == 5 {
            // The room delivers to the WebSocket already.
            let close = delivered(Delivery::Close(ErrorCode::RoomRestarting));
            told += &bench.handle(&mut websocket, close);
        }
        bench.hand_over(vec![seat(true)]);
        told += &bench.looks(&mut websocket);
        let by_polling = told.contains("1<1 end:ROOM_RESTARTING");
        let by_websocket = told.contains("close:ROOM_RESTARTING");
        assert!(by_polling ^ by_websocket, "step {step}: {told}");
        bench.ms += 1_000;
        bench.tick();
        assert_eq!(bench.get(2), "2<400", "step {step}: it has ended");
    }
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
    assert_eq!(bench.frame(&mut websocket, "5"), "");
    assert_eq!(bench.tick(), "3<400 handover");
    bench.hand_over(Vec::new());
    assert_eq!(bench.looks(&mut websocket), "");
    assert_eq!(bench.tick(), "moved");
}

#[test]
fn the_switch_waits_for_an_answer_that_is_under_way() {
    let bench = Bench::open();
    assert_eq!(bench.post("4slow"), "ok verify");
    let mut websocket = switching(&bench);
    assert_eq!(bench.frame(&mut websocket, "4after"), "");
    assert_eq!(bench.tick(), "");
    let answer = Input::Verified { socket: socket(), result: Err(ErrorCode::InvalidToken) };
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, answer, acts)), "handover");
    assert_eq!(bench.hand_over(vec![seat(true)]), "ready");
    assert_eq!(bench.looks(&mut websocket), "adopt 4verified 4after");
}

/// Of `auth-*` events the answers were not counted: a guest that logged in while its client upgraded, which a stock client
/// does, waited for its WebSocket until that gave up, 10 s later, and was put out.
#[test]
fn the_switch_waits_for_an_answer_of_whichever_kind_and_no_longer() {
    let (socket, event, code) = (socket(), ByteString::from_static("e"), ErrorCode::InvalidToken);
    let refused = || Rejection::new(code, "no");
    let answers = [
        Input::Verified { socket, result: Err(code) },
        Input::Joined { socket, result: Err(code) },
        Input::Page { socket, result: Err(code) },
        Input::Executed { socket, event: event.clone(), ack: None, result: Err(refused()) },
        Input::Account { socket, event, ack: None, result: Err(refused()) },
    ];
    for answer in answers {
        let (bench, kind) = (Bench::open(), format!("{answer:?}"));
        assert_eq!(bench.post("4slow"), "ok verify");
        let _websocket = switching(&bench);
        assert_eq!(bench.tick(), "");
        assert_eq!(bench.run(|polling, now, acts| polling.input(now, answer, acts)), "handover", "{kind}");
    }
}

/// A switch that waited for a slow database asked five hundred times a second, each time under the lock and with a mail
/// to long-polling's actor, which nothing bounds.
#[test]
fn a_switch_that_waits_is_told_and_does_not_ask() {
    let bench = Bench::open();
    let given_up = bench.start.mono + Duration::from_secs(10);
    let mut websocket = switching(&bench);
    assert_eq!(websocket.deadline(), Some(given_up), "it wakes for nothing else");
    assert_eq!(bench.tick(), "handover");
    let asks = delivered(Delivery::Head(0));
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, asks, acts)), "verify");
    assert_eq!(bench.hand_over(vec![seat(true)]), "", "asked for something in the meantime");
    let answer = || Input::Verified { socket: socket(), result: Err(ErrorCode::InvalidToken) };
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, answer(), acts)), "ready");
    // Once more, before it has come for the session.
    let asks = delivered(Delivery::Head(0));
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, asks, acts)), "verify");
    assert_eq!(bench.looks(&mut websocket), "");
    assert_eq!(bench.tick(), "");
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, answer(), acts)), "ready");
    assert_eq!(bench.tick(), "", "told once");
    assert_eq!(websocket.deadline(), Some(given_up));
    assert_eq!(bench.looks(&mut websocket), "adopt 4verified 4verified");

    // What it waits for has ended, or never comes.
    let close = delivered(Delivery::Close(ErrorCode::RoomRestarting));
    let mut bench = Bench::open();
    let mut websocket = switching(&bench);
    assert_eq!(bench.run(|polling, now, acts| polling.input(now, close, acts)), "ready");
    assert_eq!(bench.looks(&mut websocket), "close:ROOM_RESTARTING");
    bench = Bench::open();
    let mut websocket = switching(&bench);
    bench.ms = 10_000;
    assert_eq!(bench.looks(&mut websocket), "close:PROTOCOL_ERROR");
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
    let mut websocket = switching(&bench);
    bench.polling.lock().unwrap().abandon_upgrade();
    assert_eq!(bench.tick(), "end");
    assert_eq!(bench.get(1), "1<400");
    assert_eq!(bench.post("4a"), "400 ");
    assert_eq!(bench.frame(&mut websocket, "4late"), "");
    assert_eq!(bench.looks(&mut websocket), "close", "nobody takes over what has ended");
}

/// Deliveries have no mailbox that bounds them while the session is on its way: 256, beside the largest.
#[test]
fn what_rooms_send_ahead_is_bounded() {
    let bench = Bench::open();
    let mut websocket = switching(&bench);
    let mut told = String::new();
    for seq in 1..=258 {
        assert_eq!(told, "");
        told = bench.handle(&mut websocket, delivered(Delivery::Head(seq)));
    }
    assert_eq!(told, "close:SLOW_CONSUMER");
}
