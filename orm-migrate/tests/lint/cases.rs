//! One case for each rule.

use crate::Case;
use crate::build::{
    Build, With as _, bare, deferred, index, key, method, object, on_delete, partial, table, to,
    unique_index,
};
use orm_core::schema::{
    Action, Extension, Function, Index, PartitionOf, Policy, PolicyCommand, Table, Text, Trigger,
    View,
};

fn case(
    rule: &'static str,
    wrong: impl IntoIterator<Item = Table>,
    places: &'static [&'static str],
    right: impl IntoIterator<Item = Table>,
) -> Case {
    let tables = |it: Vec<Table>| it.into_iter().map(Build::from).collect();
    let (wrong, right) = (wrong.into_iter().collect(), right.into_iter().collect());
    Case { rule, wrong: tables(wrong), places, right: tables(right) }
}

fn objects(
    rule: &'static str,
    wrong: Vec<Build>,
    places: &'static [&'static str],
    right: Vec<Build>,
) -> Case {
    Case { rule, wrong, places, right }
}

/// A column of that type, or of the other.
fn typed(
    rule: &'static str,
    wrong: &'static str,
    places: &'static [&'static str],
    right: &[&'static str],
) -> Case {
    case(rule, [table("a", &[wrong])], places, [table("a", right)])
}

fn keys() -> Vec<Case> {
    let partition = || {
        let of = PartitionOf {
            schema: Text::Borrowed("public"),
            table: Text::Borrowed("log"),
            bound: Text::Borrowed("DEFAULT"),
        };
        bare("log_1", &["line text"]).changed(|table| table.partition_of = Some(of))
    };
    vec![
        case(
            "table-without-primary-key",
            [bare("log", &["line text"])],
            &["log: table \"log\""],
            [table("log", &["line text"]), partition()],
        ),
        case(
            "unbounded-text-primary-key",
            [
                key(bare("a", &["code text"]), &["code"]),
                key(bare("b", &["code varchar", "n int"]), &["n", "code"]).check("code <> ''"),
            ],
            &["a: column \"code\"", "b: column \"code\""],
            [
                key(bare("a", &["code varchar(20)"]), &["code"]),
                key(bare("b", &["code text"]), &["code"]).check("char_length(code) < 20"),
                key(bare("c", &["code text"]), &["code"]).check("code IN ('a', 'b')"),
                key(bare("d", &["a_id text"]), &["a_id"]).references(to("a", &["a_id"])),
                table("e", &["code text"]),
            ],
        ),
        case(
            "integer-primary-key-may-overflow",
            [
                key(bare("a", &["id serial"]), &["id"]),
                key(bare("b", &["id int = nextval('b_id_seq')"]), &["id"]),
                table("c", &[]).changed(|table| {
                    table.columns.to_mut()[0].data_type = Text::Borrowed("int2");
                }),
            ],
            &["a: column \"id\"", "b: column \"id\"", "c: column \"id\""],
            [
                table("a", &[]),
                key(bare("country", &["number int"]), &["number"]),
                key(bare("b", &["id bigserial"]), &["id"]),
            ],
        ),
        case(
            "random-uuid-primary-key",
            [key(bare("a", &["id uuid = gen_random_uuid()"]), &["id"])],
            &["a: column \"id\""],
            [key(bare("a", &["id uuid = uuidv7()", "b uuid = gen_random_uuid()"]), &["id"])],
        ),
        case(
            "nullable-unique",
            [table("a", &["org int", "parent int?"]).unique(&["org", "parent"])],
            &["a: unique constraint \"a_org_parent_key\""],
            [
                table("a", &["email text?"]).unique(&["email"]),
                table("b", &["org int", "parent int?"])
                    .unique(&["org", "parent"])
                    .index(partial("parent IS NULL", unique_index(&["org"]))),
                table("c", &["provider text?", "account text?"]).unique(&["provider", "account"]),
                table("d", &["org int", "parent int?"])
                    .unique(&["org", "parent"])
                    .changed(|table| table.uniques.to_mut()[0].nulls_not_distinct = true),
            ],
        ),
        case(
            "unique-implied-by-another",
            [
                table("a", &["n int"]).unique(&["id", "n"]),
                table("b", &["n int", "m int"]).unique(&["n"]).index(unique_index(&["m", "n"])),
            ],
            &["a: unique constraint \"a_id_n_key\"", "b: index \"b_m_n_idx\""],
            [
                table("a", &["n int"]).unique(&["n", "id"]),
                table("b", &["id_a int", "n int"]).references({
                    let key = to("a", &["id", "n"]);
                    orm_core::schema::ForeignKey {
                        columns: vec![Text::Borrowed("id_a"), Text::Borrowed("n")].into(),
                        ..key
                    }
                }),
                table("c", &["n int?", "m int"]).unique(&["n"]).unique(&["n", "m"]),
                table("d", &["n int", "m int"])
                    .index(partial("m > 0", unique_index(&["n"])))
                    .unique(&["n", "m"]),
            ],
        ),
    ]
}

