//! A foreign key is made again only when the index that it uses goes.

use orm_migrate::diff::{diff, settled};
use orm_migrate::plan::{Down, plan};
use orm_migrate_test_support::{Live, all, differences};

/// The table that is referenced, before and after, and whether the foreign key goes on the way there and back.
struct Case {
    what: &'static str,
    after: &'static str,
    there: bool,
    back: bool,
}

#[tokio::test]
async fn a_foreign_key_goes_only_with_its_index() {
    const KEY: &str = "CREATE TABLE o (id int PRIMARY KEY, a text, b int)";
    const KEY_AND_REFERENCE: &str = "CREATE TABLE o (id int PRIMARY KEY, a text, b int); CREATE TABLE m (o int REFERENCES o (id))";
    let on = |index: &str| format!("{KEY}; {index}; CREATE TABLE m (o int REFERENCES o (id))");
    let later = |index: &str| format!("{KEY_AND_REFERENCE}; {index}");
    let harmless = [
        "CREATE UNIQUE INDEX u ON o (a)",
        "CREATE UNIQUE INDEX u ON o (id) WHERE b > 0",
        "CREATE UNIQUE INDEX u ON o ((id + 1))",
        "CREATE UNIQUE INDEX u ON o (id, a)",
        "CREATE UNIQUE INDEX u ON o (id)",
        "CREATE UNIQUE INDEX u ON o (id) INCLUDE (a)",
        "CREATE INDEX u ON o (id)",
        "ALTER TABLE o ADD UNIQUE (a)",
        "ALTER TABLE o ADD UNIQUE (id)",
        "ALTER TABLE o ADD UNIQUE (id) DEFERRABLE",
        "ALTER TABLE o ADD UNIQUE (id, a)",
    ];
    let (live, goal) = (Live::with("").await, Live::with("").await);
    let go = async |before: &str, after: &str, there: bool, back: bool| {
        live.begin_again(before).await;
        goal.begin_again(after).await;
        let (from, to) = (live.read().await, goal.read().await);
        let changes = diff(&from, &to, &all(&from));
        let up = plan(changes.clone(), &from, &to).up_sql();
        live.run(&up).await;
        assert_eq!(up.contains("FOREIGN KEY"), there, "{before}\n{after}\n{up}");
        assert_eq!(differences(&live.read().await, &to), [""; 0], "{up}");
        let down = Down::of(&changes, &from, &settled(&from, &to)).sql.expect("a way back");
        live.run(&down).await;
        assert_eq!(down.contains("FOREIGN KEY"), back, "{before}\n{after}\n{down}");
        assert_eq!(differences(&live.read().await, &from), [""; 0], "{down}");
    };
    for index in harmless {
        go(&on(index), KEY_AND_REFERENCE, false, false).await;
        go(&later(index), KEY_AND_REFERENCE, false, false).await;
        go(KEY_AND_REFERENCE, &later(index), false, false).await;
    }
    const BY_INDEX: &str = "CREATE TABLE o (id int NOT NULL, a text NOT NULL); CREATE UNIQUE INDEX u ON o (id); CREATE TABLE m (o int REFERENCES o (id)); ALTER TABLE o ADD PRIMARY KEY (id)";
    let cases = [
        Case {
            what: "its index goes, and the primary key takes its place",
            after: "CREATE TABLE o (id int PRIMARY KEY, a text NOT NULL); CREATE TABLE m (o int REFERENCES o (id))",
            there: true,
            back: false,
        },
        Case {
            what: "the primary key goes, and its index stays",
            after: "CREATE TABLE o (id int NOT NULL, a text NOT NULL); CREATE UNIQUE INDEX u ON o (id); CREATE TABLE m (o int REFERENCES o (id))",
            there: false,
            back: false,
        },
        Case {
            what: "the primary key is replaced, and its index stays",
            after: "CREATE TABLE o (id int NOT NULL, a text PRIMARY KEY); CREATE UNIQUE INDEX u ON o (id); CREATE TABLE m (o int REFERENCES o (id))",
            there: false,
            back: false,
        },
    ];
    for Case { what, after, there, back } in cases {
        go(&format!("-- {what}\n{BY_INDEX}"), after, there, back).await;
    }
}
