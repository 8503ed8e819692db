//! `comanda import`: a restaurant moves in from another system, all of it or nothing.
//!
//! The file is read once for each [`Turn`], a chunk in memory at a time: first what orders refer to, then the orders,
//! wherever they stand. All readings go into one transaction, which a bad line, `--dry-run`, a file that changes meanwhile and
//! every failure undo; so a dry run has met all that the real one will.

mod arrival;
mod hashes;
mod kind;
mod lines;
mod names;
mod record;
mod report;
mod source;

use super::{Failure, database::Database, doors};
use crate::{
    config::{Settings, entities},
    domain::resource::{Entity, Kept},
    doors::http::reserved_paths,
    store::{StoreError, admin::Kind, import::Begun},
    vocabulary::{profile::Declared, resources::Catalog},
};
use arrival::{Arrival, Turn};
use hashes::Hashes;
use kind::Fault;
use lines::{Line, MAX_LINE};
use record::{House, Record};
use report::Report;
use source::Source;
use std::{
    io::{self, Write},
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
#[derive(Debug, clap::Args)]
pub struct MovingIn {
    /// What moves in, one JSON object a line; the README has the format
    #[arg(value_name = "FILE.jsonl")]
    file: PathBuf,
    /// The restaurant it moves into, which is there already: its id, or its name where no other has it
    #[arg(long, value_name = "NAME|ID")]
    restaurant: String,
    /// Say what would be done, and every bad line, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Take users whose hashes make every failed login slow, until all of them have logged in
    #[arg(long)]
    slow_hashes: bool,
}

/// Moves in what the file has.
pub async fn import(settings: Settings, asked: MovingIn) -> Result<(), Failure> {
    let catalog = Catalog::new(&settings.entities, &reserved_paths());
    let catalog = catalog.map_err(|mistake| Failure::mistake(mistake.to_string()))?;
    let people = Declared::new(&settings.auth).map_err(|mistake| Failure::mistake(mistake.to_string()))?;
    let stages = doors::stages(&settings)?;
    let customers = customers(&catalog)?;
    // Before anything is started for it.
    let source = Source::new(&asked.file)?;
    let database = Database::visit(&settings).await?;
    let house =
        House { entities: catalog.entities(), customers: &customers, people: &people, stages: &stages };
    let moved = move_in(&database, &settings, &asked, &source, &catalog, house).await;
    database.stop().await?;
    tell(&asked, &moved?)
}

/// As the house declares them, or else as they are built in: they are there in any case.
fn customers(catalog: &Catalog) -> Result<Arc<Entity>, Failure> {
    let of =
        |catalog: &Catalog| catalog.entities().iter().find(|entity| entity.kept == Kept::Customers).cloned();
    if let Some(declared) = of(catalog) {
        return Ok(declared);
    }
    let built_in = entities::built_in().and_then(|declared| Catalog::new(&declared, &[]));
    let built_in = built_in.map_err(|mistake| Failure::new(mistake.to_string()))?;
    of(&built_in).ok_or_else(|| Failure::new("no customers are built in"))
}

async fn move_in(
    database: &Database,
    settings: &Settings,
    asked: &MovingIn,
    source: &Source<'_>,
    catalog: &Catalog,
    house: House<'_>,
) -> Result<Report, Failure> {
    database.migrate().await?;
    let origin = &settings.entities.origin;
    database.join(catalog, origin).await?;
    let restaurant = database.known_tenant(Kind::Restaurant, &asked.restaurant).await?;
    let restaurant = restaurant.map_err(|what| Failure::mistake(format!("--restaurant: {what}")))?;
    let store = database.connect(settings).await?;
    let hashes = |kinds: &[String]| Hashes::new(kinds, asked.slow_hashes, *settings.auth.foreign_hashes_kept);
    let (import, before) = match store.import(restaurant, &catalog.all()).await.map_err(broken)? {
        Begun::Import(import, before) => (*import, before),
        Begun::NoLog => return Err(Failure::new("the restaurant has no log")),
        Begun::Differs(differs) => return Err(Failure::mistake(format!("{origin}: {differs}"))),
    };
    let arrival = Arrival::new(import, before, hashes);
    let moved = read_into(arrival, asked, source, house).await;
    store.close().await;
    moved
}

async fn read_into(
    mut arrival: Arrival,
    asked: &MovingIn,
    source: &Source<'_>,
    house: House<'_>,
) -> Result<Report, Failure> {
    let mut said = Instant::now();
    for turn in Turn::ALL {
        let mut lines = source.lines()?;
        let mut chunk = Vec::with_capacity(CHUNK);
        while let Some((number, line)) = lines.next().map_err(|error| source.unreadable(&error))? {
            let record = match line {
                Line::Text(text) => Record::parse(text, house),
                Line::TooLong => {
                    let why = vec![format!("the line is longer than {MAX_LINE} bytes")];
                    Err(Fault { kind: None, why })
                }
            };
            match record {
                Ok(record) if arrival.turn(&record) == turn => chunk.push((number, record)),
                Err(fault) if turn == Turn::Named => arrival.report.refuse(number, fault),
                // Another reading's.
                Ok(_) | Err(_) => {}
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
    source.unchanged()?;
    arrival.end(!asked.dry_run).await.map_err(broken)
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
