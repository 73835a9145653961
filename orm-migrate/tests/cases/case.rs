//! [`Case`]: one folder, read and run.

use orm_core::exec::{Config, Connection};
use orm_core::schema::Schema;
use orm_migrate::apply::{self, Options, Until};
use orm_migrate::catalog::Canonical;
use orm_migrate::change::{Change, ObjectName};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::diff::{diff, settled};
use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate::plan::{Down, HazardKind, Plan, Stored, Strategy, plan, renaming};
use orm_migrate::preflight;
use orm_migrate::rename::{Hints, OldNames};
use orm_migrate::scratch::ScratchServer;
use orm_migrate::source::{self, Both, RenamesAsked, SchemaSource};
use std::fs;
use std::path::{Path, PathBuf};

type Outcome<T = ()> = Result<T, String>;

/// What the files of a folder say.
pub(crate) struct Case {
    folder: PathBuf,
    old: String,
    new: String,
    rows: String,
    survive: String,
    /// `since = 18`: the first server that has it.
    since: i32,
    /// `no_way_back = ".."`: words of why there is no `down.sql`.
    no_way_back: Option<String>,
    /// `managed = false`: what only `old.sql` has is another's, and stays.
    managed: bool,
    /// `rename = ["user=account"]`: what only has another name.
    rename: Vec<String>,
    /// `rebuild = true`: what the old body of a function computed is computed again.
    rebuild: bool,
}

impl Case {
    pub(crate) fn read(folder: &Path) -> Outcome<Self> {
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let must = |name: &str| text(name).ok_or(format!("{name} is missing"));
        let settings = text("case.toml").unwrap_or_default();
        let settings: toml::Table = settings.parse().map_err(said)?;
        for key in settings.keys() {
            if !["since", "no_way_back", "managed", "rename", "rebuild"].contains(&key.as_str()) {
                return Err(format!("case.toml: {key} means nothing"));
            }
        }
        let words = |value: &toml::Value| value.as_str().map(str::to_owned);
        Ok(Self {
            folder: folder.to_owned(),
            old: must("old.sql")?,
            new: must("new.sql")?,
            rows: text("rows.sql").unwrap_or_default(),
            survive: text("survive.sql").unwrap_or_default(),
            since: settings.get("since").and_then(toml::Value::as_integer).unwrap_or(0) as i32,
            no_way_back: settings.get("no_way_back").and_then(words),
            rename: settings
                .get("rename")
                .and_then(toml::Value::as_array)
                .map_or(Vec::new(), |all| all.iter().filter_map(words).collect()),
            rebuild: settings.get("rebuild").and_then(toml::Value::as_bool).unwrap_or(false),
            managed: settings.get("managed").and_then(toml::Value::as_bool).unwrap_or(true),
        })
    }

    pub(crate) async fn run(&self, places: &Places) -> Outcome {
        let Places { live, wanted, old } = places;
        let version = live.version().await? / 10000;
        if version < self.since {
            let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
            orm_test_support::skipped(&format!("case {name}"), self.since.into());
            return Ok(());
        }
        live.begin("old.sql", &self.old).await?;
        wanted.begin("new.sql", &self.new).await?;
        live.batch_execute("rows.sql", &self.rows).await?;
        let before = live.survivors(&self.survive).await?;

        let Both { from, to, before: named, renamings, .. } =
            self.both(live, wanted, &self.rename).await?;
        let from = from.canonical;
        let changes = self.changes(&from, &to);
        let mut steps = Plan { steps: renaming(&renamings) };
        steps.steps.extend(plan(changes.clone(), &from, &to).steps);
        let stored = self.stored(live, &renamings, &mut steps, to.schema()).await?;
        self.same("up.sql", version, &steps.up_sql())?;
        self.in_the_way(live, &named, &OldNames::of(&renamings), &steps, &changes).await?;
        let hazards = steps.hazards().map(|it| format!("{:?}: {}\n", it.kind, it.sentence));
        self.same("hazards.txt", version, &hazards.collect::<String>())?;
        let end = settled(&from, &to);
        let down = Down::recomputed(&renamings, &changes, &stored, &from, &end);
        let way_back = match (&self.no_way_back, &down.sql) {
            (None, Some(sql)) => Some(sql.clone()),
            (Some(words), None) if down.lost.iter().any(|it| it.contains(words)) => None,
            (Some(words), _) => {
                return Err(format!("case.toml expects no way back: {words}\n{down:?}"));
            }
            (None, None) => return Err(format!("no way back: {:?}", down.lost)),
        };

        if steps.steps.is_empty() {
            // `diff` writes no migration.
            return self.nothing_left("without a migration", live, wanted).await;
        }
        let place = tempfile::tempdir().map_err(said)?;
        let folder = Folder::at(place.path());
        let draft = Draft {
            name: "case".to_owned(),
            up: steps.up_sql(),
            down: way_back.clone(),
            plan: PlanFile::default(),
        };
        let migrations = vec![folder.write(&draft).map_err(said)?];
        let up = async || {
            let options = Options::default();
            let applied = apply::apply_all(&live.config, &migrations, &options, |_| {}).await;
            applied.map(drop).map_err(|error| format!("up.sql: {error}"))
        };
        up().await?;
        self.nothing_left("after up.sql", live, wanted).await?;
        self.survived("up.sql", &before, live).await?;
        if way_back.is_none() {
            return Ok(());
        }
        let (until, options) = (Until::Steps(1), Options::default());
        apply::down(&live.config, &migrations, &until, true, &options, |_| {})
            .await
            .map_err(|error| format!("down.sql: {error}\n{}", way_back.unwrap_or_default()))?;
        old.begin("old.sql", &self.old).await?;
        self.nothing_left("after down.sql", live, old).await?;
        up().await?;
        self.nothing_left("after up.sql again", live, wanted).await
    }

