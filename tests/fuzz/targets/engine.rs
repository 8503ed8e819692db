//! Engine.IO's state machines under any sequence of requests, frames, losses, deliveries and delays, on virtual time.
//!
//! Around the pure sessions stands a world of queues: what an actor or a room has been sent is taken up later, in any
//! order that the real ones allow. After every step the client has a gap-free beginning of what was sent.

mod app;
mod client;
mod room;
mod world;

use world::World;

/// A way to get it wrong, on which the checker is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// What was queued for the next GET is not handed to the WebSocket.
    DropsQueue,
    /// A room's answer overtakes what it had delivered before.
    AnswerOvertakes,
    /// A membership that could not come along is not asked for again.
    NoRejoin,
    /// A WebSocket that gives up leaves the session as it is.
    KeepsUpgrading,
    /// A client that went silent is never noticed.
    NoTimeout,
}

impl Flaw {
    pub const ALL: [Self; 5] =
        [Self::DropsQueue, Self::AnswerOvertakes, Self::NoRejoin, Self::KeepsUpgrading, Self::NoTimeout];
}

pub fn run(bytes: &[u8]) {
    run_with(bytes, Flaw::None);
}

/// Each pair of bytes is a step and its argument.
pub fn run_with(bytes: &[u8], flaw: Flaw) {
    let mut world = World::open(flaw);
    for pair in bytes.chunks(2) {
        step(&mut world, pair[0], pair.get(1).copied().unwrap_or_default());
        world.check();
    }
    world.finish();
}

fn step(world: &mut World, what: u8, argument: u8) {
    let few = usize::from(argument % 4) + 1;
    let rare = argument.is_multiple_of(8);
    match what % 26 {
        0 | 1 => world.get(false),
        2 => world.get(true),
        3 => world.post_messages(few, argument & 0x80 != 0),
        4 => world.post_garbage(argument),
        5 => world.pong(),
        6 => world.hang_up(),
        7 => world.lose_next_answer(),
        8 => world.websocket_comes(),
        9 => world.websocket_sends("2probe"),
        10 => world.switch(),
        11 => world.websocket_messages(few),
        12 => world.websocket_garbage(argument),
        13 => world.websocket_is_reset(),
        14 => world.delay([1, 2, 50, 100, 299, 300, 500, 1_000][usize::from(argument % 8)]),
        15..=17 => world.room_sends(few),
        18 => world.poller_takes_up(),
        19 => world.websocket_takes_up(),
        20 => world.room_takes_up(argument & 0x80 != 0),
        21 => world.answers_one(),
        22 if rare => world.room_closes(),
        23 if rare => world.stands_still(argument),
        24 if rare => world.client_closes(),
        25 if rare => world.server_stops(),
        _ => world.settle(),
    }
}
