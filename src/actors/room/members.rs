//! Who is in a room, and how each is told.

use super::{
    house::House,
    places::Places,
    present::{Delivered, Presence},
    rings::Told,
};
use crate::{
    actors::delivery::{Member, Reach, Untold},
    code::ErrorCode,
    domain::{
        ids::{LoginId, RestaurantId, SocketId, UserId},
        principal::Principal,
        stream::Seq,
    },
    session::Delivery,
    telemetry::metrics::Eviction,
    wire::event::Vocabulary,
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

/// A choice of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whom {
    Everyone,
    User(UserId),
    Login(LoginId),
    /// A restaurant's or an NGO's people: on a donation board they are not alone.
    Tenant(RestaurantId),
}

impl Whom {
    pub(super) fn names(self, principal: &Principal) -> bool {
        match self {
            Whom::Everyone => true,
            Whom::User(named) => named == principal.user,
            Whom::Login(named) => principal.login == Some(named),
            Whom::Tenant(named) => principal.restaurant == named,
        }
    }
}

struct Seat {
    member: Member,
    principal: Principal,
    since: Timestamp,
    /// What its client last said to have shown.
    seen: Option<Seq>,
}

/// The members of a room, within its limits.
pub(super) struct Members {
    seats: HashMap<SocketId, Seat>,
    /// Seats by the id that their client knows, where it is not the socket's own.
    recovered: HashMap<SocketId, SocketId>,
    places: Places,
    delivered: Delivered,
    house: Arc<House>,
}