    /// The live side and the wanted one, in the words of one server.
    async fn both(&self, live: &Place, wanted: &Place, rename: &[String]) -> Outcome<Both> {
        let hints = Hints::read(rename, &[], None).map_err(said)?;
        let asked = RenamesAsked { hints, answers: Vec::new() };
        let source = |place: &Place| SchemaSource::Database(Box::new(place.config.clone()));
        let (from, to) = (source(live), source(wanted));
        source::both_named(from, to, Some(&live.server), &asked).await.map_err(said)
    }

    fn changes(&self, from: &Canonical, to: &Canonical) -> Vec<Change> {
        let managed = if self.managed { all(from) } else { Default::default() };
        diff(from, to, &managed)
    }

    /// What the tool asks the live database before it writes a migration.
    async fn in_the_way(
        &self,
        live: &Place,
        before: &Canonical,
        names: &OldNames,
        steps: &Plan,
        changes: &[Change],
    ) -> Outcome {
        let all: Vec<Change> = steps.steps.iter().flat_map(|it| it.changes.clone()).collect();
        let (connection, schema) = (&live.connection, before.schema());
        let found = preflight::dependents(connection, &names.in_place(&all), schema).await;
        let found = found.map_err(said)?.into_iter().map(|(_, hazard)| hazard);
        let refused = found.chain(steps.hazards().cloned());
        let refused = refused.filter(|it| it.kind == HazardKind::Refused).map(|it| it.sentence);
        nothing("to be done: the tool refuses it", &refused.collect::<Vec<_>>())?;
        let checks = preflight::checks(&names.changes(changes), schema);
        let rows = preflight::failing(connection, &checks, preflight::CHECK_TIMEOUT).await;
        let rows = rows.map_err(said)?;
        let said = rows.failing.into_iter().map(|it| it.sentence);
        nothing("to be done: rows are in the way", &said.collect::<Vec<_>>())
    }

    /// Says of the steps what the functions that change have computed, or computes it again; gives what the way back has
    /// to compute.
    async fn stored(
        &self,
        live: &Place,
        renamings: &[Change],
        steps: &mut Plan,
        to: &Schema,
    ) -> Outcome<Vec<Stored>> {
        let places: Vec<(usize, Change)> = (steps.steps.iter().enumerate())
            .flat_map(|(place, step)| step.changes.iter().map(move |it| (place, it.clone())))
            .collect();
        let changes: Vec<Change> = places.iter().map(|(_, it)| it.clone()).collect();
        let found =
            preflight::computed(&live.connection, &changes, renamings).await.map_err(said)?;
        let (numbers, all): (Vec<usize>, Vec<Stored>) = found.into_iter().unzip();
        let (again, left) = match self.rebuild {
            true => steps.recompute(&all, &Strategy::default(), to),
            false => (Vec::new(), all.iter().filter(|it| steps.leaves(it)).cloned().collect()),
        };
        for (number, it) in numbers.iter().zip(&all).filter(|(_, it)| left.contains(it)) {
            let (place, change) = &places[*number];
            steps.steps[*place].hazards.push(it.hazard(change));
        }
        Ok(again)
    }

