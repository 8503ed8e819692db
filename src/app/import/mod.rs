//! `comanda import`: a restaurant moves in from another system, all of it or nothing.
//!
//! The file is read twice, a chunk in memory at a time: first what orders refer to, then the orders, wherever they stand.
//! Both readings go into one transaction, which a bad line, `--dry-run` and every failure undo; so a dry run has met all
//! that the real one will.

mod arrival;
mod lines;
mod record;
mod report;

use super::{Failure, database::Database};
use crate::{
    config::Settings,
    domain::{ids::RestaurantId, resource::Entity},
    doors::http::reserved_paths,
    store::{Store, StoreError, admin::Kind},
    vocabulary::resources::Catalog,
};
use arrival::Arrival;
use lines::{Line, Lines, MAX_LINE};
use record::{Fault, Record};
use report::Report;
use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Records that are carried out together.
const CHUNK: usize = 256;

/// Between two signs of life to the database, which ends a transaction that is silent for twice
/// `database.statement_within`: where all is there already, or no order comes, nothing else is said for long.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);

/// What the command line asks for.
#[derive(Debug)]
pub struct MovingIn {
    pub file: PathBuf,
    /// Its id, or its name where no other has it.
    pub restaurant: String,
    pub dry_run: bool,
}

/// Moves in what the file has.
pub async fn import(settings: Settings, asked: MovingIn) -> Result<(), Failure> {
    let catalog = Catalog::new(&settings.entities, &reserved_paths());
    let catalog = catalog.map_err(|mistake| Failure::mistake(mistake.to_string()))?;
    // Before anything is started for it.
    open(&asked)?;
    let database = Database::visit(&settings).await?;
    let moved = move_in(&database, &settings, &asked, catalog.entities()).await;
    database.stop().await?;
    tell(&asked, &moved?)
}

async fn move_in(
    database: &Database,
    settings: &Settings,
    asked: &MovingIn,
    entities: &[Arc<Entity>],
) -> Result<Report, Failure> {
    database.migrate().await?;
    let restaurant = database.known_tenant(Kind::Restaurant, &asked.restaurant).await?;
    let restaurant = restaurant.map_err(|what| Failure::mistake(format!("--restaurant: {what}")))?;
    let store = database.connect(settings).await?;
    let moved = read_into(&store, restaurant, asked, entities).await;
    store.close().await;
    moved
}

async fn read_into(
    store: &Store,
    restaurant: RestaurantId,
    asked: &MovingIn,
    entities: &[Arc<Entity>],
) -> Result<Report, Failure> {
    let begun = store.import(restaurant).await.map_err(broken)?;
    let (import, known) = begun.ok_or_else(|| Failure::new("the restaurant has no log"))?;
    let mut arrival = Arrival::new(import, known);
    let mut said = Instant::now();
    for orders in [false, true] {
        let mut lines = open(asked)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        while let Some((number, line)) = lines.next().map_err(|error| unreadable(asked, &error))? {
            let record = match line {
                Line::Text(text) => Record::parse(text, entities),
                Line::TooLong => {
                    let why = vec![format!("the line is longer than {MAX_LINE} bytes")];
                    Err(Fault { kind: None, why })
                }
            };
            match record {
                Ok(record) if (record.kind() == record::Kind::Order) == orders => {
                    chunk.push((number, record))
                }
                Ok(_) => {}
                Err(fault) => arrival.report.refuse(number, fault),
            }
            if said.elapsed() >= SIGN_OF_LIFE {
                arrival.still_here().await.map_err(broken)?;
                said = Instant::now();
            }
            if chunk.len() == CHUNK {
                arrival.take(std::mem::take(&mut chunk)).await.map_err(broken)?;
            }
        }
        arrival.take(chunk).await.map_err(broken)?;
    }
    arrival.end(!asked.dry_run).await.map_err(broken)
}

fn open(asked: &MovingIn) -> Result<Lines<BufReader<File>>, Failure> {
    let file = File::open(&asked.file).map_err(|error| unreadable(asked, &error))?;
    // A pipe cannot be read twice.
    match file.metadata() {
        Ok(what) if what.is_file() => Ok(Lines::new(BufReader::new(file))),
        _ => Err(Failure::mistake(format!("{} is not a regular file", asked.file.display()))),
    }
}

fn unreadable(asked: &MovingIn, error: &io::Error) -> Failure {
    Failure::mistake(format!("cannot read {}: {error}", asked.file.display()))
}

fn broken(error: StoreError) -> Failure {
    let advice = match error {
        StoreError::Timeout(_) | StoreError::Conflict(_) => "; the restaurant is busy, try again",
        _ => "",
    };
    Failure::new(format!("nothing was imported: {error}{advice}"))
}

/// Bad lines go to standard error, in the form in which compilers tell them; the counts to standard output.
fn tell(asked: &MovingIn, report: &Report) -> Result<(), Failure> {
    let file = asked.file.display();
    let mut complaints = io::stderr().lock();
    for fault in report.faults() {
        // A closed output is nobody's loss: the exit code says it as well.
        let _ = writeln!(complaints, "{file}:{fault}");
    }
    let _ = write!(io::stdout(), "{report}");
    match report.refusals() {
        0 if asked.dry_run => _ = writeln!(io::stdout(), "dry run: nothing was imported"),
        0 => {}
        1 => return Err(Failure::mistake(format!("{file}: 1 line is refused, nothing was imported"))),
        n => return Err(Failure::mistake(format!("{file}: {n} lines are refused, nothing was imported"))),
    }
    Ok(())
}
