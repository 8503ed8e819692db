//! Restaurants side by side under load (guarantee S1): nobody reads or hears a byte of another.
//!
//! `SCALE=1 cargo test --release --features faults --test api -- crowd --nocapture` runs the table's counts.

use crate::support::{Display, House, house::id, spawn_patient_app};
use futures_util::future::{join, join_all};
use serde_json::json;

const HOUSES: usize = 8;
/// Each order is two events: thirty deliveries to three requests, as the table has them.
const DISPLAYS: usize = 15;
/// At `SCALE=1`.
const REQUESTS: f64 = 1e6;

fn scale() -> f64 {
    std::env::var("SCALE").map_or(0.0005, |scale| scale.parse().expect("SCALE is a number"))
}

/// What only one restaurant's answers and events may hold.
fn marks(house: &House) -> Vec<String> {
    let tables = house.tables.iter().map(|table| table.id.to_string());
    tables.chain([house.id.to_string(), house.domain.clone()]).collect()
}

#[actix_web::test]
async fn restaurants_side_by_side_have_nothing_of_each_other() {
    let app = spawn_patient_app(&[]).await;
    let mut houses = Vec::new();
    for _ in 0..HOUSES {
        houses.push(app.restaurant().await);
    }
    let marks: Vec<Vec<String>> = houses.iter().map(marks).collect();
    let foreign = |whose: usize, text: &str| {
        let others = marks.iter().enumerate().filter(|(n, _)| *n != whose);
        others.flat_map(|(_, marks)| marks).find(|mark| text.contains(*mark)).cloned()
    };
    // An order of each that the next one asks for in vain; and what looks for strangers finds them.
    let orders = join_all(houses.iter().map(|house| house.confirmed(1))).await;
    assert!(foreign(0, &orders[1].to_string()).is_some() && foreign(1, &orders[1].to_string()).is_none());
    let unknown = uuid::Uuid::now_v7().to_string();

    let rounds = (REQUESTS * scale() / (3 * HOUSES) as f64).ceil() as usize;
    let service = houses.iter().enumerate().map(|(n, house)| {
        let (foreign, strange) = (&foreign, id(&orders[(n + 1) % HOUSES]));
        let (strange, unknown) = (format!("/api/v1/orders/{strange}"), format!("/api/v1/orders/{unknown}"));
        async move {
            let displays = join_all((0..DISPLAYS).map(|_| Display::join(&house.kitchen))).await;
            let refused = house.waiter.get(&unknown).await.text;
            let writing = async {
                for _ in 0..rounds {
                    let sold = house.waiter.post("/orders", json!({ "total": 1 })).await;
                    let listed = house.waiter.get("/api/v1/orders?limit=10").await;
                    for answer in [&sold, &listed] {
                        assert!(answer.status < 300, "{}", answer.text);
                        assert_eq!(foreign(n, &answer.text), None, "{}", answer.text);
                    }
                    let told = house.waiter.get(&strange).await;
                    assert_eq!(told.status, 404);
                    let blank = |text: &str, path: &str| text.replace(path.rsplit('/').next().unwrap(), "ID");
                    assert_eq!(blank(&told.text, &strange), blank(&refused, &unknown));
                }
            };
            let hearing = displays.into_iter().map(|mut display| async move {
                for _ in 0..2 * rounds {
                    let event = display.event().await;
                    assert_eq!(event["data"]["restaurantId"], house.id.to_string(), "{event}");
                    assert_eq!(foreign(n, &event.to_string()), None, "{event}");
                }
                display.expect_nothing().await;
            });
            join(writing, join_all(hearing)).await;
        }
    });
    join_all(service).await;
    let requests = 3 * rounds * HOUSES;
    eprintln!("0 foreign bytes in {requests} requests and {} deliveries", 2 * rounds * HOUSES * DISPLAYS);
}
