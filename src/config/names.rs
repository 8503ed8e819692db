//! What settings are called in the environment: `COMANDA__SECTION__KEY`, and short names that people know.

/// Short names, for what one sets most and what users of the five systems have in their scripts.
const SHORT: [(&str, &str); 9] = [
    ("HOST", "server.host"),
    ("PORT", "server.port"),
    ("DATABASE_URL", "database.url"),
    ("DATABASE_APP_URL", "database.app_url"),
    ("JWT_SECRET", "auth.jwt_secret"),
    ("FRONTEND_URL", "server.frontend_url"),
    ("PUBLIC_URL", "server.public_url"),
    ("COMANDA_DATA_DIR", "server.data_dir"),
    ("RUST_LOG", "telemetry.filter"),
];

/// Settings whose value no message repeats.
const SECRET: [&str; 5] =
    ["database.url", "database.app_url", "auth.jwt_secret", "mail.smtp", "metrics.token"];

const PREFIX: &str = "COMANDA__";

/// How much a name weighs where two name the same setting: the long one was meant for us alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Short,
    Long,
}

/// The setting that an environment variable sets; `None` for one that is not ours.
pub fn setting(variable: &str) -> Option<(Weight, String)> {
    if let Some(rest) = variable.strip_prefix(PREFIX) {
        return Some((Weight::Long, rest.to_ascii_lowercase().replace("__", ".")));
    }
    let (_, key) = SHORT.iter().find(|(short, _)| *short == variable)?;
    Some((Weight::Short, (*key).to_owned()))
}

/// How one sets this setting, for messages: `"PORT or COMANDA__SERVER__PORT"`.
pub fn variables(key: &str) -> String {
    let long = format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"));
    match SHORT.iter().find(|(_, setting)| *setting == key) {
        Some((short, _)) => format!("{short} or {long}"),
        None => long,
    }
}

/// Whether a value of this setting must not be shown.
pub fn is_secret(key: &str) -> bool {
    SECRET.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_settings_and_back() {
        assert_eq!(setting("PORT"), Some((Weight::Short, "server.port".to_owned())));
        assert_eq!(
            setting("COMANDA__ENGINE_IO__MAX_PAYLOAD"),
            Some((Weight::Long, "engine_io.max_payload".to_owned()))
        );
        for foreign in ["PATH", "COMANDA_PORT", "COMANDA_ENV", "port", "XCOMANDA__A__B"] {
            assert_eq!(setting(foreign), None, "{foreign}");
        }
        assert_eq!(variables("server.port"), "PORT or COMANDA__SERVER__PORT");
        assert_eq!(variables("rooms.idle"), "COMANDA__ROOMS__IDLE");
        for (short, key) in SHORT {
            assert_eq!(setting(short).map(|(_, key)| key).as_deref(), Some(key));
        }
    }
}
