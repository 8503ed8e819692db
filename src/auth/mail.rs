//! Mail: by SMTP where a server is set, else into files of the data folder that only we may read, for as long as what is in
//! them is good.

use super::Email;
use crate::config::{ensure_data_dir, sections, write_private};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// For one command of the dialogue with the mail server.
const SMTP_WITHIN: Duration = Duration::from_secs(20);
/// The sender of mail that never leaves.
const NOBODY: &str = "Comanda <comanda@localhost.localdomain>";
/// Folder of the data folder for mail that no server takes.
const FOLDER: &str = "mail";

/// One letter, in plain text. What it says may be secret.
pub struct Mail<'a> {
    pub to: &'a Email,
    pub subject: &'a str,
    pub text: SecretString,
}

/// Why a mail was not sent, or a mailer not made. Says nothing of what was in it.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("mail.smtp cannot be used: {0}")]
    Smtp(lettre::transport::smtp::Error),
    #[error("mail.from is needed with mail.smtp, and is an address like \"Comanda <orders@example.com>\"")]
    From,
    #[error("the mail cannot be written: {0}")]
    Letter(lettre::error::Error),
    #[error("the mail server did not take it: {0}")]
    Refused(lettre::transport::smtp::Error),
    #[error("the mail cannot be kept in a file: {0}")]
    File(std::io::Error),
}

/// Sends mail. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    way: Way,
    folder: PathBuf,
    from: Mailbox,
    reset_page: Option<String>,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder,
}

impl Mailer {
    /// Connects to nothing yet. Errors: `Smtp`, `From`.
    pub fn new(settings: &sections::Mail, data_dir: &Path) -> Result<Self, MailError> {
        let way = match &settings.smtp {
            Some(url) => {
                let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
                Way::Smtp(smtp.map_err(MailError::Smtp)?.timeout(Some(SMTP_WITHIN)).build())
            }
            None => Way::Folder,
        };
        let from = match (&settings.from, &settings.smtp) {
            (Some(from), _) => from.as_str(),
            (None, Some(_)) => return Err(MailError::From),
            (None, None) => NOBODY,
        };
        let from = from.parse().map_err(|_| MailError::From)?;
        let folder = data_dir.join(FOLDER);
        Ok(Self { way, folder, from, reset_page: settings.reset_page.clone() })
    }

    /// The folder that letters go into, where no server takes them: nobody gets those.
    pub fn goes_nowhere(&self) -> Option<&Path> {
        matches!(self.way, Way::Folder).then_some(&self.folder)
    }

    /// Removes letters that are older than this from the folder; what was in them is over. Errors: `File`.
    pub async fn forget(&self, age: Duration) -> Result<(), MailError> {
        let folder = self.folder.clone();
        let forgotten = tokio::task::spawn_blocking(move || forget(&folder, age)).await;
        forgotten.map_err(|error| MailError::File(std::io::Error::other(error)))?.map_err(MailError::File)
    }

    /// The page on which a token is entered.
    pub fn reset_page(&self) -> Option<&str> {
        self.reset_page.as_deref()
    }

    /// Hands a letter over. Errors: `Letter`, `Refused`, `File`.
    pub async fn send(&self, mail: Mail<'_>) -> Result<(), MailError> {
        let to: Mailbox = mail.to.as_str().parse().map_err(|_| MailError::From)?;
        let letter = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.expose_secret().to_owned())
            .map_err(MailError::Letter)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(letter).await.map(drop).map_err(MailError::Refused),
            Way::Folder => {
                let (folder, text) = (self.folder.clone(), letter.formatted());
                let written = tokio::task::spawn_blocking(move || {
                    ensure_data_dir(&folder)?;
                    write_private(&folder.join(format!("{}.eml", Uuid::now_v7())), &text)
                });
                let written = written.await.map_err(|error| MailError::File(std::io::Error::other(error)))?;
                written.map(drop).map_err(MailError::File)
            }
        }
    }
}

fn forget(folder: &Path, age: Duration) -> std::io::Result<()> {
    // None was ever written.
    let Ok(files) = fs::read_dir(folder) else { return Ok(()) };
    for file in files {
        let path = file?.path();
        let is_ours = path.extension().is_some_and(|ending| ending == "eml" || ending == "new");
        // One that was written after our clock is kept.
        if is_ours && fs::metadata(&path)?.modified()?.elapsed().is_ok_and(|found| found > age) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[tokio::test]
    async fn letters_that_are_over_go_and_nothing_else_does() {
        let data = tempfile::tempdir().unwrap();
        let settings = sections::Mail { smtp: None, from: None, reset_page: None };
        let mailer = Mailer::new(&settings, data.path()).unwrap();
        let folder = mailer.goes_nowhere().unwrap().to_owned();
        let day = Duration::from_secs(86_400);
        mailer.forget(day).await.unwrap();
        ensure_data_dir(&folder).unwrap();
        for (name, days) in [("old.eml", 3), ("crashed.12.new", 3), ("new.eml", 0), ("by-hand", 3)] {
            let file = fs::File::create(folder.join(name)).unwrap();
            file.set_modified(SystemTime::now() - day * days).unwrap();
        }
        mailer.forget(day).await.unwrap();
        let mut left: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["by-hand", "new.eml"]);
    }
}
