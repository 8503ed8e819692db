//! Writers that insist: every request has a key, is in the journal before it is sent, is repeated under its key until it is
//! answered, and is in the journal again before the writer goes on.
//!
//! An order is an intention with a number, which is also the price of its one line in cents: whatever became of it is found
//! in the database by that. Some are sold over the counter, one request each; the others are a table's, from draft to bill.

use crate::{
    client::{Answer, Client},
    journal::Journal,
    trial::Trial,
    world::House,
};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// A tablet gives up on an answer after this time and asks again; longer than anything is promised to take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_millis(50);
/// Longest wait for what the writers are to reach, faults included.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
const LOOK: Duration = Duration::from_millis(100);
/// One counter order of so many is sent again after its answer, as by a tablet that never heard it.
const ASKED_TWICE: u64 = 10;

/// What stands in a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what")]
pub enum Entry {
    /// About to be sent.
    Sent { key: String, house: usize, intention: u64, step: Step },
    /// Answered with success.
    Answered {
        key: String,
        house: usize,
        intention: u64,
        step: Step,
        /// The ticket, where the answer says it.
        number: Option<u64>,
        /// An attempt before had done it.
        replayed: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// A counter order, whole.
    Sell,
    Open,
    Line,
    Confirm,
    Ready,
    Serve,
    Close,
}

/// What is promised of every single answer, where a scenario promises it: how long it may take.
pub type Promise = Option<Duration>;

/// How much is written, by how many.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub writers: usize,
    /// Orders in all; they may also be stopped earlier.
    pub orders: u64,
    /// Of a hundred orders so many are sold over the counter, and stay on the board.
    pub counter: u64,
    /// Between two orders of a writer.
    pub pause: Duration,
    pub promise: Promise,
}

struct Shared {
    trial: Trial,
    journal: Journal,
    load: Load,
    stop: AtomicBool,
    /// Intentions given out.
    intended: AtomicU64,
    /// Orders confirmed, or given up.
    confirmed: watch::Sender<u64>,
    /// Requests that were refused or not answered so far, and will be asked again.
    waiting: AtomicU64,
}

/// Writers under way.
pub struct Crew {
    shared: Arc<Shared>,
    writers: Vec<JoinHandle<()>>,
    watch: JoinHandle<()>,
}

impl Crew {
    /// Half of them in each restaurant, at a table each.
    pub async fn start(trial: &Trial, houses: &[House], load: Load) -> Self {
        let shared = Arc::new(Shared {
            trial: trial.clone(),
            journal: Journal::open(trial.folder().join("writers.jsonl")),
            load,
            stop: AtomicBool::new(false),
            intended: AtomicU64::new(0),
            confirmed: watch::Sender::new(0),
            waiting: AtomicU64::new(0),
        });
        let mut writers = Vec::new();
        for n in 0..load.writers {
            let house = houses[n % houses.len()].clone();
            let table = open_table(&house.waiter, n / houses.len()).await;
            writers.push(tokio::spawn(Writer { shared: shared.clone(), house, table }.run()));
        }
        let watched = shared.clone();
        let watch = tokio::spawn(async move {
            loop {
                watched.trial.timeline().backlog(watched.waiting.load(SeqCst));
                sleep(LOOK).await;
            }
        });
        Self { shared, writers, watch }
    }

    /// What they have written down so far.
    pub fn journal(&self) -> &Journal {
        &self.shared.journal
    }

    /// Returns when so many orders are confirmed, all in all.
    pub async fn reaches(&self, orders: u64) {
        let mut confirmed = self.shared.confirmed.subscribe();
        let reached = timeout(PATIENCE, confirmed.wait_for(|confirmed| *confirmed >= orders)).await;
        reached.expect("writers that go on").expect("writers");
    }

    /// Returns when so many more are.
    pub async fn writes(&self, more: u64) {
        let so_far = *self.shared.confirmed.borrow();
        self.reaches(so_far + more).await;
    }

    /// Lets every writer finish its order, or all of them; the journal.
    pub async fn finish(self) -> Journal {
        for writer in self.writers {
            timeout(PATIENCE, writer).await.expect("writers that end").expect("writers that never panic");
        }
        self.watch.abort();
        self.shared.journal.clone()
    }

    /// The same before all orders are written.
    pub async fn stop(self) -> Journal {
        self.shared.stop.store(true, SeqCst);
        self.finish().await
    }
}

