//! One restaurant's room and log in memory: what stands behind the door on a server of these tests.

use comanda::{
    actors::delivery::{Member, Reach},
    code::ErrorCode,
    domain::{
        ids::{RestaurantId, SocketId, UserId},
        principal::{Principal, Role},
        stream::{Epoch, Position, Seq},
    },
    doors::socket::backend::{Answer, Backend},
    session::{Delivery, Joined, Missed, Page, Verified},
    wire::event::{Batch, Vocabulary, WireEvent},
};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};
use uuid::Uuid;

#[derive(Default)]
struct Room {
    members: HashMap<SocketId, Member>,
    log: Vec<Arc<WireEvent>>,
    joins: usize,
    moves: usize,
}

/// One restaurant, one token ("good"), and how long answers take.
pub struct House {
    room: Mutex<Room>,
    principal: Principal,
    pub answers_after: Mutex<Duration>,
    /// Committed, one by one, whenever a client says what it has seen: on the thread of that client's own socket.
    pub answers_seen: AtomicU64,
    /// What the verifier says instead.
    pub verifier_fails: Mutex<Option<ErrorCode>>,
}

fn epoch() -> Epoch {
    Epoch("e".into())
}

impl House {
    pub fn open() -> Arc<Self> {
        let principal = Principal::of(UserId::generate(), Role::Kitchen, RestaurantId::generate());
        Arc::new(Self {
            room: Mutex::default(),
            principal,
            answers_after: Mutex::default(),
            answers_seen: AtomicU64::new(0),
            verifier_fails: Mutex::default(),
        })
    }

    pub fn commit(&self) {
        self.commit_together(1);
    }

    /// Commits events with their `seq` as payload, and hands them on as a room does: one batch to each member.
    pub fn commit_together(&self, count: Seq) {
        let mut room = self.room.lock().unwrap();
        let first = room.log.len() as Seq + 1;
        let event = |seq| {
            let data = format!(r#"{{"seq":{seq}}}"#);
            Arc::new(WireEvent::new(epoch(), seq, Uuid::nil(), Timestamp::UNIX_EPOCH, "order.new", data))
        };
        let events: Box<[_]> = (first..first + count).map(event).collect();
        room.log.extend_from_slice(&events);
        let batch = Arc::new(Batch { epoch: epoch(), first, last: first + count - 1, events });
        room.members.retain(|_, member| {
            let delivery = Delivery::Events(Arc::clone(&batch));
            let sent = member.tell(delivery).is_ok();
            if !sent {
                member.kill.kill();
            }
            sent
        });
    }

    pub fn tell(&self, delivery: &Delivery) {
        for member in self.room.lock().unwrap().members.values() {
            member.insist(delivery.clone());
        }
    }

    /// Throws every member out, as a room does with who is too slow.
    pub fn evict(&self) {
        self.room.lock().unwrap().members.drain().for_each(|(_, member)| member.kill.kill());
    }

    pub fn members(&self) -> usize {
        self.room.lock().unwrap().members.len()
    }

    pub fn joins(&self) -> usize {
        self.room.lock().unwrap().joins
    }

    /// Members that went on with another carrier in their seat.
    pub fn moves(&self) -> usize {
        self.room.lock().unwrap().moves
    }

    /// A room that was started anew has its log, and knows nobody.
    pub fn forget(&self) {
        self.room.lock().unwrap().members.clear();
    }
}

/// What a door asks of the house.
pub struct Back(pub Arc<House>);

impl Back {
    fn soon<T: 'static>(&self, answer: impl FnOnce(&House) -> Result<T, ErrorCode> + 'static) -> Answer<T> {
        let house = Arc::clone(&self.0);
        let wait = *house.answers_after.lock().unwrap();
        Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            answer(&house)
        })
    }
}

impl Backend for Back {
    fn verify(&self, token: SecretString) -> Answer<Verified> {
        self.soon(move |house| {
            if let Some(code) = *house.verifier_fails.lock().unwrap() {
                return Err(code);
            }
            let valid_for = Duration::from_secs(3_600);
            match token.expose_secret() {
                "good" => Ok(Verified {
                    principal: house.principal.clone(),
                    expires_at: Timestamp::now() + valid_for,
                    valid_for,
                    boards: Default::default(),
                }),
                "short" => Ok(Verified {
                    principal: house.principal.clone(),
                    expires_at: Timestamp::now() + Duration::from_millis(400),
                    valid_for: Duration::from_millis(400),
                    boards: Default::default(),
                }),
                "old" => Err(ErrorCode::TokenExpired),
                _ => Err(ErrorCode::InvalidToken),
            }
        })
    }

    fn join(&self, _: Principal, member: Member, since: Option<Position>) -> Answer<Joined> {
        let mut room = self.0.room.lock().unwrap();
        room.joins += 1;
        room.members.insert(member.socket, member);
        let head = room.log.len() as Seq;
        let missed = if since.is_some() { Missed::Log } else { Missed::NotAsked };
        self.soon(move |_| Ok(Joined { epoch: epoch(), head, missed }))
    }

    fn leave(&self, _: &Principal, socket: SocketId) {
        self.0.room.lock().unwrap().members.remove(&socket);
    }

    fn relocate(&self, _: &Principal, socket: SocketId, reach: Reach) -> LocalBoxFuture<'static, bool> {
        let mut room = self.0.room.lock().unwrap();
        let known = room.members.get_mut(&socket).map(|member| {
            (member.recipient, member.kill) = (reach.recipient, reach.kill);
        });
        room.moves += usize::from(known.is_some());
        Box::pin(std::future::ready(known.is_some()))
    }

    fn seen(&self, _: &Principal, _: SocketId, _: Seq) {
        (0..self.0.answers_seen.load(SeqCst)).for_each(|_| self.0.commit());
    }

    fn page(&self, _: Vocabulary, _: Principal, after: Seq, limit: u32) -> Answer<Page> {
        self.soon(move |house| {
            let room = house.room.lock().unwrap();
            let events: Box<[_]> =
                room.log.iter().skip(after as usize).take(limit as usize).cloned().collect();
            let (first, last) = (after + 1, after + events.len() as Seq);
            let batch = (!events.is_empty()).then(|| Arc::new(Batch { epoch: epoch(), first, last, events }));
            Ok(Page::Events(batch))
        })
    }
}
