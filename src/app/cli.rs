//! The command line: what one can ask of the program, and with which exit code it ends.

use super::Failure;
use crate::{
    config::{self, Mistake, Purpose, Settings, sections::LogFormat},
    telemetry::{logs, panics},
};
use clap::{Parser, Subcommand, error::ErrorKind};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// A mistake in the settings or on the command line.
const MISTAKE: u8 = 2;

/// A realtime order server for restaurants.
///
/// Settings come from config/default.toml, config/<COMANDA_ENV>.toml, .env and the environment; config/default.toml
/// explains each. `comanda serve --demo` needs none of them.
#[derive(Debug, Parser)]
#[command(name = "comanda", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or Ctrl-C (the default)
    Serve(Serve),
    /// Bring the database to this version's shape, and end
    Migrate,
    /// Copy the database into FILE, consistent, also while a server runs on it
    Backup {
        /// The file to be made; one that is there is replaced once the new one is whole
        file: PathBuf,
    },
    /// Put the backup FILE in the place of the database; no server may run on it
    Restore {
        /// A file that `comanda backup` made
        file: PathBuf,
        /// Give up what the database holds now
        #[arg(long)]
        replace: bool,
        /// Only say whether the file is whole, and what it holds
        #[arg(long, conflicts_with = "replace")]
        check: bool,
    },
    /// Make a restaurant with its owner, who can then log in
    Restaurant(Restaurant),
    /// Make a donation board, put restaurants and NGOs on it; without a name, list all boards
    Board(Board),
    /// Make an NGO with a user who can log in, or a user more, or remove one; without a name, list all NGOs
    Ngo(Ngo),
    /// Move a restaurant in from another system: all of a file, or nothing of it
    Import(super::MovingIn),
    /// Have a running demo play a lunch hour: guests come, order, eat and pay, until Ctrl-C
    Demo(super::Hour),
    /// Print an access token of a user, for scripts and trying things out
    Token {
        /// The e-mail address the user signs in with
        #[arg(long, value_name = "EMAIL")]
        user: String,
    },
}

impl Command {
    fn purpose(&self) -> Purpose {
        match self {
            Self::Serve(serve) => serve.purpose(),
            Self::Token { .. } => Purpose::Token,
            // What the settings of the database are enough for.
            _ => Purpose::Migrate,
        }
    }
}

#[derive(Debug, clap::Args)]
struct Restaurant {
    /// What it is called
    #[arg(long)]
    name: String,
    /// Its currency, ISO 4217
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// The owner's e-mail address; the password is read from standard input, one line
    #[arg(long, value_name = "EMAIL")]
    owner: String,
    /// How many tables, named 1, 2, 3 and so on; more can be made later
    #[arg(long, value_name = "N", default_value_t = 0)]
    tables: u32,
}

#[derive(Debug, clap::Args)]
struct Board {
    /// What it is called; it is made where there is none of this name
    name: Option<String>,
    /// A restaurant that gives on this board from now on, and on no other: its name or id
    #[arg(long = "restaurant", value_name = "NAME", requires = "name")]
    restaurants: Vec<String>,
    /// An NGO that takes from this board as well: its name or id
    #[arg(long = "ngo", value_name = "NAME", requires = "name")]
    ngos: Vec<String>,
    /// An NGO that is on this board no longer: its name or id
    #[arg(long, value_name = "NAME", requires = "name")]
    without: Vec<String>,
}

impl From<Board> for super::BoardOrder {
    fn from(Board { name, restaurants, ngos, without }: Board) -> Self {
        Self { name, restaurants, ngos, without }
    }
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("who").args(["email", "without"]).multiple(true)))]
struct Ngo {
    /// What it is called, or the id of one that exists
    #[arg(requires = "who")]
    name: Option<String>,
    /// Its user's e-mail address; a new user's password is read from standard input, one line
    #[arg(long, requires = "name")]
    email: Option<String>,
    /// A board it takes from; `default` where none is named
    #[arg(long = "board", value_name = "NAME", requires = "email")]
    boards: Vec<String>,
    /// A user of it who is to be removed, by e-mail address: tokens and live sockets end within seconds
    #[arg(long, value_name = "EMAIL", requires = "name")]
    without: Vec<String>,
}

impl From<Ngo> for super::NgoOrder {
    fn from(Ngo { name, email, boards, without }: Ngo) -> Self {
        Self { name, email, boards, without }
    }
}

impl From<Restaurant> for super::NewHouse {
    fn from(Restaurant { name, currency, owner, tables }: Restaurant) -> Self {
        Self { name, currency, owner, tables }
    }
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Seed two restaurants whose passwords everyone knows, and make a secret: to try things out
    #[arg(long)]
    demo: bool,
    /// Let the demo listen on other addresses than loopback
    #[arg(long, requires = "demo")]
    demo_on_network: bool,
}

impl Serve {
    fn purpose(&self) -> Purpose {
        if self.demo { Purpose::Demo { on_network: self.demo_on_network } } else { Purpose::Serve }
    }
}

