//! RoomDirectory: finds or starts the room of a stream, on one of a fixed set of arbiters.
//!
//! An entry names its room by a generation, so that a room that retires or is given up never removes its successor. A
//! join that is dropped unanswered was sent to a room that retired or panicked on the way; it is made again.

mod follow;
mod present;
mod relocate;
mod settle;
mod stats;
mod warden;

pub use stats::Stats;

use super::{
    delivery::Member,
    publisher::Publisher,
    room::{Dismiss, House, Join, Leave, Look, Publish, Room, Seen, Traffic, Whom},
    supervise::{self, Tolerance},
};
use crate::{
    code::ErrorCode,
    domain::{
        event::Recorded,
        ids::{LoginId, RestaurantId, SocketId, StreamId, UserId},
        principal::Principal,
        stream::{Position, Seq, Stream},
    },
    session::Joined,
};
use actix::{Addr, Arbiter, ArbiterHandle, Context, Handler, Message, dev::ToEnvelope};
use dashmap::{DashMap, Entry as Slot};
use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::*},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, time::timeout};
use warden::Warden;

/// For a join, with everything it may have to wait for; longer than a room waits for the log.
const JOIN_WITHIN: Duration = Duration::from_secs(5);

/// Rooms that may retire under one join, one after another.
const JOIN_TRIES: u32 = 16;

/// For the arbiters' threads to end.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// All rooms of this node. A cheap handle.
#[derive(Clone)]
pub struct RoomDirectory {
    inner: Arc<Inner>,
}

struct Inner {
    rooms: DashMap<StreamId, Entry>,
    house: Arc<House>,
    handles: Vec<ArbiterHandle>,
    /// Taken at the stop, to wait for their threads.
    arbiters: Mutex<Vec<Arbiter>>,
    generations: AtomicU64,
}

struct Entry {
    generation: u64,
    /// `None`: in quarantine.
    room: Option<Addr<Room>>,
    traffic: Arc<Traffic>,
}

impl RoomDirectory {
    /// Starts `rooms.arbiters` threads, to be called within an actix system.
    pub fn new(house: House) -> io::Result<Self> {
        let count = match house.rooms.arbiters {
            0 => thread::available_parallelism().map_or(1, usize::from),
            count => count,
        };
        let arbiters = (0..count).map(|_| Arbiter::try_new()).collect::<io::Result<Vec<_>>>()?;
        Ok(Self::on(arbiters.iter().map(Arbiter::handle).collect(), arbiters, house))
    }

    /// All rooms on the caller's thread.
    #[cfg(test)]
    pub fn here(house: House) -> Self {
        Self::on(vec![Arbiter::current()], Vec::new(), house)
    }

    fn on(handles: Vec<ArbiterHandle>, arbiters: Vec<Arbiter>, house: House) -> Self {
        let (rooms, house, generations) = (DashMap::new(), Arc::new(house), AtomicU64::new(0));
        Self { inner: Arc::new(Inner { rooms, house, handles, arbiters: Mutex::new(arbiters), generations }) }
    }

    /// Makes a socket a member of the room of its vocabulary's stream: everything after the answer's head will be delivered.
    /// Dropping this future before its answer leaves no member behind for longer than its recipient lives.
    pub async fn join(
        &self,
        principal: Principal,
        member: Member,
        since: Option<Position>,
    ) -> Result<Joined, ErrorCode> {
        // Whichever door it came through: who must not hear this vocabulary gets into no room where it is spoken.
        if !member.vocabulary.admits(principal.role) {
            return Err(ErrorCode::Forbidden);
        }
        let (stream, socket) = (member.vocabulary.stream(&principal), member.socket);
        match timeout(JOIN_WITHIN, self.try_join(stream, principal, member, since)).await {
            Ok(answer) => answer,
            Err(_) => {
                self.leave(stream, socket);
                Err(ErrorCode::Overloaded)
            }
        }
    }

    async fn try_join(
        &self,
        stream: Stream,
        principal: Principal,
        member: Member,
        since: Option<Position>,
    ) -> Result<Joined, ErrorCode> {
        let mut lost = None;
        for _ in 0..JOIN_TRIES {
            let (reply, answer) = oneshot::channel();
            let (generation, room) = self.room(stream)?;
            let (principal, member, since) = (principal.clone(), member.clone(), since.clone());
            room.do_send(Join { member, principal, since, reply });
            drop(room);
            match answer.await {
                Ok(answer) => return answer,
                // The same room twice: it panics, maybe because of this very join.
                Err(_) if lost.replace(generation) == Some(generation) => break,
                Err(_) => {}
            }
        }
        Err(ErrorCode::RoomRestarting)
    }

    /// Ends a membership; harmless where there is none.
    pub fn leave(&self, stream: impl Into<StreamId>, socket: SocketId) {
        self.tell(stream.into(), Leave(socket));
    }

    /// A client has shown everything up to `seq`. A room that is behind misses it: the client's next one says more.
    pub fn seen(&self, stream: impl Into<StreamId>, socket: SocketId, seq: Seq) {
        self.with(stream.into(), |room, traffic| {
            if let Some(turn) = traffic.seen() {
                room.do_send(Seen { socket, seq, turn });
            }
        });
    }

    /// Closes the sockets that came with this login.
    pub fn dismiss_login(&self, login: LoginId, code: ErrorCode) {
        self.dismiss(Whom::Login(login), code);
    }

