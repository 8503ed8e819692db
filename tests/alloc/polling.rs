//! What a delivery costs a socket on long-polling.

use super::{Arc, Batch, COUNT, Delivery, EVENTS, Input, Now, Plainest, SocketId, SocketIo, batch, engine};
use comanda::session::{
    Action,
    engine::polling::{Act, Answer, Polling},
};

/// One socket with a GET waiting, as its actor drives it.
struct Polled {
    session: Polling<SocketIo<Plainest>>,
    now: Now,
    acts: Vec<Act>,
    socket: SocketId,
    ticket: u64,
}

impl Polled {
    fn open() -> Self {
        let now = Now::read();
        let session = Polling::new(engine(Plainest { shares: true }, now));
        let acts = Vec::with_capacity(64);
        let mut polled = Self { session, now, acts, socket: SocketId::generate(), ticket: 0 };
        polled.session.open(now, 0, &mut polled.acts);
        assert!(polled.session.post(now, &"40".into(), &mut polled.acts), "a CONNECT");
        let seen = polled.acts.iter().find_map(|act| match act {
            Act::Do(Action::Seen { socket, .. }) => Some(*socket),
            _ => None,
        });
        let Some(socket) = seen else { panic!("it does not say who it is") };
        polled.socket = socket;
        polled.get();
        polled
    }

    fn get(&mut self) {
        self.ticket += 1;
        self.session.get(self.now, self.ticket, &mut self.acts);
    }

    /// Delivers events to a GET that waits; how often that allocated.
    fn delivers(&mut self, batch: &Arc<Batch>) -> usize {
        self.get();
        self.acts.clear();
        let delivery = Delivery::Events(Arc::clone(batch));
        let before = COUNT.get();
        self.session.input(self.now, Input::Delivered { socket: self.socket, delivery }, &mut self.acts);
        let count = COUNT.get() - before;
        let [Act::Answer(_, Answer::Packets(payload))] = &self.acts[..] else { panic!("{:?}", self.acts) };
        assert_eq!(payload.split('\x1e').count() as u64, EVENTS);
        count
    }
}

/// Several packets are one text, each session's own: as large as it is, and made in one piece.
#[test]
fn a_batch_costs_a_polling_socket_its_payload_and_no_more() {
    let (mut first, mut second) = (Polled::open(), Polled::open());
    let batches = [batch(1), batch(1 + EVENTS)];
    batches.iter().for_each(|batch| assert!(first.delivers(batch) > 1, "framing is counted"));
    second.delivers(&batches[0]);
    assert_eq!(second.delivers(&batches[1]), 1);
}
