//! From the tables of this crate to a migrated database and typed queries: prints each step.
//!
//! Uses the database of `POSTGRES_URL` if that is set, which should be empty; else starts a PostgreSQL of its own.

use auth::{Account, Member, Organization, Session, Team, User, queries};
use chrono::TimeDelta;
use orm::Insert;
use orm::prelude::*;
use orm_migrate::devdb;
use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    title("1. A PostgreSQL");
    let given = std::env::var("POSTGRES_URL").ok();
    let database = if given.is_none() { Some(devdb::test_database()?) } else { None };
    let url = given.or_else(|| database.as_ref().map(|it| it.url().to_owned())).unwrap_or_default();
    say(if database.is_some() { "started one of our own" } else { "the one of POSTGRES_URL" });

    title("2. orm-migrate: diff, apply, and diff again");
    let folder = tempfile::tempdir()?;
    migrate(&["diff", "create auth tables"], &url, folder.path())?;
    migrate(&["apply"], &url, folder.path())?;
    migrate(&["diff"], &url, folder.path())?;

    tokio::runtime::Runtime::new()?.block_on(async {
        let db = Db::connect(&url).await?;
        insert(&db).await?;
        read(&db).await?;
        change(&db).await?;
        db.close().await;
        Ok(())
    })
}

/// Runs a verb of `orm-migrate` in this process, which knows its own tables.
fn migrate(verb: &[&str], url: &str, folder: &Path) -> Outcome {
    say(&format!("$ orm-migrate {}", verb.join(" ")));
    let words = ["orm-migrate"].iter().chain(verb).map(OsString::from);
    let rest = ["--database-url".into(), url.into(), "--migrations".into(), folder.into()];
    let declared = orm::registry::declared()?;
    let done = orm_migrate::cli::run(words.chain(rest), Some(declared));
    match tokio::runtime::Runtime::new()?.block_on(done) {
        0 => Ok(()),
        code => Err(format!("orm-migrate {} ended with exit code {code}", verb.join(" ")).into()),
    }
}

async fn insert(db: &Db) -> Outcome {
    title("3. Insert: what has a default may be left out");
    let insert = User::insert().id("user_123").name("John Doe").email("john@example.com");
    say(&insert.to_sql().to_string());
    insert.execute(db).await?;
    let ada = queries::add_user(db, "ada", "Ada Lovelace", "ada@example.com").await?;
    say(&format!(
        "the server filled in: email_verified = {}, image = {:?}",
        ada.email_verified, ada.image
    ));

    let now = Utc::now();
    let sessions = [("s1", "ada", 24), ("s2", "ada", -24), ("s3", "user_123", 1)];
    let sessions = sessions.map(|(id, user, hours)| {
        let ends = now + TimeDelta::hours(hours);
        Session::insert().id(id).token(format!("token-{id}")).user_id(user).expires_at(ends)
    });
    let count = Insert::values(sessions).execute(db).await?;
    say(&format!("{count} sessions in one statement"));

    Organization::insert().id("acme").name("Acme").slug("acme").created_at(now).execute(db).await?;
    for (id, user, role) in [("m1", "ada", "owner"), ("m2", "user_123", "member")] {
        let member = Member::insert().id(id).organization_id("acme").user_id(user);
        member.role(role).created_at(now).execute(db).await?;
    }
    let team = Team::insert().id("t1").name("Compilers").member_count(2).organization_id("acme");
    team.created_at(now).execute(db).await?;
    let account = Account::insert().id("a1").account_id("ada").provider_id("credential");
    account.user_id("ada").execute(db).await?;

    if let Err(error) = queries::add_user(db, "other", "Somebody", "ada@example.com").await {
        say(&format!("the same address again: {error}"));
    }
    Ok(())
}

async fn read(db: &Db) -> Outcome {
    title("4. A user with all sessions: one round trip");
    let query = User::query().filter(User::email.eq("ada@example.com")).with(User::sessions);
    say(&query.to_sql().to_string());
    if let Some(user) = query.first(db).await? {
        say(&format!("{} has {} sessions", user.name, user.sessions.len()));
    }

    title("5. An organization with its members, their users, and its teams: one round trip");
    if let Some(organization) = queries::organization_page(db, "acme").await? {
        say(&organization.name);
        for member in &organization.members {
            say(&format!("  {:<7} {} <{}>", member.role, member.user.name, member.user.email));
        }
        for team in &organization.teams {
            say(&format!("  team    {}", team.name));
        }
    }

    title("6. Active sessions joined with their users");
    for (session, user) in queries::active_sessions(db, Utc::now()).await? {
        say(&format!("{}: {}", session.id, user.name));
    }
    Ok(())
}

async fn change(db: &Db) -> Outcome {
    title("7. Update: updated_at moves by itself");
    let update = User::update().set(User::name.set("Jane Doe")).filter(User::id.eq("user_123"));
    say(&update.to_sql().to_string());
    say(&format!("{} row changed", update.execute(db).await?));

    title("8. Delete: sessions, accounts and memberships go with their user");
    say(&format!("before: {}", counts(db).await?));
    queries::remove_user(db, "ada").await?;
    say(&format!("after:  {}", counts(db).await?));
    Ok(())
}

async fn counts(db: &Db) -> Outcome<String> {
    let (users, sessions) = (User::query().count(db).await?, Session::query().count(db).await?);
    let (accounts, members) = (Account::query().count(db).await?, Member::query().count(db).await?);
    Ok(format!("{users} users, {sessions} sessions, {accounts} accounts, {members} members"))
}

fn title(text: &str) {
    say(&format!("\n== {text}"));
}

#[expect(clippy::print_stdout, reason = "this program exists to print")]
fn say(text: &str) {
    println!("{text}");
}
