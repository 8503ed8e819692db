//! What is left of a run: the table on the terminal, and a report with it and the plots.

use crate::{
    options::{Options, Size},
    plot,
    scenario::{Control, Scenario},
    tally::Tally,
    timeline::Record,
};
use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// One row of the table.
pub struct Row {
    id: &'static str,
    property: String,
    target: String,
    measured: String,
    passed: bool,
    /// Whose plot is shown beside it.
    bout: String,
}

impl Row {
    pub fn new(scenario: &Scenario, total: Tally) -> Self {
        Self {
            id: scenario.id,
            property: scenario.property.into(),
            target: scenario.target.into(),
            measured: total.to_string(),
            passed: total.passed(),
            bout: scenario.id.into(),
        }
    }

    pub fn control(scenario: &Scenario, control: &Control, is_found: bool, what: &str) -> Self {
        Self {
            id: scenario.id,
            property: format!("control: {}", control.flaw),
            target: "is found".into(),
            measured: what.into(),
            passed: is_found,
            bout: format!("{}-{}", scenario.id, control.flaw),
        }
    }

    fn cells(&self) -> [&str; 5] {
        let verdict = match self.passed {
            true if self.measured.starts_with("skipped") => "-",
            true => "pass",
            false => "FAIL",
        };
        [self.id, &self.property, &self.target, &self.measured, verdict]
    }
}

const HEAD: [&str; 5] = ["#", "property", "target", "measured", ""];

/// In Markdown, which is as good to read on a terminal.
pub fn table(rows: &[Row]) -> String {
    let mut text = format!("\n| {} |\n|---|---|---|---|---|\n", HEAD.join(" | "));
    for row in rows {
        let cells = row.cells().map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

pub fn plot(name: &str, record: &Record) -> String {
    plot::draw(name, record)
}

/// `report.md` and `report.html`, which needs nothing but itself; returns the latter's path.
pub fn write(folder: &Path, options: &Options, rows: &[Row]) -> io::Result<PathBuf> {
    let size = match options.size {
        Size::Quick => "quick".to_owned(),
        Size::Scale(scale) => format!("SCALE={scale}"),
    };
    let title = format!("comanda under faults: {size}, {}", jiff::Timestamp::now());
    fs::write(folder.join("report.md"), format!("# {title}\n{}", table(rows)))?;
    let mut html = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}</style>\n\
         <h1>{title}</h1>\n<table>"
    );
    let _ = write!(html, "<tr><th>{}</tr>", HEAD.join("<th>"));
    for row in rows {
        let class = if row.passed { "pass" } else { "fail" };
        let _ = write!(html, "<tr class=\"{class}\"><td>{}</tr>", row.cells().map(escaped).join("<td>"));
    }
    html.push_str("</table>\n");
    for row in rows {
        if let Ok(svg) = fs::read_to_string(folder.join("bouts").join(&row.bout).join("plot.svg")) {
            html.push_str(&svg);
        }
    }
    let path = folder.join("report.html");
    fs::write(&path, html)?;
    Ok(path)
}

const STYLE: &str = "body{font:15px system-ui;margin:2em;max-width:75em}table{border-collapse:collapse}\
                     td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}\
                     .fail{background:#fdd}svg{display:block;margin:1.5em 0}";

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
