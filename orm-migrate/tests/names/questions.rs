//! Questions that are open, and their answers in flags and files.

use orm_migrate_test_support::{Database, TempFolder, ToolOutput, run};

const BEFORE: &str =
    "CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL UNIQUE, title text, born int);
    INSERT INTO person VALUES (1, 'Ada', 'Lady', 1815)";
const AFTER: &str = "CREATE TABLE person (id int PRIMARY KEY, full_name text NOT NULL UNIQUE, title text, born int)";

fn diff(from: &Database, to: &Database, more: &[&str]) -> ToolOutput {
    run(&[&["diff", "--from", from.url(), "--to", to.url()], more].concat())
}

#[test]
fn a_column_that_goes_while_one_comes_is_a_question_and_not_a_loss() {
    let (from, to) = (Database::with(BEFORE), Database::with(AFTER));
    for more in [&["--sql"][..], &["--sql", "--allow-destructive"]] {
        let said = diff(&from, &to, more).exits(4);
        assert_eq!(
            said.error.trim_end(),
            "error: a question is open, and nobody is there to ask: to drop the one and add the other would lose what it holds
- is column \"full_name\" of \"person\" new, or was it renamed from \"name\"?
  renamed: --rename person.name=person.full_name, or #[column(renamed_from = \"name\")] in the code
  new: --no-rename person.full_name
  hint: or answer in a file, and name it with --hints:
    [[rename]]
    from = \"person.name\"
    to = \"person.full_name\"
    # [[new]]
    # name = \"person.full_name\""
        );
        assert!(said.out.is_empty(), "{}", said.out);
    }
}

#[test]
fn a_flag_or_a_file_answers_and_the_rows_stay() {
    let to = Database::with(AFTER);
    let place = TempFolder::new();
    let hints = "[[rename]]\nfrom = \"person.name\"\nto = \"person.full_name\"\n";
    let hints = place.file("hints.toml", hints);
    let answers: [&[&str]; 4] = [
        &["--rename", "person.name=person.full_name"],
        &["--rename", "name=person.full_name"],
        &["--rename", "public.person.name=person.full_name"],
        &["--hints", &hints],
    ];
    for answer in answers {
        let from = Database::with(BEFORE);
        let sql = diff(&from, &to, &[answer, &["--sql"]].concat()).exits(0).out;
        from.sql(&sql);
        let rows = from.texts("SELECT full_name FROM person");
        assert_eq!(rows, ["Ada"], "{answer:?}");
        assert_eq!(diff(&from, &to, &["--sql"]).exits(0).out, "-- no differences\n");
        let names = from.texts("SELECT conname::text FROM pg_constraint WHERE conrelid = 'person'::regclass AND contype = 'u'");
        assert_eq!(names, ["person_full_name_key"]);
    }
}

#[test]
fn what_is_said_to_be_new_is_made_and_what_goes_still_has_to_be_allowed() {
    let (from, to) = (Database::with(BEFORE), Database::with(AFTER));
    let place = TempFolder::new();
    let hints = place.file("hints.toml", "[[new]]\nname = \"person.full_name\"\n");
    for answer in
        [&["--no-rename", "person.full_name"][..], &["--hints", &hints], &["--no-renames"]]
    {
        diff(&from, &to, &[answer, &["--sql"]].concat()).exits(3).says(&["--allow-destructive"]);
        let allowed = [answer, &["--sql", "--allow-destructive"]].concat();
        // The row that is there has no value for it.
        let allowed = [&allowed[..], &["--allow-failing", "--no-verify"]].concat();
        diff(&from, &to, &allowed)
            .exits(0)
            .says(&["ADD COLUMN \"full_name\"", "DROP COLUMN \"name\""]);
    }
}