async fn open_table(waiter: &Client, n: usize) -> String {
    let tables = waiter.get("/api/v1/tables?limit=100").await.expect(200);
    let body = json!({ "tableId": tables[n]["id"] });
    waiter.post("/api/v1/table-sessions", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

struct Writer {
    shared: Arc<Shared>,
    house: House,
    table: String,
}

impl Writer {
    async fn run(self) {
        let Shared { stop, intended, load, .. } = &*self.shared;
        while !stop.load(SeqCst) {
            let intention = intended.fetch_add(1, SeqCst) + 1;
            if intention > load.orders {
                break;
            }
            match intention % 100 < load.counter {
                true => drop(self.sell(intention).await),
                false => drop(self.serve(intention).await),
            }
            sleep(load.pause).await;
        }
    }

    /// In the restaurant's currency, which has two digits.
    fn price(intention: u64) -> f64 {
        intention as f64 / 100.0
    }

    async fn sell(&self, intention: u64) -> Option<Value> {
        let body = json!({ "total": Self::price(intention) });
        self.insist(&self.house.waiter, intention, Step::Sell, "/orders", body).await
    }

    async fn serve(&self, intention: u64) -> Option<Value> {
        let House { waiter, kitchen, .. } = &self.house;
        let body = json!({ "tableSessionId": self.table });
        let order = self.insist(waiter, intention, Step::Open, "/api/v1/orders", body).await?;
        let path = format!("/api/v1/orders/{}", order["id"].as_str().expect("an id"));
        let line = json!({ "name": "Cañón de lomo", "qty": 1, "unitPrice": Self::price(intention) });
        let item = self.insist(waiter, intention, Step::Line, &format!("{path}/items"), line).await?;
        self.insist(waiter, intention, Step::Confirm, &format!("{path}/confirm"), json!({})).await?;
        let status = format!("{path}/items/{}/status", item["id"].as_str().expect("an id"));
        self.insist(kitchen, intention, Step::Ready, &status, json!({ "status": "READY" })).await?;
        self.insist(waiter, intention, Step::Serve, &status, json!({ "status": "SERVED" })).await?;
        self.insist(waiter, intention, Step::Close, &format!("{path}/close"), json!({})).await
    }

    /// Has it done; the answer. `None` where it never can be, which is wrong, and said.
    async fn insist(
        &self,
        who: &Client,
        intention: u64,
        step: Step,
        path: &str,
        body: Value,
    ) -> Option<Value> {
        let Shared { trial, journal, confirmed, .. } = &*self.shared;
        let (key, house) = (format!("{intention}-{step:?}"), self.house.index);
        journal.write(&Entry::Sent { key: key.clone(), house, intention, step }).await;
        let begun = Instant::now();
        let answer = self.ask(who, &key, path, &body).await;
        trial.timeline().latency(begun.elapsed());
        if answer.is_none() || matches!(step, Step::Sell | Step::Confirm) {
            confirmed.send_modify(|confirmed| *confirmed += 1);
        }
        let answer = answer?;
        trial.count("orders", u64::from(matches!(step, Step::Sell | Step::Confirm)));
        let replayed = answer.header("idempotent-replay") == Some("true");
        trial.count("answers by a key's replay", u64::from(replayed));
        let number = match step {
            Step::Sell => answer.body["id"].as_u64(),
            _ => answer.body["number"].as_u64(),
        };
        journal.write(&Entry::Answered { key: key.clone(), house, intention, step, number, replayed }).await;
        if step == Step::Sell && intention.is_multiple_of(ASKED_TWICE) {
            let again = self.ask(who, &key, path, &body).await?;
            if again.body != answer.body {
                trial.fail(format!("{key} was doubled: {} when asked again, {}", again.text, answer.text));
            }
        }
        Some(answer.body)
    }

    /// Asks until it is done.
    async fn ask(&self, who: &Client, key: &str, path: &str, body: &Value) -> Option<Answer> {
        let Shared { trial, waiting, load, .. } = &*self.shared;
        let (who, mut waits) = (who.key(key), false);
        let answer = loop {
            let asked = Instant::now();
            let answer = timeout(ANSWER_WITHIN, who.try_send(Method::POST, path, Some(body.clone()))).await;
            if let (Some(promised), Ok(Ok(_)) | Err(_)) = (load.promise, &answer) {
                trial.within("an answer", asked.elapsed(), promised);
            }
            match answer {
                Ok(Ok(answer)) if answer.status < 300 => break Some(answer),
                Ok(Ok(answer)) if !self.may_come_again(key, &answer) => {
                    trial.fail(format!("{key}: {} {}", answer.status, answer.text));
                    break None;
                }
                Ok(Ok(_)) => trial.count("refusals", 1),
                // It may have been done: the key will tell.
                Ok(Err(_)) | Err(_) => trial.count("unknown outcomes", 1),
            }
            if !std::mem::replace(&mut waits, true) {
                waiting.fetch_add(1, SeqCst);
            }
            sleep(AGAIN).await;
        };
        if waits {
            waiting.fetch_sub(1, SeqCst);
        }
        answer
    }

    /// It says that it was not done, or not whether; anything else is wrong.
    fn may_come_again(&self, key: &str, answer: &Answer) -> bool {
        let trial = &self.shared.trial;
        match answer.status {
            503 if answer.header("retry-after").is_none() => {
                trial.fail(format!("{key}: 503 without Retry-After"));
                true
            }
            409 => answer.body["code"] == "IDEMPOTENCY_IN_FLIGHT",
            408 | 429 | 503 => true,
            _ => false,
        }
    }
}
