//! `auth.additional_fields` and `auth.login_field`: fields that a house declares for its people, and how bodies hold them.

use super::{fields::Fields, resources::declaration::field};
use crate::{
    config::{Mistake, entities::DeclaredField, sections::Auth},
    domain::{
        profile::{LONGEST, LoginBy, LoginName, Profile},
        resource::{Field, Fields as Values, Kind, Value},
    },
};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The field that everybody has to log in by.
const EMAIL: &str = "email";
const MOST: usize = 20;
/// What bodies and accounts hold already, and what nobody chooses for themselves.
const TAKEN: [&str; 24] = [
    "accessToken",
    "currency",
    "currentPassword",
    "device",
    "email",
    "expiresIn",
    "externalId",
    "inviteCode",
    "login",
    "name",
    "newPassword",
    "organizationId",
    "password",
    "passwordHash",
    "permissions",
    "refreshToken",
    "removedAt",
    "resetPasswordToken",
    "restaurant",
    "restaurantId",
    "restaurantName",
    "role",
    "tokenType",
    "ttl",
];

/// The declared fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    fields: Vec<Field>,
    login: Option<String>,
}

impl Declared {
    /// Reads and checks the settings.
    pub fn new(auth: &Auth) -> Result<Self, Mistake> {
        let mistake = |what: String| Mistake::about("auth.additional_fields", what, None);
        let login = Some(auth.login_field.trim()).filter(|name| *name != EMAIL);
        let mut fields: Vec<Field> = Vec::new();
        for text in &auth.additional_fields {
            let one = declared(text, login).map_err(|what| mistake(format!("\"{text}\": {what}")))?;
            if fields.iter().any(|other| other.name == one.name) {
                return Err(mistake(format!("{} stands there twice", one.name)));
            }
            fields.push(one);
        }
        if fields.len() > MOST {
            return Err(mistake(format!("{} are too many, the most is {MOST}", fields.len())));
        }
        let is_text =
            |name: &str| fields.iter().any(|field| field.name == name && field.kind == Kind::String);
        match login {
            Some(name) if !is_text(name) => {
                let what = format!(
                    "\"{name}\" is neither email nor a field of type string in auth.additional_fields"
                );
                Err(Mistake::about("auth.login_field", what, None))
            }
            login => Ok(Self { login: login.map(str::to_owned), fields }),
        }
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field to log in by, where that is not the address alone.
    pub fn login(&self) -> Option<&str> {
        self.login.as_deref()
    }

    /// The declared members of a body. Of a `whole` account those that are required must be there.
    pub fn read(&self, body: &mut Fields<'_>, whole: bool) -> Profile {
        let values = self.fields.iter().filter_map(|field| {
            let value = body.declared(field, whole)?;
            match value {
                Value::Text(text) if self.login.as_ref() == Some(&field.name) && text.trim().is_empty() => {
                    body.at(&field.name, "should not be empty");
                    None
                }
                value => Some((field.name.clone(), value)),
            }
        });
        let fields: Vec<(String, Value)> = values.collect();
        let login = fields.iter().find_map(|(name, value)| match value {
            Value::Text(text) if self.login.as_ref() == Some(name) => LoginName::parse(name, text),
            _ => None,
        });
        Profile { fields, login }
    }

    /// Who a body says it is: by the declared field, or by the address, which everybody has; one of them.
    pub fn who(&self, body: &mut Fields<'_>) -> Option<LoginBy> {
        match &self.login {
            Some(name) if body.has(name) || !body.has(EMAIL) => {
                let text = body.required(name).plain(name)?;
                Some(LoginName::parse(name, &text).map_or(LoginBy::Nobody, LoginBy::Name))
            }
            _ => body.required(EMAIL).plain(EMAIL).map(LoginBy::Email),
        }
    }
}

/// Members of an account, by name; a number as JavaScript would write it.
pub fn members(profile: &Values) -> BTreeMap<String, Json> {
    let json = |value: &Value| match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Boolean(boolean) => Json::from(*boolean),
        Value::Number(number) if number.is_safe_integer() => Json::from(number.get() as i64),
        Value::Number(number) => Json::from(number.get()),
    };
    profile.iter().map(|(name, value)| (name.clone(), json(value))).collect()
}