#[test]
fn machines_get_the_questions_as_json() {
    let (from, to) = (Database::with(BEFORE), Database::with(AFTER));
    let said = diff(&from, &to, &["--sql", "--json"]).exits(4);
    let document = said.json();
    assert_eq!(document["error"]["exit_code"], 4);
    let question = &document["error"]["details"]["questions"][0];
    assert_eq!(question["name"], "person.full_name");
    assert_eq!(question["renamed"][0]["from"], "person.name");
    assert_eq!(question["renamed"][0]["flag"], "--rename person.name=person.full_name");
    assert_eq!(question["new"]["flag"], "--no-rename person.full_name");
    // For --check an open question is a difference.
    let said = diff(&from, &to, &["--check", "--json"]).exits(2);
    assert_eq!(said.json()["questions"][0]["kind"], "column");
    diff(&from, &to, &["--check"]).exits(2).says(&["open: is column \"full_name\""]);
}

#[test]
fn the_likeliest_comes_first() {
    let from = Database::with(
        "CREATE TABLE t (id int PRIMARY KEY, nickname text, mail varchar(9), age int, pay numeric)",
    );
    let to = Database::with("CREATE TABLE t (id int PRIMARY KEY, email varchar(20), years bigint)");
    let said = diff(&from, &to, &["--sql", "--json"]).exits(4);
    let questions = said.json()["error"]["details"]["questions"].clone();
    let candidates = |number: usize| -> Vec<String> {
        let all = questions[number]["renamed"].as_array().expect("a list");
        all.iter().map(|it| it["from"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(questions.as_array().map(Vec::len), Some(2), "{questions}");
    assert_eq!(candidates(0), ["t.mail", "t.nickname"]);
    assert_eq!(candidates(1), ["t.age"]);
}

#[test]
fn tables_types_values_and_sequences_are_asked_for_too() {
    let from = Database::with(
        "CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine'); CREATE TYPE s.place AS (street text, zip int);
         CREATE TYPE size AS ENUM ('s', 'l'); CREATE SEQUENCE \"old.numbers\";
         CREATE TABLE person (id int PRIMARY KEY, m mood, p s.place, z size, name text); CREATE TABLE other (x int)",
    );
    let to = Database::with(
        "CREATE SCHEMA s; CREATE TYPE feeling AS ENUM ('sad', 'ok'); CREATE TYPE s.place AS (street text, code int);
         CREATE TYPE size AS ENUM ('small', 'l'); CREATE SEQUENCE numbers;
         CREATE TABLE account (id int PRIMARY KEY, m feeling, p s.place, z size, name text); CREATE TABLE thing (y int)",
    );
    let said = diff(&from, &to, &["--sql"]).exits(4);
    let said = said.says(&[
        "is table \"account\" new, or was it renamed from \"person\"?",
        "--rename person=account, or #[table(renamed_from = \"person\")]",
        "is enum \"feeling\" new, or was it renamed from \"mood\"?",
        "is sequence \"numbers\" new, or was it renamed from \"old.numbers\"?",
        "  renamed: --rename '\"old.numbers\"=numbers'\n",
        "from = '\"old.numbers\"'",
        "is value 'small' of \"size\" new, or was it renamed from 's'?",
        "--rename size.s=size.small",
        "is attribute \"code\" of \"s\".\"place\" new, or was it renamed from \"zip\"?",
        "--rename s.place.zip=s.place.code",
    ]);
    assert!(!said.error.contains("\"thing\""), "{}", said.error);
    let answers = [
        "--rename",
        "person=account",
        "--rename",
        "mood=feeling",
        "--rename",
        "size.s=size.small",
        "--rename",
        "\"old.numbers\"=numbers",
        "--rename",
        "s.place.zip=s.place.code",
        "--sql",
        "--allow-destructive",
    ];
    let sql = diff(&from, &to, &answers).exits(0).out;
    from.sql(&sql);
    assert_eq!(diff(&from, &to, &["--sql"]).exits(0).out, "-- no differences\n");
}

#[test]
fn what_is_in_a_renamed_table_is_asked_for_under_its_new_name() {
    let from = Database::with(
        "CREATE TABLE a (id int PRIMARY KEY, x text, y text, z text, n text); INSERT INTO a VALUES (1, 'x', 'y', 'z', 'n')",
    );
    let to = Database::with("CREATE TABLE b (id int PRIMARY KEY, x text, y text, z text, m text)");
    let said = diff(&from, &to, &["--sql", "--rename", "a=b"]).exits(4);
    said.says(&["is column \"m\" of \"b\" new, or was it renamed from \"n\"?", "--rename b.n=b.m"]);
    for column in ["b.n=b.m", "a.n=b.m", "n=b.m"] {
        diff(&from, &to, &["--sql", "--rename", column, "--rename", "a=b"]).exits(0);
    }
}

#[test]
fn names_are_exchanged_when_somebody_asks_for_it() {
    let from = Database::with(
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'a', 'b')",
    );
    let same = Database::with("CREATE TABLE t (id int PRIMARY KEY, a text, b text)");
    let sql = diff(&from, &same, &["--sql", "--rename", "t.a=t.b", "--rename", "t.b=t.a"]).exits(0);
    from.sql(&sql.out);
    assert_eq!(from.texts("SELECT a || b FROM t"), ["ba"]);
}

#[test]
fn an_answer_that_is_wrong_or_answers_nothing_is_named() {
    let (from, to) = (Database::with(BEFORE), Database::with(AFTER));
    let place = TempFolder::new();
    let wrong = [
        (
            vec!["--rename", "person.nme=person.full_name"],
            "--rename person.nme=person.full_name: the database has no person.nme\nhint: did you mean `person.name`?",
        ),
        (
            vec!["--rename", "person.name=person.fullname"],
            "what is declared has no person.fullname\nhint: did you mean `person.full_name`?",
        ),
        (vec!["--rename", "person.name"], "that is no pair of names"),
        (vec!["--rename", "person..name=person.full_name"], "that is no pair of names"),
        (vec!["--rename", "person=person.full_name"], "person cannot become person.full_name"),
        (vec!["--rename", "person.title=person.born"], "the database has both"),
        (vec!["--rename", "person.name=person.title"], "the database has both"),
        (
            vec!["--no-rename", "person.title"],
            "--no-rename person.title answers no question: the database has it already",
        ),
        (vec!["--no-rename", "person.ful_name"], "did you mean `person.full_name`?"),
        (vec!["--no-rename", "."], "that is no name"),
        (vec!["--hints", "/nowhere/hints.toml"], "could not read the hints in /nowhere/hints.toml"),
    ];
    for (flags, expected) in wrong {
        diff(&from, &to, &[&flags[..], &["--sql"]].concat()).exits(1).says(&[expected]);
    }
    let files = [
        ("[[rename]]\nfrom = \"person.name\"\n", "line 1: missing field `to`"),
        ("\n[[renames]]\n", "line 2: unknown field `renames`"),
        ("nonsense", "line 1:"),
        (
            "[[rename]]\nfrom = \"person.x\"\nto = \"person.full_name\"",
            "[[rename]] from person.x to person.full_name: the database has no person.x",
        ),
        ("[[new]]\nname = \"person.born\"", "hints.toml: [[new]] person.born answers no question"),
    ];
    for (text, expected) in files {
        let file = place.file("hints.toml", text);
        diff(&from, &to, &["--sql", "--hints", &file]).exits(1).says(&[expected]);
    }
}

#[test]
fn push_asks_the_same_questions() {
    let (from, to) = (Database::with(BEFORE), Database::with(AFTER));
    let push = |more: &[&str]| {
        run(&[&["push", "--database-url", from.url(), "--to", to.url()], more].concat())
    };
    push(&[]).exits(4).says(&["--rename person.name=person.full_name"]);
    push(&["--dry-run", "--allow-destructive"]).exits(4);
    push(&["--rename", "person.name=person.full_name"]).exits(0);
    assert_eq!(from.texts("SELECT full_name FROM person"), ["Ada"]);
    push(&[]).exits(0).says(&["no differences"]);
}
