//! Every column and option that a server's catalog has is compared, listed, or known to be the server's own.
//!
//! `known.txt` says of each what becomes of it. A server with a column, catalog or option that is not there is named here,
//! before it is taken for a difference, or for nothing.

use crate::Case;
use std::collections::{BTreeMap, BTreeSet};

const KNOWN: &str = include_str!("known.txt");

/// One relation of each kind that can have options, and none set.
const EACH_KIND: &str = "
    CREATE TABLE t (id serial PRIMARY KEY, a int, b text, p point, r int[], i int GENERATED ALWAYS AS IDENTITY);
    CREATE INDEX t_btree ON t (a); CREATE INDEX t_hash ON t USING hash (a); CREATE INDEX t_brin ON t USING brin (a);
    CREATE INDEX t_gin ON t USING gin (r); CREATE INDEX t_gist ON t USING gist (p); CREATE INDEX t_spgist ON t USING spgist (p);
    CREATE TABLE parted (a int, b text) PARTITION BY LIST (a); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
    CREATE INDEX parted_a ON parted (a); CREATE UNLOGGED TABLE u (a int); CREATE TABLE child (c int) INHERITS (t);
    CREATE VIEW v AS SELECT id, b FROM t; CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t; CREATE UNIQUE INDEX m_id ON m (id);
    CREATE TYPE c AS (x int, y text); CREATE DOMAIN d AS int; CREATE TYPE e AS ENUM ('x'); CREATE SEQUENCE s;
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER far;";

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'pg_catalog'::regnamespace";

/// All options of relations and columns in the schema `public`.
const OPTIONS: &str = "SELECT DISTINCT CASE WHEN c.relkind IN ('i', 'I') THEN 'parameters of operator classes' ELSE 'columns' END, split_part(o, '=', 1)
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid CROSS JOIN unnest(a.attoptions) AS o
    WHERE c.relnamespace = 'public'::regnamespace
    UNION
    SELECT CASE c.relkind WHEN 'v' THEN 'views' WHEN 'm' THEN 'materialized views' WHEN 'i' THEN m.amname WHEN 'I' THEN m.amname ELSE 'tables' END,
           split_part(o, '=', 1)
    FROM pg_class AS c LEFT JOIN pg_class AS h ON h.reltoastrelid = c.oid LEFT JOIN pg_am AS m ON m.oid = c.relam
    CROSS JOIN unnest(c.reloptions) AS o
    WHERE 'public'::regnamespace IN (c.relnamespace, h.relnamespace)
    ORDER BY 1, 2";

/// A name in `known.txt`.
struct Entry {
    /// A catalog, or `options of ..`.
    of: String,
    class: &'static str,
    /// `*` for the whole catalog.
    name: String,
    /// The value of an option.
    value: Option<&'static str>,
    from: i64,
    to: i64,
}

impl Entry {
    fn parse(of: &str, class: &'static str, word: &'static str) -> Self {
        let (word, value) =
            word.split_once('=').map_or((word, None), |(word, value)| (word, Some(value)));
        let (name, from, to) = ranged(word);
        Self { of: of.to_owned(), class, name: name.to_owned(), value, from, to }
    }

    fn is_in(&self, version: i64) -> bool {
        (self.from..=self.to).contains(&version)
    }
}

/// `name(15-17)`, `name(15-)`, `name(-17)` or `name`.
fn ranged(word: &str) -> (&str, i64, i64) {
    let Some((name, range)) = word.split_once('(') else { return (word, 0, i64::MAX) };
    let (from, to) = range.trim_end_matches(')').split_once('-').expect("a range");
    (name, from.parse().unwrap_or(0), to.parse().unwrap_or(i64::MAX))
}

fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut of = "";
    for line in KNOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("  "), line.split_once(": ")) {
            (Some(line), _) => {
                let (class, words) = line.split_once(": ").expect("a class and names");
                entries.extend(words.split_whitespace().map(|word| Entry::parse(of, class, word)));
            }
            (None, Some((catalog, class))) => {
                let (catalog, from, to) = ranged(catalog);
                let whole = Entry::parse(catalog, class, "*");
                entries.push(Entry { from, to, ..whole });
            }
            (None, None) => of = line,
        }
    }
    for entry in &entries {
        let classes = ["compared", "listed", "restored", "server", "unread"];
        assert!(classes.contains(&entry.class), "{} of {}", entry.class, entry.of);
    }
    entries
}

async fn pairs(case: &Case, sql: &str) -> BTreeSet<(String, String)> {
    let rows = case.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn named(found: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
    found.into_iter().map(|(of, name)| format!("{name} of {of}")).collect()
}

#[tokio::test]
async fn every_column_of_the_catalog_is_known() {
    let case = Case::new().await;
    let version = case.version().await;
    let found = pairs(&case, COLUMNS).await;
    let entries = entries();
    let entries: Vec<&Entry> =
        entries.iter().filter(|it| it.is_in(version) && it.of.starts_with("pg_")).collect();
    let whole: BTreeSet<&str> =
        entries.iter().filter(|it| it.name == "*").map(|it| it.of.as_str()).collect();
    let catalogs: BTreeSet<&str> = found.iter().map(|(catalog, _)| catalog.as_str()).collect();
    let gone: Vec<&&str> = whole.difference(&catalogs).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "PostgreSQL {version} does not have these catalogs");
    let known: BTreeSet<(String, String)> = entries
        .iter()
        .filter(|it| it.name != "*")
        .map(|it| (it.of.clone(), it.name.clone()))
        .collect();
    let found: BTreeSet<(String, String)> =
        found.into_iter().filter(|(catalog, _)| !whole.contains(catalog.as_str())).collect();
    assert_eq!(
        named(found.difference(&known).cloned()),
        Vec::<String>::new(),
        "PostgreSQL {version} has what known.txt does not classify: is it compared, listed, or the server's own?"
    );
    assert_eq!(
        named(known.difference(&found).cloned()),
        Vec::<String>::new(),
        "PostgreSQL {version} does not have these: known.txt must say in which versions they are"
    );
}

#[tokio::test]
async fn every_option_that_a_server_writes_by_itself_is_known() {
    let case = Case::with(EACH_KIND).await;
    let found = pairs(&case, OPTIONS).await;
    let entries = entries();
    let known: BTreeSet<(String, String)> = entries
        .iter()
        .filter(|it| it.class == "server")
        .filter_map(|it| Some((it.of.strip_prefix("options of ")?.to_owned(), it.name.clone())))
        .collect();
    assert_eq!(
        named(found.difference(&known).cloned()),
        Vec::<String>::new(),
        "the server writes options that no statement set, and known.txt does not have them"
    );
    let live = case.read().await;
    let options = live.unmanaged.iter().filter(|it| it.kind.contains("option"));
    assert_eq!(options.collect::<Vec<_>>(), Vec::<&orm_migrate::catalog::Unmanaged>::new());
}