fn foreign_keys() -> Vec<Case> {
    let user = || table("user", &[]);
    let post = || table("post", &["user_id bigint"]).references(to("user", &["user_id"]));
    let optional = || table("post", &["user_id bigint?"]).references(to("user", &["user_id"]));
    vec![
        case(
            "foreign-key-without-index",
            [
                user(),
                post().index(index(&["id", "user_id"])).index(method("brin", index(&["user_id"]))),
                optional()
                    .changed(|table| table.name = Text::Borrowed("note"))
                    .index(partial("id > 7 AND user_id > 0", index(&["user_id"]))),
            ],
            &["note: foreign key \"note_user_id_fkey\"", "post: foreign key \"post_user_id_fkey\""],
            [
                user(),
                post().index(index(&["user_id", "id"])),
                optional()
                    .changed(|table| table.name = Text::Borrowed("note"))
                    .index(partial("user_id IS NOT NULL", index(&["user_id"]))),
                key(bare("like", &["user_id bigint", "post_id bigint"]), &["post_id", "user_id"])
                    .references(to("post", &["post_id"]))
                    .unique(&["user_id"])
                    .references(to("user", &["user_id"])),
            ],
        ),
        case(
            "foreign-key-type-mismatch",
            [user(), table("post", &["user_id integer"]).references(to("user", &["user_id"]))],
            &["post: foreign key \"post_user_id_fkey\""],
            [
                user(),
                table("post", &["user_id int8", "a varchar(9)"])
                    .references(to("user", &["user_id"]))
                    .references(to("code", &["a"])),
                key(bare("code", &["id text"]), &["id"]),
                table("away", &["a int"]).references(to("unknown", &["a"])),
            ],
        ),
        case(
            "on-delete-set-null-but-not-null",
            [
                user(),
                post().changed(|post| {
                    let key = post.foreign_keys[0].clone();
                    post.foreign_keys.to_mut()[0] = on_delete(Action::SetNull, key);
                }),
            ],
            &["post: foreign key \"post_user_id_fkey\""],
            [
                user(),
                optional().changed(|post| {
                    let key = post.foreign_keys[0].clone();
                    post.foreign_keys.to_mut()[0] = on_delete(Action::SetNull, key);
                }),
            ],
        ),
        case(
            "set-default-without-default",
            [table("post", &["user_id bigint"])
                .references(on_delete(Action::SetDefault, to("user", &["user_id"])))],
            &["post: foreign key \"post_user_id_fkey\""],
            [table("post", &["user_id bigint = 1"])
                .references(on_delete(Action::SetDefault, to("user", &["user_id"])))],
        ),
        case(
            "duplicate-foreign-key",
            [user(), post().references(on_delete(Action::Cascade, to("user", &["user_id"])))],
            &["post: foreign key \"post_user_id_a7894a05_fkey\""],
            [user(), post().references(to("post", &["user_id"]))],
        ),
        case(
            "foreign-key-cycle-not-deferrable",
            [
                table("a", &["b_id bigint"]).references(to("b", &["b_id"])),
                table("b", &["c_id bigint"]).references(to("c", &["c_id"])),
                table("c", &["a_id bigint"]).references(to("a", &["a_id"])),
                table("d", &["a_id bigint"]).references(to("a", &["a_id"])),
            ],
            &["a: foreign key \"a_b_id_fkey\""],
            [
                table("a", &["b_id bigint"]).references(to("b", &["b_id"])),
                table("b", &["a_id bigint?"]).references(to("a", &["a_id"])),
                table("c", &["d_id bigint"]).references(to("d", &["d_id"])),
                table("d", &["c_id bigint"]).references(deferred(to("c", &["c_id"]))),
                table("e", &["e_id bigint"]).references(to("e", &["e_id"])),
            ],
        ),
    ]
}

