//! Carrying out one group: a transaction in a task of its own, which runs to its end whoever hangs up.

use super::{Job, LaneFree, doubts::Doubts, ledger::Ledger};
use crate::{
    actors::publisher::Publisher,
    code::ErrorCode,
    domain::stream::Stream,
    store::{
        Connection, StoreError,
        lane::{Committed, Request},
    },
    telemetry::metrics::Metrics,
};
use actix::Recipient;
use jiff::{Timestamp, Unit};
use std::{sync::Arc, time::Duration};

/// What a lane's task needs.
#[derive(Clone)]
pub(super) struct Tools {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) publisher: Arc<dyn Publisher>,
    pub(super) metrics: Metrics,
    pub(super) doubts: Doubts,
    /// For one transaction, connection included.
    pub(super) within: Duration,
}

/// The lane that a group is of, and whom to tell that it is free.
pub(super) struct Back {
    pub(super) stream: Stream,
    pub(super) registry: Recipient<LaneFree>,
    pub(super) generation: u64,
}

/// Tells the registry that the lane is free, also when the task panics.
struct Finish {
    back: Back,
    connection: Option<Connection>,
    requests: Arc<[Request]>,
}

impl Drop for Finish {
    fn drop(&mut self) {
        let Back { stream, generation, .. } = self.back;
        self.back.registry.do_send(LaneFree {
            stream,
            generation,
            connection: self.connection.take(),
            requests: Arc::clone(&self.requests),
        });
    }
}

/// Runs `jobs` as one transaction; if that fails by the fault of one of them, each by itself.
pub(super) async fn run(tools: Tools, back: Back, jobs: Vec<Job>, connection: Option<Connection>) {
    let stream = back.stream;
    let (requests, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().map(Job::split).unzip();
    let requests: Arc<[Request]> = requests.into();
    let mut finish = Finish { back, connection, requests: Arc::clone(&requests) };
    let whole = attempt(&tools, &mut finish, &requests).await;
    let answers = match whole {
        Ok(committed) => settle(&tools, stream, committed),
        // A constraint or a conflict is the doing of one command: the others must not pay for it.
        Err(error) if requests.len() > 1 && is_local(&error) => {
            one_by_one(&tools, &mut finish, &requests).await
        }
        Err(error) => {
            let code = failed(&tools, stream, &error);
            requests.iter().map(|_| Err(code)).collect()
        }
    };
    // Before the answers: who has one may come again at once, and under the same key.
    drop(finish);
    for ((request, answer), waiting) in requests.iter().zip(answers).zip(waiting) {
        let outcome = match &answer {
            Ok(executed) => {
                executed.outcome.as_ref().map_or_else(|rejection| rejection.code.name(), |_| "ok")
            }
            Err(code) => code.name(),
        };
        tools.metrics.command_answered(request.command.name(), outcome, waiting.queued.elapsed());
        // Whoever asked may have hung up; the work is done all the same.
        drop(waiting.reply.send(answer));
    }
}

/// Each command in a transaction of its own. What is nobody's fault, such as a frozen database, is everybody's answer:
/// trying it once for each of them would hold the lane up for minutes.
async fn one_by_one(tools: &Tools, finish: &mut Finish, requests: &[Request]) -> Answers {
    let stream = finish.back.stream;
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        match attempt(tools, finish, std::slice::from_ref(request)).await {
            Ok(committed) => answers.append(&mut settle(tools, stream, committed)),
            Err(error) => {
                let code = failed(tools, stream, &error);
                answers.push(Err(code));
                if !is_local(&error) {
                    answers.resize(requests.len(), Err(code));
                    break;
                }
            }
        }
    }
    answers
}

async fn attempt(tools: &Tools, finish: &mut Finish, requests: &[Request]) -> Result<Committed, StoreError> {
    // The contracts' resolution, so that what is answered now equals what is read back later.
    let now = Timestamp::now();
    let at = now.round(Unit::Millisecond).unwrap_or(now);
    let run = tools.ledger.run(finish.connection.take(), finish.back.stream, requests, at);
    let (committed, connection) = match tokio::time::timeout(tools.within, run).await {
        Ok(result) => result?,
        Err(_) => return Err(StoreError::Unavailable("the transaction took too long".into())),
    };
    finish.connection = connection;
    Ok(committed)
}

type Answers = Vec<Result<crate::store::lane::Executed, ErrorCode>>;

/// Hands the events on before anyone is answered, in the lane's order.
fn settle(tools: &Tools, stream: Stream, committed: Committed) -> Answers {
    tools.metrics.events_committed(committed.events.len());
    if !committed.events.is_empty() {
        tools.publisher.publish(stream, committed.events);
    }
    committed.answers
}

fn is_local(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Constraint(_)
            | StoreError::Conflict(_)
            | StoreError::Corrupt(_)
            | StoreError::Database(_)
    )
}

fn failed(tools: &Tools, stream: Stream, error: &StoreError) -> ErrorCode {
    tracing::error!(stream.id = %stream, %error, "a transaction failed");
    if matches!(error, StoreError::Unavailable(_)) {
        // It may have committed without our hearing of it, or do so yet.
        tools.doubts.raise(stream, &tools.ledger, &tools.publisher);
    }
    error.code()
}
