//! One group of commands of one stream, in one transaction: load, decide, write, append, commit.

mod board;
pub(super) mod catalogue;
mod load;
mod named;
mod production;
mod resources;
mod work;
mod write;

use super::{Connection, Store, StoreError, Tx, tx::Mode};
use crate::{
    code::ErrorCode,
    domain::{
        audit::Audit,
        command::{Command, IdempotencyKey, Outcome},
        context::{Context, IfMatch},
        event::{Event, Recorded},
        ids::{StreamId, UserId},
        principal::Principal,
        stream::{Epoch, Stream},
    },
    flaws::{self, Flaw},
};
use jiff::Timestamp;

/// How long [`Flaw::PublishBeforeCommit`] waits.
const COMMIT_TOO_LATE: std::time::Duration = std::time::Duration::from_millis(50);

/// A command and its circumstances.
#[derive(Debug, Clone)]
pub struct Request {
    pub principal: Principal,
    pub command: Command,
    pub if_match: Option<IfMatch>,
    pub key: Option<IdempotencyKey>,
}

/// A command's final answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    pub outcome: Outcome,
    /// True where it was carried out before, under the same key.
    pub replayed: bool,
}

/// What a group did: an answer for each request, in their order, and the events that are now in the log.
#[derive(Debug)]
pub struct Committed {
    pub answers: Vec<Result<Executed, ErrorCode>>,
    pub epoch: Epoch,
    pub events: Vec<Recorded>,
}

/// An answer to be kept under its key.
struct Kept<'a> {
    user: UserId,
    scope: &'static str,
    key: &'a IdempotencyKey,
    outcome: Outcome,
}

/// A fact and who caused it.
struct Caused<T> {
    by: UserId,
    fact: T,
}

/// All that has to be written.
#[derive(Default)]
struct Results<'a> {
    events: Vec<Caused<Event>>,
    audit: Vec<Caused<Audit>>,
    kept: Vec<Kept<'a>>,
}

impl Request {
    /// The stream, and lane, that it is of.
    pub fn stream(&self) -> Stream {
        self.command.stream(&self.principal)
    }
}

impl Store {
    /// Carries out `requests`, all of `stream`, at the time `at`. On an error nothing was done, or, if the error
    /// came with the COMMIT, nobody knows. `connection` is then gone, or back in the pool.
    pub async fn run_group(
        &self,
        connection: Option<Connection>,
        stream: impl Into<Stream>,
        requests: &[Request],
        at: Timestamp,
    ) -> Result<(Committed, Connection), StoreError> {
        let stream = stream.into();
        let connection = match connection {
            Some(connection) => connection,
            None => self.connection().await?,
        };
        let tx = Tx::begin(connection, Mode::Write, Some(stream)).await?;
        let committed = match carry_out(&tx, stream, requests, at).await {
            Ok(committed) => committed,
            Err(error) => {
                // A full disk refuses one after another: each would cost a new connection, and its prepared statements.
                if error.is_answer() {
                    tx.rollback().await?;
                }
                return Err(error);
            }
        };
        let connection = match flaws::planted(Flaw::PublishBeforeCommit) {
            false => tx.finish().await?,
            true => {
                tokio::spawn(async move {
                    tokio::time::sleep(COMMIT_TOO_LATE).await;
                    tx.finish().await
                });
                self.connection().await?
            }
        };
        Ok((committed, connection))
    }

    /// Returns once no transaction that was writing to this log is in doubt: whoever sent a COMMIT held the
    /// counter row, and now it was ours. Errors, such as `Timeout`: not yet.
    pub async fn stream_is_settled(&self, stream: impl Into<Stream>) -> Result<(), StoreError> {
        let stream = stream.into();
        let tx = self.write(stream).await?;
        tx.query_opt(super::sql!("lane/lock"), &[&StreamId::from(stream).0]).await?;
        tx.rollback().await
    }
}

/// The same within a transaction of the stream's owner, which may do more before it commits.
pub(super) async fn carry_out(
    tx: &Tx,
    stream: Stream,
    requests: &[Request],
    at: Timestamp,
) -> Result<Committed, StoreError> {
    let Some(mut loaded) = load::load(tx, stream, requests, at).await? else {
        let answers = requests.iter().map(|_| Err(ErrorCode::NotFound)).collect();
        return Ok(Committed { answers, epoch: Epoch("".into()), events: Vec::new() });
    };
    let mut results = Results::default();
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.push(execute(&mut loaded, request, at, &mut results));
    }
    write::write(tx, stream, &loaded.work, &results, at).await?;
    let events = append(tx, stream.into(), loaded.seq, at, results.events).await?;
    Ok(Committed { answers, epoch: loaded.epoch, events })
}

/// Answers from under the key, or carries the command out in the workspace.
fn execute<'a>(
    loaded: &mut load::Loaded,
    request: &'a Request,
    at: Timestamp,
    results: &mut Results<'a>,
) -> Result<Executed, ErrorCode> {
    let (user, scope) = (request.principal.user, request.command.name());
    if let Some(key) = &request.key
        && let Some(stored) =
            loaded.keys.iter().find(|k| k.user == user && k.scope == scope && k.key == key.key)
    {
        return match stored.fingerprint == key.fingerprint {
            true => Ok(Executed { outcome: stored.outcome.clone(), replayed: true }),
            false => Err(ErrorCode::IdempotencyKeyReused),
        };
    }
    let ctx = Context { by: &request.principal, at, if_match: request.if_match.as_ref() };
    let outcome = loaded.work.execute(&request.command, &ctx).map(|done| {
        results.events.extend(done.events.into_iter().map(|fact| Caused { by: user, fact }));
        results.audit.extend(done.audit.into_iter().map(|fact| Caused { by: user, fact }));
        done.reply
    });
    let is_kept = is_final(&outcome) && !flaws::planted(Flaw::ForgottenKey);
    if let Some(key) = request.key.as_ref().filter(|_| is_kept) {
        results.kept.push(Kept { user, scope, key, outcome: outcome.clone() });
    }
    Ok(Executed { outcome, replayed: false })
}

/// Stored are 2xx and final domain answers, never what another try may answer otherwise.
fn is_final(outcome: &Outcome) -> bool {
    match outcome {
        Ok(_) => true,
        Err(rejection) => rejection.code.is_final(),
    }
}

/// Appends the events, as the transaction's last statement, and numbers them.
async fn append(
    tx: &Tx,
    stream: StreamId,
    base: u64,
    at: Timestamp,
    events: Vec<Caused<Event>>,
) -> Result<Vec<Recorded>, StoreError> {
    let facts = events.into_iter().map(|Caused { by, fact }| (by, fact));
    let events = super::log::numbered(stream, base, at, facts);
    if !events.is_empty() {
        super::log::append(tx, stream, &events).await?;
    }
    Ok(events)
}