fn indexes() -> Vec<Case> {
    let two = || table("a", &["n int", "m int"]);
    vec![
        case(
            "duplicate-index",
            [
                two().index(index(&["id"])).unique(&["n"]).index(unique_index(&["n"])),
                two()
                    .changed(|table| table.name = Text::Borrowed("b"))
                    .index(index(&["n", "-m"]))
                    // The same, read from its end.
                    .index(index(&["-n", "m"])),
            ],
            &["a: index \"a_id_idx\"", "a: index \"a_n_idx\"", "b: index \"b_n_m_a7ad7ea9_idx\""],
            [
                two()
                    .index(index(&["n", "m"]))
                    .index(index(&["m", "n"]))
                    .index(partial("m > 0", index(&["n", "m"])))
                    .index(method("hash", index(&["n"])))
                    .index(Index {
                        include: vec![Text::Borrowed("id")].into(),
                        ..index(&["n", "m"])
                    })
                    .index(index(&["n", "-m"])),
                table("b", &["n int?"])
                    .unique(&["n"])
                    .index(Index { nulls_not_distinct: true, ..unique_index(&["n"]) }),
            ],
        ),
        case(
            "redundant-index",
            [
                two().index(index(&["n"])).index(index(&["n", "m"])),
                key(bare("b", &["x int", "y int"]), &["x", "y"]).index(index(&["x"])),
            ],
            &["a: index \"a_n_idx\"", "b: index \"b_x_idx\""],
            [
                two()
                    .index(index(&["n"]))
                    .index(index(&["m", "n"]))
                    .index(partial("n > 0", index(&["n", "m"]))),
                key(bare("b", &["x int", "y int"]), &["x", "y"]).index(index(&["y"])),
                table("c", &["n int", "m int"])
                    .index(unique_index(&["n"]))
                    .index(index(&["n", "m"])),
            ],
        ),
        case(
            "index-on-boolean",
            [table("a", &["done boolean"]).index(index(&["done"]))],
            &["a: index \"a_done_idx\""],
            [table("a", &["done boolean", "at timestamptz"])
                .index(index(&["done", "at"]))
                .index(partial("NOT done", index(&["done"])))],
        ),
        case(
            "btree-index-on-document",
            [table("a", &["data jsonb", "tags text[]"])
                .index(index(&["data"]))
                .index(index(&["tags"]))],
            &["a: index \"a_data_idx\"", "a: index \"a_tags_idx\""],
            [table("a", &["data jsonb", "tags text[]"])
                .index(method("gin", index(&["data"])))
                .index(index(&["(data ->> 'kind')"]))],
        ),
    ]
}

fn types() -> Vec<Case> {
    vec![
        case(
            "serial-instead-of-identity",
            [key(bare("a", &["id bigserial"]), &["id"])],
            &["a: column \"id\""],
            [table("a", &[])],
        ),
        typed(
            "timestamp-without-time-zone",
            "at timestamp(3)",
            &["a: column \"at\""],
            &["at timestamptz", "on date", "b time"],
        ),
        typed("time-with-time-zone", "at timetz", &["a: column \"at\""], &["at time"]),
        typed(
            "timestamp-rounded-to-seconds",
            "at timestamp(0) with time zone",
            &["a: column \"at\""],
            &["at timestamptz(3)", "b timestamptz"],
        ),
        typed("char-type", "c char(3)", &["a: column \"c\""], &["c text", "d \"char\""]),
        typed("money-type", "m money?", &["a: column \"m\""], &["m numeric(12, 2)"]),
        typed("json-instead-of-jsonb", "j json", &["a: column \"j\""], &["j jsonb"]),
        typed(
            "float-for-money",
            "unit_price float8",
            &["a: column \"unit_price\""],
            &["unit_price numeric", "weight real", "pricey float8"],
        ),
        typed("varchar-limit", "c varchar(3)", &["a: column \"c\""], &["c text", "d varchar"]),
        typed("nullable-boolean", "b bool?", &["a: column \"b\""], &["b bool", "c int?"]),
    ]
}

fn defaults() -> Vec<Case> {
    vec![
        typed(
            "default-time-is-constant",
            "at timestamptz = 'now'::timestamptz",
            &["a: column \"at\""],
            &["at timestamptz = now()", "b text = 'now'", "c date = '2020-01-01'"],
        ),
        typed(
            "uuid-stored-as-text",
            "u text = gen_random_uuid()::text",
            &["a: column \"u\""],
            &["u uuid = gen_random_uuid()", "t text = 'gen_random_uuid'"],
        ),
        case(
            "check-not-immutable",
            [table("a", &["at timestamptz"]).check("at < now()")],
            &["a: check \"a_check\""],
            [table("a", &["at timestamptz", "now text"])
                .check("at > '2020-01-01' AND now <> 'now()'")],
        ),
        case(
            "check-instead-of-not-null",
            [table("a", &["n int?"]).check("(n IS NOT NULL)")],
            &["a: check \"a_check\""],
            [table("a", &["n int?", "m int?"]).check("n IS NOT NULL OR m IS NOT NULL")],
        ),
        case(
            "not-valid-constraint",
            [table("a", &["n int"])
                .check("n > 0")
                .changed(|table| table.checks.to_mut()[0].not_valid = true)],
            &["a: check \"a_check\""],
            [table("a", &["n int"]).check("n > 0")],
        ),
    ]
}

const LONG: &str = "a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name";

