//! Where to look for what is near: boxes of latitudes and longitudes that hold every point within a distance.

/// Kilometres of a degree of a great circle, rounded down: what is within a distance is within these degrees.
const KM_PER_DEGREE: f64 = 110.5;

/// Around which point, in degrees, and how far, in kilometres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub lat: f64,
    pub lng: f64,
    pub radius_km: f64,
}

/// Boxes in degrees; what is outside of all of them is too far away.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxes {
    pub south: f64,
    pub north: f64,
    /// West and east of each. Two where they meet at the date line.
    pub spans: Vec<(f64, f64)>,
}

impl Near {
    /// After J. P. Matuschek, "Finding points within a distance of a latitude/longitude using bounding coordinates".
    pub fn boxes(&self) -> Boxes {
        let Self { lat, lng, radius_km } = *self;
        let reach = radius_km / KM_PER_DEGREE;
        let (south, north) = (lat - reach, lat + reach);
        let spans = if south <= -90.0 || north >= 90.0 {
            // A pole is within it, and with it every longitude.
            vec![(-180.0, 180.0)]
        } else {
            let sideways = (reach.to_radians().sin() / lat.to_radians().cos()).asin().to_degrees();
            match (lng - sideways, lng + sideways) {
                (west, east) if west < -180.0 => vec![(west + 360.0, 180.0), (-180.0, east)],
                (west, east) if east > 180.0 => vec![(west, 180.0), (-180.0, east - 360.0)],
                span => vec![span],
            }
        };
        Boxes { south, north, spans }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As `donations/near.sql` has it.
    fn km((lat, lng): (f64, f64), near: &Near) -> f64 {
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let cosines = near.lat.to_radians().cos() * lat.to_radians().cos();
        let root = (half(lat - near.lat) + cosines * half(lng - near.lng)).sqrt().min(1.0);
        2.0 * 6371.0088 * root.asin()
    }

    fn holds(boxes: &Boxes, (lat, lng): (f64, f64)) -> bool {
        (boxes.south..=boxes.north).contains(&lat)
            && boxes.spans.iter().any(|&(west, east)| (west..=east).contains(&lng))
    }

    #[test]
    fn boxes_by_table() {
        let boxes = |lat, lng, radius_km| Near { lat, lng, radius_km }.boxes();
        let (one, two) = (110.5, 221.0);
        assert_eq!(boxes(0.0, 0.0, one).south, -1.0);
        assert_eq!(boxes(0.0, 10.0, one).spans.len(), 1);
        assert_eq!(boxes(0.0, 179.5, one).spans.len(), 2);
        assert_eq!(boxes(0.0, -180.0, one).spans.len(), 2);
        assert_eq!(boxes(88.5, 10.0, one).spans.len(), 1);
        assert_eq!(boxes(88.5, 10.0, two).spans, [(-180.0, 180.0)]);
        assert_eq!(boxes(-90.0, 10.0, one).spans, [(-180.0, 180.0)]);
        assert_eq!(boxes(10.0, 10.0, 20_100.0).spans, [(-180.0, 180.0)]);
        // Not the whole Earth where a small part will do.
        let madrid = boxes(40.4, -3.7, 50.0).spans[0];
        assert!(madrid.0 > -4.4 && madrid.1 < -3.0, "{madrid:?}");
    }

    proptest! {
        #[test]
        fn whatever_is_within_the_distance_is_in_a_box(
            lat in -90.0..=90.0_f64, lng in -180.0..=180.0_f64, radius_km in 0.001..20_100.0_f64,
            north in -1.2..1.2_f64, east in -1.2..1.2_f64,
        ) {
            let near = Near { lat, lng, radius_km };
            // Around the rim, mostly.
            let reach = radius_km / 111.0;
            let there = (lat + north * reach).clamp(-90.0, 90.0);
            let beside = lng + east * reach / there.to_radians().cos().max(0.001);
            let beside = (beside + 180.0).rem_euclid(360.0) - 180.0;
            prop_assert!(km((there, beside), &near) > radius_km || holds(&near.boxes(), (there, beside)));
        }
    }
}
