//! What is asked for on the command line; `make chaos` turns its variables into it.

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// The least of everything, some minutes in all: part of `make test`.
    Quick,
    /// This part of the table's counts.
    Scale(f64),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub size: Size,
    /// One run again: one bout of each scenario, with this seed.
    pub seed: Option<u64>,
    /// Ids of scenarios; empty: all.
    pub only: Vec<String>,
    pub list: bool,
}

impl Options {
    /// Of the arguments behind the program's name. What the usual test harness takes besides is taken and ignored, so
    /// that `cargo test -- --nocapture` goes through; its filters are names of scenarios here.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { size: Size::Quick, seed: None, only: Vec::new(), list: false };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--quick" => options.size = Size::Quick,
                "--list" => options.list = true,
                "--scale" => options.size = Size::Scale(scale(&value()?)?),
                "--seed" => {
                    let text = value()?;
                    options.seed = Some(text.parse().map_err(|_| format!("--seed {text}: not a number"))?);
                }
                "--only" => options.only.extend(value()?.split(',').map(str::to_owned)),
                "--test-threads" | "--skip" | "--format" | "--color" => drop(value()?),
                other if other.starts_with('-') => {}
                name => options.only.push(name.to_owned()),
            }
        }
        Ok(options)
    }

    pub fn chooses(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name.eq_ignore_ascii_case(id))
    }

    /// The command that runs this again for one scenario and one seed.
    pub fn replay(&self, id: &str, seed: u64) -> String {
        match self.size {
            Size::Quick => {
                format!("cargo test --features faults --test chaos -- --only {id} --seed {seed}")
            }
            Size::Scale(scale) => format!("make chaos SCALE={scale} ONLY={id} SEED={seed}"),
        }
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| format!("--scale {text}: not a number"))?;
    let is_part = scale > 0.0 && scale <= 1.0;
    is_part.then_some(scale).ok_or(format!("--scale {text}: more than 0 and at most 1"))
}