    /// Closes the sockets of this user.
    pub fn dismiss_user(&self, user: UserId, code: ErrorCode) {
        self.dismiss(Whom::User(user), code);
    }

    /// Closes the sockets of this tenant's people wherever they are but in these rooms: it is on other boards now.
    pub fn dismiss_elsewhere(&self, tenant: RestaurantId, stays: &[StreamId], code: ErrorCode) {
        self.tell_rooms(Whom::Tenant(tenant), code, |stream| !stays.contains(stream));
    }

    /// The server stops: refuses joins from now on and closes every member.
    pub fn close_all(&self, code: ErrorCode) {
        self.dismiss(Whom::Everyone, code);
    }

    fn dismiss(&self, whom: Whom, code: ErrorCode) {
        self.inner.house.dismiss(whom, code);
        self.tell_rooms(whom, code, |_| true);
    }

    fn tell_rooms(&self, whom: Whom, code: ErrorCode, which: impl Fn(&StreamId) -> bool) {
        for entry in self.inner.rooms.iter().filter(|entry| which(entry.key())) {
            if let Some(room) = &entry.room {
                room.do_send(Dismiss { whom, code });
            }
        }
    }

    /// Ends all rooms and their threads. Members that are left are told that the server stops.
    pub async fn stop(&self) {
        self.inner.house.closing.store(true, SeqCst);
        let arbiters =
            std::mem::take(&mut *self.inner.arbiters.lock().unwrap_or_else(PoisonError::into_inner));
        arbiters.iter().for_each(|arbiter| _ = arbiter.stop());
        let ended =
            tokio::task::spawn_blocking(|| arbiters.into_iter().for_each(|arbiter| _ = arbiter.join()));
        if timeout(STOP_WITHIN, ended).await.is_err() {
            tracing::warn!("rooms did not end in time");
        }
        self.inner.rooms.clear();
    }

    /// Makes a stream's room panic.
    #[cfg(any(test, feature = "faults"))]
    pub fn panic(&self, stream: StreamId, place: super::room::Place) {
        self.tell(stream, super::room::Panic(place));
    }

    fn tell<M>(&self, stream: StreamId, message: M)
    where
        M: Message<Result = ()> + Send + 'static,
        Room: Handler<M>,
        Context<Room>: ToEnvelope<Room, M>,
    {
        self.with(stream, |room, _| room.do_send(message));
    }

    fn with(&self, stream: StreamId, act: impl FnOnce(&Addr<Room>, &Arc<Traffic>)) {
        if let Some(Entry { room: Some(room), traffic, .. }) = self.inner.rooms.get(&stream).as_deref() {
            act(room, traffic);
        }
    }

    /// The stream's room, started if need be.
    fn room(&self, stream: Stream) -> Result<(u64, Addr<Room>), ErrorCode> {
        if self.inner.house.closing.load(SeqCst) {
            return Err(ErrorCode::ShuttingDown);
        }
        let open = |entry: &Entry| match &entry.room {
            Some(room) => Ok((entry.generation, room.clone())),
            None => Err(ErrorCode::RoomRestarting),
        };
        if let Some(entry) = self.inner.rooms.get(&stream.into()) {
            return open(&entry);
        }
        match self.inner.rooms.entry(stream.into()) {
            Slot::Occupied(slot) => open(slot.get()),
            Slot::Vacant(slot) => open(&slot.insert(self.start(stream))),
        }
    }

    fn start(&self, stream: Stream) -> Entry {
        let id = StreamId::from(stream);
        let generation = self.inner.generations.fetch_add(1, Relaxed);
        let house = self.inner.house.clone();
        let warden = Warden { directory: Arc::downgrade(&self.inner), stream: id, generation };
        let tolerance = Tolerance { panics: house.rooms.panics, window: *house.rooms.panic_window };
        // The low bits of a UUIDv7 are random.
        let arbiter = &self.inner.handles[id.0.as_u128() as usize % self.inner.handles.len()];
        let retire = warden.clone();
        let traffic = Arc::new(Traffic::default());
        let known = traffic.clone();
        let make = move || Room::new(stream, house, known, move || retire.forget());
        let room = supervise::start::<Room, _, _>(arbiter, tolerance, warden, make);
        Entry { generation, room: Some(room), traffic }
    }
}

impl Publisher for RoomDirectory {
    /// Only a room that exists is told: one that starts later reads the log. The room heals a wrong order. One that is
    /// slower than its lane is told to look instead: the log holds the events, not its mailbox.
    fn publish(&self, stream: Stream, events: Vec<Recorded>) {
        self.with(stream.into(), |room, traffic| match traffic.publish() {
            Some(turn) => room.do_send(Publish { events, committed: Instant::now(), turn }),
            None => look(room, traffic),
        });
    }

    fn look(&self, stream: Stream) {
        self.with(stream.into(), look);
    }
}

fn look(room: &Addr<Room>, traffic: &Arc<Traffic>) {
    // One that waits to be handled reads everything committed before it is.
    if let Some(turn) = traffic.look() {
        room.do_send(Look(turn));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let arbiters = self.arbiters.get_mut().unwrap_or_else(PoisonError::into_inner);
        arbiters.iter().for_each(|arbiter| _ = arbiter.stop());
    }
}
