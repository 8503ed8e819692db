//! A bout as a picture: latency and backlog over time, and a line for each fault. SVG, drawn by hand.

use crate::{
    report::escaped,
    timeline::{Point, Record},
};
use std::fmt::Write;

const WIDTH: f32 = 960.0;
const HEIGHT: f32 = 300.0;
const LEFT: f32 = 60.0;
const BOTTOM: f32 = 40.0;
const TOP: f32 = 30.0;
/// Most dots: more are a black band, and megabytes.
const DOTS: usize = 4_000;
/// Most faults with their names: more would hide the dots.
const NAMES: usize = 40;

/// Seconds at which the latency's axis begins and ends; it is logarithmic, from 1 ms.
const FASTEST: f32 = 0.001;
const SLOWEST: f32 = 30.0;

struct Axes {
    end: f32,
    most: f32,
}

impl Axes {
    fn x(&self, at: f32) -> f32 {
        LEFT + at / self.end * (WIDTH - LEFT - 50.0)
    }

    /// Of a latency, in seconds.
    fn latency(&self, seconds: f32) -> f32 {
        let part = (seconds.clamp(FASTEST, SLOWEST) / FASTEST).ln() / (SLOWEST / FASTEST).ln();
        HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)
    }

    fn backlog(&self, waiting: f32) -> f32 {
        HEIGHT - BOTTOM - waiting / self.most * (HEIGHT - BOTTOM - TOP)
    }
}

pub fn draw(name: &str, record: &Record) -> String {
    let points = record.latency.iter().chain(&record.backlog);
    let end = points.map(|(at, _)| *at).chain(record.faults.iter().map(|(at, _)| *at)).fold(1.0, f32::max);
    let most = record.backlog.iter().map(|(_, waiting)| *waiting).fold(1.0, f32::max);
    let axes = Axes { end, most };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         font-family=\"system-ui\" font-size=\"11\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"16\" font-size=\"13\">{}: answers (blue, seconds), waiting (orange, at most \
         {most})</text>\n",
        escaped(name)
    );
    scales(&mut svg, &axes);
    faults(&mut svg, &axes, &record.faults);
    for (at, seconds) in thinned(&record.latency) {
        let (x, y) = (axes.x(*at), axes.latency(*seconds));
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.3\" fill=\"#1f6feb\" fill-opacity=\".5\"/>"
        );
    }
    let line: Vec<String> = thinned(&record.backlog)
        .map(|(at, waiting)| format!("{:.1},{:.1}", axes.x(*at), axes.backlog(*waiting)))
        .collect();
    let _ =
        writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#d9730d\"/>\n</svg>", line.join(" "));
    svg
}

fn scales(svg: &mut String, axes: &Axes) {
    for seconds in [0.001, 0.01, 0.1, 1.0, 10.0] {
        let y = axes.latency(seconds);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#eee\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#1f6feb\">{seconds}</text>",
            WIDTH - 50.0,
            LEFT - 6.0,
            y + 4.0
        );
    }
    for tenth in 0..=10 {
        let at = axes.end * tenth as f32 / 10.0;
        let (x, y) = (axes.x(at), HEIGHT - BOTTOM + 16.0);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\" fill=\"#666\">{at:.1} s</text>"
        );
    }
}

fn faults(svg: &mut String, axes: &Axes, faults: &[(f32, String)]) {
    for (n, (at, what)) in faults.iter().enumerate() {
        let (x, bottom) = (axes.x(*at), HEIGHT - BOTTOM);
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"#cf222e\" \
             stroke-dasharray=\"3 3\"><title>{}</title></line>",
            escaped(what)
        );
        if n < NAMES {
            let y = TOP + 10.0 + (n % 3) as f32 * 12.0;
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{y}\" fill=\"#cf222e\">{}</text>",
                x + 3.0,
                escaped(what)
            );
        }
    }
}

/// At most so many, evenly; the highest of each neighbourhood, so that no peak is lost.
fn thinned(points: &[Point]) -> impl Iterator<Item = &Point> {
    points
        .chunks(points.len().div_ceil(DOTS).max(1))
        .filter_map(|near| near.iter().max_by(|a, b| a.1.total_cmp(&b.1)))
}
