//! The actors around the pure sessions, and the time: what each does with what it is told.

mod checks;
mod requests;
mod source;

use super::{
    Flaw,
    app::App,
    client::Client,
    room::{Asked, Mail, Room},
};
use comanda::{
    code::ErrorCode,
    config::{
        sections::EngineIo,
        units::{Bytes, Span},
    },
    domain::stream::Epoch,
    session::{
        Action, Input, Joined, Missed, Now, Page, Session,
        engine::{
            core::Engine,
            polling::{Act, Answer, Polling, takeover::Seat},
            upgrade::Upgrading,
        },
    },
};
use source::Taker;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

const INTERVAL: u64 = 300;
const TIMEOUT: u64 = 200;
/// What is told of the end waits so long for one more GET.
const LINGER: u64 = 1_000;

type State = Arc<Mutex<Polling<App>>>;

pub struct World {
    flaw: Flaw,
    start: Now,
    ms: u64,
    state: State,
    websocket: Option<Upgrading<App, Taker>>,
    client: Client,
    room: Arc<Mutex<Room>>,
    /// Verifications and reads under way, of whoever asked.
    asked: VecDeque<Action>,
    /// The last moment at which the client was heard of, as heartbeats count.
    heard: u64,
    /// On long-polling; afterwards its actor is gone.
    polls: bool,
    /// The WebSocket has the session.
    live: bool,
    ended: bool,
}

impl World {
    pub fn open(flaw: Flaw) -> Self {
        let start = Now::read();
        let ms = |ms| Span(Duration::from_millis(ms));
        let settings = EngineIo {
            ping_interval: ms(INTERVAL),
            ping_timeout: ms(TIMEOUT),
            max_payload: Bytes(65_536),
            connect_timeout: ms(1_000),
            upgrade_timeout: ms(10_000),
        };
        let engine = Engine::new("sid".into(), Arc::new(settings), App::new(), start);
        let mut world = Self {
            flaw,
            start,
            ms: 0,
            state: Arc::new(Mutex::new(Polling::new(engine))),
            websocket: None,
            client: Client::default(),
            room: Arc::new(Mutex::new(Room::new())),
            asked: VecDeque::new(),
            heard: 0,
            polls: true,
            live: false,
            ended: false,
        };
        let ticket = world.client.ticket();
        world.poller(|polling, now, acts| polling.open(now, ticket, acts));
        world
    }

    fn now(&self) -> Now {
        Now { mono: self.start.mono + Duration::from_millis(self.ms), ..self.start }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().expect("nothing has failed yet")
    }

    /// Long-polling's actor does something; `None` where it is gone.
    fn poller<T>(&mut self, call: impl FnOnce(&mut Polling<App>, Now, &mut Vec<Act>) -> T) -> Option<T> {
        if !self.polls {
            return None;
        }
        let mut acts = Vec::new();
        let result = call(&mut self.state.lock().expect("as above"), self.now(), &mut acts);
        self.carry_out(acts);
        if !self.polls {
            assert!(self.client.waiting.is_empty(), "a GET was left without an answer");
        }
        Some(result)
    }

    fn carry_out(&mut self, acts: Vec<Act>) {
        let mut lost = false;
        for act in acts {
            // The request that found it over is refused after the end.
            let refusal = matches!(act, Act::Answer(_, Answer::Refused));
            assert!(self.polls || refusal, "{act:?} after the end");
            match act {
                Act::Answer(ticket, answer) => lost |= self.client.answered(ticket, &answer),
                Act::Do(action) => self.asked.push_back(action),
                Act::HandOver => self.room().asked.push_back(Asked::Move),
                Act::Ready => self.room().websocket.push_back(Mail::Wake),
                Act::End(_) => {
                    self.polls = false;
                    self.ends();
                }
                Act::Moved => self.polls = false,
            }
        }
        if lost && self.polls {
            let mut acts = Vec::new();
            self.state.lock().expect("as above").cancelled(self.now(), &mut acts);
            self.carry_out(acts);
        }
        assert!(!lost || self.ended, "what was in a lost answer is not made up for");
    }