    async fn nothing_left(&self, when: &str, live: &Place, wanted: &Place) -> Outcome {
        let both = self.both(live, wanted, &[]).await?;
        nothing(when, &lines(&self.changes(&both.from.canonical, &both.to)))
    }

    async fn survived(&self, when: &str, before: &str, live: &Place) -> Outcome {
        let after = fs::read_to_string(self.folder.join("survive_after.sql"));
        let after = live.survivors(after.as_deref().unwrap_or(&self.survive)).await?;
        if before == after {
            return Ok(());
        }
        Err(format!("rows after {when}:\n before {before}\n after  {after}"))
    }

    /// What is empty has no file; `BLESS=1` writes the file instead. Where servers write it otherwise from 18 on, that is
    /// in `up.18.sql`.
    fn same(&self, name: &str, version: i32, text: &str) -> Outcome {
        let read = |path: &Path| fs::read_to_string(path).map(|it| it.replace("\r\n", "\n"));
        let of = |version| self.folder.join(name.replace('.', &format!(".{version}.")));
        let (plain, own) = (self.folder.join(name), of(version));
        let newest = (OLDEST + 1..=version).rev().map(of).find(|path| path.exists());
        let is_plain = read(&plain).unwrap_or_default().trim() == text.trim();
        if std::env::var_os("BLESS").is_some() && !is_plain {
            // The oldest one that is tested has the plain names.
            let path = if version > OLDEST.max(self.since) { own } else { plain };
            return fs::write(path, format!("{}\n", text.trim())).map_err(said);
        }
        let expected = read(&newest.unwrap_or(plain)).unwrap_or_default();
        if expected.trim() == text.trim() {
            return Ok(());
        }
        Err(format!("{name} should be (BLESS=1 writes what is)\n{expected}\nand is\n{text}"))
    }
}

/// The server whose words the plain files have.
const OLDEST: i32 = 15;

fn said(error: impl std::fmt::Display) -> String {
    format!("{error:#}")
}

fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

fn all(schema: &Canonical) -> std::collections::BTreeSet<ObjectName> {
    ObjectName::all(schema.schema()).collect()
}

fn nothing(when: &str, left: &[String]) -> Outcome {
    if left.is_empty() { Ok(()) } else { Err(format!("left {when}: {left:#?}")) }
}

/// The databases of a worker, one case after the other: that is faster than new ones.
pub(crate) struct Places {
    live: Place,
    wanted: Place,
    old: Place,
}

impl Places {
    pub(crate) fn new(runtime: &tokio::runtime::Runtime) -> Self {
        let place = || Place::new(runtime);
        Self { live: place(), wanted: place(), old: place() }
    }
}

/// A database and a session on it.
struct Place {
    config: Config,
    connection: Connection,
    server: ScratchServer,
    _database: TestDatabase,
}

impl Place {
    fn new(runtime: &tokio::runtime::Runtime) -> Self {
        let database = test_database().expect("a database");
        let config = Config::from_url(database.url()).expect("a URL");
        let connection = runtime.block_on(Connection::connect(&config)).expect("a session");
        let server = ScratchServer::of_target(&config);
        Self { config, connection, server, _database: database }
    }

    /// Empties it, and runs the script.
    async fn begin(&self, what: &str, script: &str) -> Outcome {
        const DROP: &str = "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace \
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for row in
            self.connection.query::<orm_core::exec::DriverRow>(DROP, &[]).await.map_err(said)?
        {
            self.batch_execute("before", row.get(0)).await?;
        }
        self.batch_execute(what, &format!("CREATE SCHEMA public; {script}")).await
    }

    async fn batch_execute(&self, what: &str, sql: &str) -> Outcome {
        self.connection.batch_execute(sql).await.map_err(|error| format!("{what}: {error:#}"))
    }

    async fn version(&self) -> Outcome<i32> {
        let sql = "SELECT current_setting('server_version_num')::int";
        let rows =
            self.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.map_err(said)?;
        rows[0].try_get(0).map_err(said)
    }

    /// The rows of a query, as one text.
    async fn survivors(&self, query: &str) -> Outcome<String> {
        if query.trim().is_empty() {
            return Ok(String::new());
        }
        let query = query.trim().trim_end_matches(';');
        let sql = format!("SELECT coalesce(json_agg(it)::text, 'no rows') FROM ({query}) AS it");
        let rows = self.connection.query::<orm_core::exec::DriverRow>(&sql, &[]).await;
        let rows = rows.map_err(|error| format!("survive.sql: {error:#}"))?;
        rows[0].try_get(0).map_err(said)
    }
}