impl Members {
    pub fn new(house: Arc<House>) -> Self {
        Self {
            seats: HashMap::new(),
            recovered: HashMap::new(),
            places: Places::new(house.clone()),
            delivered: Delivered::default(),
            house,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Takes a member in. A socket that is in already gets its new recipient and counts once. Of two that are one to their
    /// client the newer connection stays.
    pub fn seat(&mut self, member: Member, principal: &Principal) -> Result<(), ErrorCode> {
        let (socket, sid) = (member.socket, member.sid);
        let twin = self.known_as(sid).filter(|&twin| twin != socket);
        // Ids of sockets are in the order of their making: an older one that joins again, from another carrier, is no
        // newer for it.
        if twin > Some(socket) {
            self.remove(socket);
            return Err(ErrorCode::Superseded);
        }
        let inherited = twin.and_then(|twin| self.supersede(twin, socket));
        let since = self.seats.get(&socket).map_or_else(Timestamp::now, |seat| seat.since);
        let seen = self.remove(socket).flatten().max(inherited);
        if self.places.are_taken(principal, member.address) {
            // Some may be gone without a word.
            self.sweep();
            if self.places.are_taken(principal, member.address) {
                return Err(ErrorCode::TooManySockets);
            }
        }
        if sid != socket {
            self.recovered.insert(sid, socket);
        }
        self.places.take(principal, member.address);
        self.seats.insert(socket, Seat { member, principal: principal.clone(), since, seen });
        self.house.members.fetch_add(1, Relaxed);
        self.house.metrics.member_joined();
        Ok(())
    }

    /// The socket that a client knows by this id.
    fn known_as(&self, sid: SocketId) -> Option<SocketId> {
        let recovered = self.recovered.get(&sid).copied();
        recovered.or_else(|| self.seats.contains_key(&sid).then_some(sid))
    }

    /// Ends a connection whose client has a newer one; returns what it had seen.
    fn supersede(&mut self, twin: SocketId, by: SocketId) -> Option<Seq> {
        self.seats.get(&twin)?.tell(Delivery::Close(ErrorCode::Superseded), &self.house);
        tracing::info!(session.id = %twin, by = %by, "socket was superseded by its client's newer one");
        self.remove(twin)?
    }

    /// Gives a member's seat its new carrier; false where there is no such member.
    pub fn hand_over(
        &mut self,
        socket: SocketId,
        Reach { transport, recipient, queue, kill }: Reach,
    ) -> bool {
        let Some(Seat { member, .. }) = self.seats.get_mut(&socket) else { return false };
        (member.transport, member.recipient, member.queue, member.kill) = (transport, recipient, queue, kill);
        true
    }

    /// Forgets a member; returns what it had seen.
    pub fn remove(&mut self, socket: SocketId) -> Option<Option<Seq>> {
        let seat = self.seats.remove(&socket)?;
        if self.recovered.get(&seat.member.sid) == Some(&socket) {
            self.recovered.remove(&seat.member.sid);
        }
        self.left(1);
        self.places.leave(&seat.principal, seat.member.address);
        Some(seat.seen)
    }

    /// Its client has shown everything up to here. Positions begin at 1, so 0 says nothing; and whom nobody knows must not
    /// raise an alarm. One beyond the room's head is kept: the client may have read a commit that has not come here yet.
    pub fn seen(&mut self, socket: SocketId, seq: Seq) {
        let seat = self.seats.get_mut(&socket).filter(|seat| seat.principal.user != UserId::NOBODY);
        if let Some(seat) = seat.filter(|_| seq > 0) {
            seat.seen = seat.seen.max(Some(seq));
        }
    }

    /// How far the slowest of those who tell what they have shown is behind `head`.
    pub fn lag(&self, head: Seq) -> u64 {
        self.seats
            .values()
            .filter_map(|seat| seat.seen)
            .map(|seen| head.saturating_sub(seen))
            .max()
            .unwrap_or(0)
    }

    /// Everyone, and how far each is behind `head`.
    pub fn present(&self, head: Seq) -> Vec<Presence> {
        let one = |(&socket, Seat { member, principal, since, seen }): (&SocketId, &Seat)| Presence {
            socket,
            user: principal.user,
            role: principal.role,
            vocabulary: member.vocabulary,
            transport: member.transport,
            since: *since,
            lag: seen.map(|seen| head.saturating_sub(seen)),
        };
        self.seats.iter().map(one).collect()
    }

    /// What was handed to members since the room began.
    pub fn delivered(&self) -> Delivered {
        self.delivered
    }

    /// Says to each member what there is for its vocabulary. Those for whom too much waits are thrown out, those that are
    /// gone are forgotten.
    fn tell(&mut self, mut what: impl FnMut(Vocabulary) -> Option<Delivery>) {
        let mut gone = Vec::new();
        for (&socket, seat) in &self.seats {
            if let Some(delivery) = what(seat.member.vocabulary)
                && !seat.tell(delivery, &self.house)
            {
                gone.push(socket);
            }
        }
        for socket in gone {
            self.remove(socket);
        }
    }

    /// Hands on what was committed, or read, so long ago.
    pub fn deliver(&mut self, told: &Told, age: Duration) {
        let mut deliveries = 0;
        self.tell(|vocabulary| {
            let (_, batch) = told.iter().find(|(spoken, _)| *spoken == vocabulary)?;
            deliveries += batch.events.len();
            Some(Delivery::Events(batch.clone()))
        });
        self.delivered.count(deliveries, age);
        self.house.metrics.delivered(deliveries, age);
    }

    /// Says where the log stands, to all who hear of it.
    pub fn head(&mut self, seq: Seq) {
        self.tell(|vocabulary| (vocabulary != Vocabulary::Silence).then_some(Delivery::Head(seq)));
    }

    /// Ends the membership of some.
    pub fn dismiss(&mut self, whom: Whom, code: ErrorCode) {
        let chosen = self.seats.iter().filter(|(_, seat)| whom.names(&seat.principal));
        for socket in chosen.map(|(&socket, _)| socket).collect::<Vec<_>>() {
            if let Some(seat) = self.seats.get(&socket) {
                seat.tell(Delivery::Close(code), &self.house);
            }
            self.remove(socket);
        }
    }

    /// Forgets members whose actor is gone.
    pub fn sweep(&mut self) {
        let gone = self.seats.iter().filter(|(_, seat)| !seat.member.recipient.connected());
        for socket in gone.map(|(&socket, _)| socket).collect::<Vec<_>>() {
            self.remove(socket);
            self.house.metrics.member_evicted(Eviction::Gone);
        }
    }

    fn left(&self, members: usize) {
        self.house.members.fetch_sub(members, Relaxed);
        self.house.metrics.members_left(members);
    }
}

impl Seat {
    /// True where the member is still one.
    fn tell(&self, delivery: Delivery, house: &House) -> bool {
        let Err(untold) = self.member.tell(delivery) else { return true };
        let reason = match untold {
            Untold::Gone => Eviction::Gone,
            Untold::Behind => {
                // Its actor may be frozen behind a client that does not read: mail would never reach it.
                self.member.kill.kill();
                tracing::info!(session.id = %self.member.socket, "socket did not keep up and was cut");
                Eviction::MailboxFull
            }
        };
        house.metrics.member_evicted(reason);
        false
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        self.left(self.seats.len());
    }
}
