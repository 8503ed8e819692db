//! A model of the house: the real registry, rooms, directory and sessions on one thread and on virtual time, with a
//! database in memory, while transactions, hints, rooms, servers and displays fail in any order. Whatever happens, in
//! the end every acknowledged order is in the log once and where its answer said, every display shows what the log says
//! and has heard each event once and in order, nobody waits for ever, and no room keeps a ghost.
//!
//! `PROPTEST_CASES=20000 cargo test --lib actors::tests` looks for longer.

mod display;
mod ledger;
mod line;
mod node;
mod waiter;
mod world;

use crate::actors::room::Place;
use actix::System;
use ledger::{Bug, Fate};
use node::Hint;
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use world::{DISPLAYS, Flawed, Happening, World};

fn happening() -> impl Strategy<Value = Happening> {
    let display = || 0..DISPLAYS;
    let fate = prop_oneof![
        Just(Fate::Refused),
        Just(Fate::Lost),
        (0..2_500u64).prop_map(Fate::Unheard),
        (0..2_500u64).prop_map(Fate::Hangs),
    ];
    let hint = prop_oneof![
        Just(Hint::ComesTwice),
        (0..200u64).prop_map(Hint::IsLate),
        Just(Hint::IsLook),
        Just(Hint::IsLost),
        Just(Hint::Comes),
    ];
    prop_oneof![
        12 => (0..3u8, any::<bool>()).prop_map(|(answers_lost, twice)| Happening::Order { answers_lost, twice }),
        3 => fate.prop_map(Happening::Transaction),
        3 => hint.prop_map(Happening::Publication),
        2 => select(Place::ALL.to_vec()).prop_map(Happening::Panic),
        1 => any::<bool>().prop_map(Happening::BreakReads),
        1 => any::<bool>().prop_map(Happening::HoldReads),
        1 => Just(Happening::Crash),
        1 => (0..4usize).prop_map(Happening::Restore),
        6 => display().prop_map(Happening::Connect),
        3 => (display(), any::<bool>()).prop_map(|(display, heard)| Happening::Cut(display, heard)),
        2 => display().prop_map(Happening::Freeze),
        2 => display().prop_map(Happening::Thaw),
        1 => display().prop_map(Happening::Vanish),
        // Short: within a transaction, a read, a join; long: a room retires, a lease of time ends.
        5 => (0..12u64).prop_map(Happening::Pass),
        3 => (12..700u64).prop_map(Happening::Pass),
    ]
}

fn service() -> impl Strategy<Value = Vec<Happening>> {
    prop::collection::vec(happening(), 1..80)
}

/// Plays it on a clock that stands still while anyone has something to do.
fn play(service: &[Happening], flawed: Flawed) -> Vec<String> {
    // Rooms panic here on purpose, and often.
    crate::telemetry::panics::install_for_tests();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime")
    };
    System::with_tokio_rt(runtime).block_on(async {
        let world = World::new(flawed);
        for &happening in service {
            world.let_happen(happening).await;
        }
        world.outcome().await
    })
}

fn cases(default: u32) -> Config {
    let mut config = Config::with_source_file(file!());
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = default;
    }
    config
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn whatever_goes_wrong_nothing_is_lost_doubled_or_out_of_order(service in service()) {
        let wrong = play(&service, Flawed::default());
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// How many of so many services show that the house is flawed.
fn found(flawed: Flawed, services: usize) -> usize {
    let mut runner = TestRunner::deterministic();
    let strategy = service();
    let is_wrong = |_: &usize| {
        let tree = strategy.new_tree(&mut runner).expect("a service");
        !play(&tree.current(), flawed).is_empty()
    };
    (0..services).filter(is_wrong).count()
}

/// The checks can fail: each of these flaws is found.
#[test]
fn a_flawed_house_is_found_out() {
    let bugs = [Bug::ForgottenKey, Bug::CommitTooLate].map(|bug| Flawed { bug, ..Flawed::default() });
    for flawed in bugs.into_iter().chain([Flawed { deaf: true, ..Flawed::default() }]) {
        assert!(found(flawed, 100) > 0, "{flawed:?}");
    }
}