#[tokio::test]
async fn every_option_that_postgresql_documents_is_compared_or_listed() {
    let case = Case::with(EACH_KIND).await;
    let version = case.version().await;
    let before = case.read().await;
    let targets: BTreeMap<&str, &[&str]> = BTreeMap::from([
        (
            "options of columns",
            ["TABLE t ALTER a", "TABLE part ALTER a", "TABLE m ALTER id"].as_slice(),
        ),
        ("options of tables", &["TABLE t", "TABLE part"]),
        ("options of materialized views", &["MATERIALIZED VIEW m"]),
        ("options of views", &["VIEW v"]),
        ("options of brin", &["INDEX t_brin"]),
        ("options of btree", &["INDEX t_btree", "INDEX m_id"]),
        ("options of gin", &["INDEX t_gin"]),
        ("options of gist", &["INDEX t_gist"]),
        ("options of hash", &["INDEX t_hash"]),
        ("options of spgist", &["INDEX t_spgist"]),
    ]);
    let entries = entries();
    let options = entries.iter().filter(|it| it.of.starts_with("options") && it.class != "server");
    let mut tried = 0;
    for option in options {
        let targets = targets.get(option.of.as_str()).unwrap_or_else(|| panic!("{}", option.of));
        for target in *targets {
            let (name, value) = (&option.name, option.value.expect("a value to try"));
            let set = format!("ALTER {target} SET ({name} = {value})");
            let done = case.connection.batch_execute(&set).await;
            if !option.is_in(version) {
                let error = done.expect_err("known.txt says that this version does not have it");
                assert!(error.to_string().contains("unrecognized parameter"), "{set}: {error}");
                continue;
            }
            done.unwrap_or_else(|error| panic!("{set}: {error:#}"));
            let with = case.read().await;
            let is_compared = with.canonical.hash() != before.canonical.hash();
            let is_listed =
                with.unmanaged.iter().any(|it| it.name.contains(&format!("{name}={value}")));
            let class = match (is_compared, is_listed) {
                (true, false) => "compared",
                (false, true) => "listed",
                both => panic!("{set}: compared and listed: {both:?}"),
            };
            assert_eq!(class, option.class, "{set}");
            case.run(&format!("ALTER {target} RESET ({name})")).await;
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
    let after = case.read().await;
    assert_eq!(after.canonical.hash(), before.canonical.hash());
    assert_eq!(after.unmanaged, before.unmanaged);
}

/// As the releases of November 2026 do, on any server: a number that is another one on each table.
#[tokio::test]
async fn what_a_server_stamps_on_columns_is_neither_compared_nor_listed() {
    let case = Case::with(EACH_KIND).await;
    let before = case.read().await;
    let stamp = "UPDATE pg_attribute AS a SET attoptions = array_append(coalesce(
            (SELECT array_agg(o) FROM unnest(a.attoptions) AS o WHERE o !~ '^pg_attver='), '{}'), 'pg_attver=' || a.attrelid)
        FROM pg_class AS c WHERE c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
            AND c.relkind IN ('r', 'p', 'v', 'm', 'c', 'i');
        UPDATE pg_class SET reloptions = '{pg_relver=7}' WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'i')";
    case.run(stamp).await;
    let after = case.read().await;
    assert_eq!(after.canonical.hash(), before.canonical.hash());
    assert_eq!(after.unmanaged, before.unmanaged);
    // An option that a user sets next to it is listed. A server without the stamp refuses `SET` where one is.
    let set = "UPDATE pg_attribute SET attoptions = attoptions || '{n_distinct=7}'
        WHERE (attrelid, attname) IN (('t'::regclass, 'a'), ('m'::regclass, 'id'))";
    case.run(set).await;
    let listed = case.read().await.unmanaged;
    let listed: Vec<&str> = listed
        .iter()
        .filter(|it| it.kind == "option of a column")
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(listed, ["n_distinct=7 of a on public.t", "n_distinct=7 of id on public.m"]);
}

#[tokio::test]
async fn an_option_that_is_not_known_is_listed_once_and_not_compared() {
    let case = Case::with(EACH_KIND).await;
    let before = case.read().await;
    let later = "UPDATE pg_attribute AS a SET attoptions = array_append(coalesce(attoptions, '{}'), 'later=' || a.attnum)
        FROM pg_class AS c WHERE c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND c.relkind = 'r';
        UPDATE pg_class SET reloptions = '{later=7}' WHERE relnamespace = 'public'::regnamespace AND relname IN ('t', 'u', 'v', 't_btree')";
    case.run(later).await;
    let after = case.read().await;
    assert_eq!(after.canonical.hash(), before.canonical.hash());
    let listed: Vec<&str> = after
        .unmanaged
        .iter()
        .filter(|it| it.kind == "unknown option")
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(listed, ["later of btree", "later of columns", "later of tables", "later of views"]);
}