    /// The WebSocket's actor does something.
    fn frames(&mut self, input: Input) {
        let now = self.now();
        let Some(websocket) = &mut self.websocket else { return };
        let mut out = Vec::new();
        websocket.handle(now, input, &mut out);
        let mut actions = out.into_iter();
        for action in actions.by_ref() {
            match action {
                Action::Send(frame) => self.client.frame(frame),
                Action::Adopt { .. } => {
                    assert!(!std::mem::replace(&mut self.live, true), "adopted twice");
                    assert!(self.asked.is_empty(), "an answer is under way to an actor that has let go");
                }
                Action::Join { .. } if self.flaw == Flaw::NoRejoin => {}
                Action::Join { .. } => self.room().asked.push_back(Asked::Join),
                Action::Close(_) => {
                    self.websocket_is_gone();
                    break;
                }
                action => self.asked.push_back(action),
            }
        }
        assert!(actions.next().is_none(), "nothing follows a close");
    }

    fn websocket_is_gone(&mut self) {
        if self.flaw == Flaw::KeepsUpgrading {
            std::mem::forget(self.websocket.take());
        }
        self.websocket = None;
        self.client.probed = false;
        self.room().websocket.clear();
        if self.live {
            self.ends();
        }
    }

    fn ends(&mut self) {
        self.ended = true;
        let mut room = self.room();
        room.seat = None;
        room.poller.retain(|mail| matches!(mail, Mail::Wake));
        drop(room);
        self.asked.clear();
    }

    /// The oldest mail of long-polling's actor.
    fn poller_mail(&mut self) -> bool {
        let Some(mail) = self.room().poller.pop_front() else { return false };
        let socket = App::new().socket;
        match mail {
            Mail::Wake => drop(self.poller(|polling, now, acts| polling.input(now, Input::Tick, acts))),
            Mail::Stop(code) => {
                self.poller(|polling, now, acts| polling.input(now, Input::Shutdown(code), acts));
            }
            Mail::Deliver(delivery) => {
                let input = Input::Delivered { socket, delivery };
                self.poller(|polling, now, acts| polling.input(now, input, acts));
            }
            Mail::Relocated(kept) => {
                let App { socket, principal, .. } = App::new();
                let seats = vec![Seat { socket, principal, kept }];
                self.poller(|polling, _, acts| polling.handed_over(seats, acts));
            }
            Mail::Joined(_) => unreachable!("only a WebSocket joins again"),
        }
        true
    }

    /// The oldest mail of the WebSocket's.
    fn websocket_mail(&mut self) -> bool {
        let Some(mail) = self.room().websocket.pop_front() else { return false };
        let socket = App::new().socket;
        match mail {
            Mail::Deliver(delivery) => self.frames(Input::Delivered { socket, delivery }),
            Mail::Joined(head) => {
                let joined = Joined { epoch: Epoch("e".into()), head, missed: Missed::NotAsked };
                self.frames(Input::Joined { socket, result: Ok(joined) });
            }
            Mail::Stop(code) => self.frames(Input::Shutdown(code)),
            Mail::Wake => self.frames(Input::Tick),
            Mail::Relocated(_) => unreachable!("this is the other's"),
        }
        true
    }

    /// The oldest question's answer.
    fn answer(&mut self) -> bool {
        let socket = App::new().socket;
        let input = match self.asked.pop_front() {
            Some(Action::Verify { .. }) => Input::Verified { socket, result: Err(ErrorCode::InvalidToken) },
            Some(Action::ReadLog { .. }) => Input::Page { socket, result: Ok(Page::Events(None)) },
            Some(other) => panic!("{other:?} was not asked for"),
            None => return false,
        };
        match self.live {
            true => self.frames(input),
            false => drop(self.poller(|polling, now, acts| polling.input(now, input, acts))),
        }
        true
    }

    /// When something is due next, in milliseconds.
    fn due(&self) -> Option<u64> {
        let polling = if self.polls { self.state.lock().expect("as above").deadline() } else { None };
        let websocket = self.websocket.as_ref().and_then(Session::deadline);
        let next = polling.into_iter().chain(websocket).min()?;
        Some(next.saturating_duration_since(self.start.mono).as_millis() as u64)
    }

    fn tick(&mut self) {
        self.poller(|polling, now, acts| polling.input(now, Input::Tick, acts));
        self.frames(Input::Tick);
    }
}