/// One field, written `name:type`, with a `!` at its end where nobody registers without it.
fn declared(text: &str, login: Option<&str>) -> Result<Field, String> {
    let (text, required) = match text.trim().strip_suffix('!') {
        Some(text) => (text, true),
        None => (text.trim(), false),
    };
    let (name, kind) = text.split_once(':').ok_or("it must be name:type, as username:string!")?;
    let (name, kind) = (name.trim(), kind.trim());
    if TAKEN.contains(&name) {
        return Err(format!("{name} is the server's own; choose another name"));
    }
    let is_login = login == Some(name) && kind == Kind::String.name();
    field(&DeclaredField {
        name: name.to_owned(),
        kind: kind.to_owned(),
        required,
        unique: is_login,
        default: None,
        min: None,
        max: None,
        min_length: is_login.then_some(1),
        max_length: is_login.then_some(LONGEST),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Purpose, load},
        vocabulary::resources::declaration::MAX_NAME,
    };
    use std::path::Path;

    fn with(fields: &str, login: &str) -> Result<Declared, String> {
        let environment = [
            ("JWT_SECRET", "0123456789abcdef0123456789abcdef"),
            ("COMANDA__AUTH__ADDITIONAL_FIELDS", fields),
            ("COMANDA__AUTH__LOGIN_FIELD", login),
        ];
        let environment: BTreeMap<_, _> =
            environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let settings = load(Path::new("/nowhere"), &environment, Purpose::Token).unwrap();
        Declared::new(&settings.auth).map_err(|mistake| mistake.to_string())
    }

    #[test]
    fn mistakes_name_their_setting() {
        let long = "a".repeat(MAX_NAME + 1);
        for (fields, login, told) in [
            ("username", "", "auth.additional_fields: \"username\": it must be name:type"),
            ("username:text", "", "\"username:text\": there is no type text; there are string"),
            ("Username:string", "", "its name must be letters and digits"),
            (&format!("{long}:string"), "", "its name must be letters and digits"),
            ("role:string", "", "role is the server's own"),
            ("restaurantId:string!", "", "restaurantId is the server's own"),
            ("password:string", "", "password is the server's own"),
            ("createdAt:date", "", "this name is the server's own"),
            ("a:string,a:number", "", "a stands there twice"),
            ("", "username", "auth.login_field: \"username\" is neither email nor a field of type string"),
            ("age:integer", "age", "auth.login_field: \"age\" is neither email nor a field of type string"),
        ] {
            let mistake = with(fields, login).unwrap_err();
            assert!(mistake.contains(told), "{fields} {login}: {mistake}");
        }
        let many: Vec<String> = (0..=MOST).map(|n| format!("f{n}:string")).collect();
        assert!(with(&many.join(","), "").unwrap_err().contains("too many"));
        assert_eq!(with("", "email"), Ok(Declared::default()));
    }

    #[test]
    fn bodies_by_table() {
        let declared = with("username: string!, age:integer, born:date", "username").unwrap();
        for (body, whole, told) in [
            (r#"{"username":" Ana ","age":30}"#, true, r#"username:ana"#),
            (r#"{"age":30}"#, false, ""),
            (r#"{"age":30}"#, true, "username should not be empty"),
            (r#"{"username":"  "}"#, true, "username should not be empty"),
            (r#"{"username":7}"#, true, "username must be a string"),
            (r#"{"username":"ana","age":"old"}"#, true, "age must be an integer number"),
            (r#"{"username":"ana","born":"soon"}"#, true, "born must be a valid ISO 8601 date string"),
            (r#"{"username":"ana","role":"OWNER"}"#, true, "property role should not exist"),
        ] {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            let profile = declared.read(&mut fields, whole);
            let found = match fields.finish(Some(profile)) {
                Ok(profile) => profile.login.map(|login| login.to_string()).unwrap_or_default(),
                Err(faults) => faults.join("; "),
            };
            assert!(found == told || (!told.is_empty() && found.contains(told)), "{body}: {found}");
        }
    }

    #[test]
    fn who_logs_in_by_table() {
        let named = with("username:string", "username").unwrap();
        let name = |text: &str| Ok(LoginName::parse("username", text).map_or(LoginBy::Nobody, LoginBy::Name));
        let email = |text: &str| Ok(LoginBy::Email(text.to_owned()));
        let fault = |text: &str| Err(vec![text.to_owned()]);
        for (declared, body, told) in [
            (&named, r#"{"username":"Ana"}"#, name("ana")),
            (&named, r#"{"username":"a\u0000b"}"#, Ok(LoginBy::Nobody)),
            (&named, r#"{"email":"a@b.example"}"#, email("a@b.example")),
            (&named, r#"{"email":"a@b.example","username":"ana"}"#, fault("property email should not exist")),
            (&named, "{}", fault("username should not be empty")),
            (&Declared::default(), "{}", fault("email should not be empty")),
            (&Declared::default(), r#"{"email":"a@b.example"}"#, email("a@b.example")),
        ] {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            let who = declared.who(&mut fields);
            assert_eq!(fields.finish(who), told, "{body}");
        }
    }
}