/// Runs the program to its end: 0 well, 2 a mistake in what it was told, 1 anything else. Each failure is one line.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let command = arguments.command.unwrap_or(Command::Serve(arguments.serve));
    let purpose = command.purpose();
    let settings = match settings(purpose) {
        Ok(settings) => settings,
        Err(mistake) => {
            eprintln!("comanda: {mistake}");
            return MISTAKE.into();
        }
    };
    match actix::System::new().block_on(run(command, settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("comanda: {failure}");
            if failure.is_mistake() { MISTAKE.into() } else { ExitCode::FAILURE }
        }
    }
}

async fn run(command: Command, settings: Settings) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => super::serve(settings, serve.demo).await,
        Command::Migrate => super::migrate(settings).await,
        Command::Backup { file } => super::backup::backup(settings, &file).await,
        Command::Restore { file, check: true, .. } => super::backup::check(&file),
        Command::Restore { file, replace, .. } => super::backup::restore(settings, &file, replace).await,
        Command::Restaurant(new) => super::restaurant(settings, new.into()).await,
        Command::Board(order) => super::board(settings, order.into()).await,
        Command::Ngo(order) => super::ngo(settings, order.into()).await,
        Command::Import(moving) => super::import(settings, moving).await,
        Command::Demo(hour) => super::play(hour).await,
        Command::Token { user } => super::token(settings, user).await,
    }
}

/// Reads the settings and starts logging as they say.
fn settings(purpose: Purpose) -> Result<Settings, Mistake> {
    let settings = config::load(Path::new("."), &config::environment(), purpose)?;
    let format = match settings.telemetry.format {
        LogFormat::Text => logs::Format::Text,
        LogFormat::Json => logs::Format::Json,
    };
    logs::init(format, &settings.telemetry.filter)
        .map_err(|error| Mistake::about("telemetry.filter", error, None))?;
    panics::install();
    Ok(settings)
}

/// Help and version are answers; anything else is one line, like every mistake.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Nothing is left to do where standard output is closed.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let said = text.split("\n\nUsage").next().unwrap_or_default().trim_start_matches("error: ");
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ").replace(" tip:", "; tip:");
    eprintln!("comanda: {line} (see comanda --help)");
    MISTAKE.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(line: &str) -> Option<Purpose> {
        let arguments = Arguments::try_parse_from(line.split_whitespace()).ok()?;
        Some(arguments.command.unwrap_or(Command::Serve(arguments.serve)).purpose())
    }

    #[test]
    fn the_command_line_says_what_one_wants() {
        for (line, expected) in [
            ("comanda", Some(Purpose::Serve)),
            ("comanda serve", Some(Purpose::Serve)),
            ("comanda --demo", Some(Purpose::Demo { on_network: false })),
            ("comanda serve --demo", Some(Purpose::Demo { on_network: false })),
            ("comanda serve --demo --demo-on-network", Some(Purpose::Demo { on_network: true })),
            ("comanda serve --demo-on-network", None),
            ("comanda migrate", Some(Purpose::Migrate)),
            ("comanda migrate --demo", None),
            ("comanda backup today.backup", Some(Purpose::Migrate)),
            ("comanda backup", None),
            ("comanda restore today.backup --replace", Some(Purpose::Migrate)),
            ("comanda restore today.backup --check --replace", None),
            ("comanda token --user a@b.c", Some(Purpose::Token)),
            ("comanda token", None),
            ("comanda restaurant --name x --currency EUR --owner a@b.c", Some(Purpose::Migrate)),
            ("comanda restaurant --name x --currency EUR", None),
            ("comanda board", Some(Purpose::Migrate)),
            ("comanda board north --restaurant x --restaurant y --ngo z --without w", Some(Purpose::Migrate)),
            ("comanda board --restaurant x", None),
            ("comanda ngo", Some(Purpose::Migrate)),
            ("comanda ngo Mesa --email a@b.c --board x --board y", Some(Purpose::Migrate)),
            ("comanda ngo Mesa --without a@b.c --without d@e.f", Some(Purpose::Migrate)),
            ("comanda ngo Mesa --email a@b.c --without d@e.f", Some(Purpose::Migrate)),
            ("comanda ngo --without a@b.c", None),
            ("comanda ngo Mesa --without a@b.c --board x", None),
            ("comanda ngo Mesa", None),
            ("comanda ngo --email a@b.c", None),
            ("comanda import menu.jsonl --restaurant Casa --dry-run", Some(Purpose::Migrate)),
            ("comanda import menu.jsonl", None),
            ("comanda import --restaurant Casa", None),
            ("comanda demo --speed 20 --minutes 5 --seed 7 --url http://demo.lan", Some(Purpose::Migrate)),
            ("comanda demo --speed 0", None),
            ("comanda srve", None),
        ] {
            assert_eq!(purpose(line), expected, "{line}");
        }
    }
}