fn names() -> Vec<Case> {
    vec![
        case(
            "name-too-long",
            [table(
                "a",
                &["a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name int"],
            )
            .changed(|table| {
                let name = Text::Borrowed(LONG);
                table.triggers.to_mut().push(Trigger { name, ..Trigger::default() });
            })],
            &[
                "a: column \"a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name\"",
                "a: trigger \"a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name\"",
            ],
            [table("a", &["n int"]).index(index(&["n"]))],
        ),
        case(
            "mixed-case-name",
            [table("User", &["userId int"])],
            &["User: column \"userId\"", "User: primary key \"User_pkey\"", "User: table \"User\""],
            [table("user", &["user_id int", "größe int"])],
        ),
        case(
            "reserved-word-name",
            [table("user", &["order int"])],
            &["user: column \"order\"", "user: table \"user\""],
            [table("users", &["name text", "value int", "key int"])],
        ),
    ]
}

fn policy(name: &'static str, using: &'static str) -> Policy {
    let using = Some(Text::Borrowed(using));
    Policy { name: Text::Borrowed(name), using, ..Policy::default() }
}

fn secured(name: &'static str) -> Table {
    table(name, &["n int"]).changed(|table| table.row_security = true)
}

fn security() -> Vec<Case> {
    let function = |definition: &'static str| {
        object(Function {
            signature: Text::Borrowed("integer"),
            ..Function::new("public", "f", "integer", definition)
        })
    };
    vec![
        case(
            "row-security-without-policy",
            [secured("a")],
            &["a: table \"a\""],
            [secured("a").policy(policy("p", "n > 0")), table("b", &[])],
        ),
        case(
            "policy-without-row-security",
            [table("a", &["n int"]).policy(policy("p", "n > 0"))],
            &["a: table \"a\""],
            [secured("a").policy(policy("p", "n > 0"))],
        ),
        objects(
            "security-definer-without-search-path",
            vec![function("RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")],
            &["f(integer): function \"f(integer)\""],
            vec![function(
                "RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1'",
            )],
        ),
        case(
            "policy-allows-all",
            [secured("a").policy(policy("p", "(true)"))],
            &["a: policy \"p\""],
            [
                secured("a").policy(policy("p", "n = 1")),
                secured("b")
                    .policy(Policy { command: PolicyCommand::Select, ..policy("p", "true") }),
                secured("c").policy(Policy {
                    roles: vec![Text::Borrowed("admin")].into(),
                    ..policy("p", "true")
                }),
            ],
        ),
        case(
            "policy-setting-for-each-row",
            [secured("a").policy(policy("p", "n = current_setting('a.b')::int"))],
            &["a: policy \"p\""],
            [secured("a").policy(policy("p", "n = (SELECT current_setting('a.b')::int)"))],
        ),
        case(
            "several-permissive-policies",
            [secured("a").policy(policy("p", "n = 1")).policy(policy("q", "n = 2"))],
            &["a: policy \"q\""],
            [secured("a")
                .policy(Policy { restrictive: true, ..policy("p", "n = 1") })
                .policy(Policy { command: PolicyCommand::Select, ..policy("q", "n = 2") })
                .policy(Policy { command: PolicyCommand::Insert, ..policy("r", "n = 2") })],
        ),
    ]
}

fn others() -> Vec<Case> {
    let seen = |options: &[&'static str]| {
        let options = options.iter().map(|it| Text::Borrowed(it)).collect::<Vec<_>>().into();
        object(View { options, ..View::new("public", "seen", "SELECT 1 AS n") })
    };
    let kept = |indexes: Vec<Index>| {
        let view = View::materialized("public", "kept", "SELECT 1 AS n");
        object(View { indexes: indexes.into(), ..view })
    };
    vec![
        objects(
            "view-without-security-invoker",
            vec![seen(&["security_barrier=true"])],
            &["seen: view \"seen\""],
            vec![seen(&["security_invoker=true"]), kept(Vec::new())],
        ),
        objects(
            "materialized-view-without-unique-index",
            vec![kept(vec![index(&["n"])])],
            &["kept: materialized view \"kept\""],
            vec![kept(vec![unique_index(&["n"])]), seen(&[])],
        ),
        objects(
            "extension-in-public",
            vec![object(Extension::new("citext"))],
            &["citext: extension \"citext\""],
            vec![object(Extension {
                schema: Some(Text::Borrowed("extensions")),
                ..Extension::new("citext")
            })],
        ),
        case(
            "unlogged-table",
            [table("a", &[]).changed(|table| table.unlogged = true)],
            &["a: table \"a\""],
            [table("a", &[])],
        ),
    ]
}

pub(crate) fn all() -> Vec<Case> {
    [keys(), foreign_keys(), indexes(), types(), defaults(), names(), security(), others()]
        .into_iter()
        .flatten()
        .collect()
}
