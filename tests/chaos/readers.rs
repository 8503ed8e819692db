//! Reads that go on whatever happens: each is answered in time, if only with 503.

use crate::{client::Client, trial::Trial};
use std::time::{Duration, Instant};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

const PAUSE: Duration = Duration::from_millis(50);
/// Longer than anything is promised to take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A display that asks for its board again and again, until this is dropped.
pub struct Reader(JoinHandle<()>);

impl Reader {
    pub fn start(trial: &Trial, who: &Client, promised: Duration) -> Self {
        Self(tokio::spawn(read(trial.clone(), who.clone(), promised)))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read(trial: Trial, who: Client, promised: Duration) {
    loop {
        let begun = Instant::now();
        let answer = timeout(ANSWER_WITHIN, who.try_send(reqwest::Method::GET, "/api/v1/board", None)).await;
        trial.within("a read", begun.elapsed(), promised);
        match answer {
            Ok(Ok(answer)) if answer.status == 200 => trial.count("reads", 1),
            Ok(Ok(answer)) if answer.status == 503 && answer.header("retry-after").is_some() => {
                trial.count("reads refused", 1);
            }
            Ok(Ok(answer)) => trial.fail(format!("a read: {} {}", answer.status, answer.text)),
            Ok(Err(error)) => trial.fail(format!("a read: {error}")),
            Err(_) => trial.fail("a read without an answer"),
        }
        sleep(PAUSE).await;
    }
}
