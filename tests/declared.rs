//! What each key of `#[table(..)]` and `#[column(..)]` says to the model: the spellings, and what they mean.

use orm::prelude::*;
use orm::schema::{
    Action, Check, Deferrable, Generated, GeneratedKind, Identity, IdentityKind, IndexKey,
    IndexPart, NullsOrder, Object, PartitionOf, PolicyCommand, SequenceOptions, SortOrder,
};

/// The table that others reference.
#[derive(Table, Debug, PartialEq)]
#[table(primary_key("member_key", organization_id, user_id, include(role), deferrable))]
pub(crate) struct Member {
    organization_id: i64,
    user_id: i64,
    role: String,
}

#[derive(Table, Debug, PartialEq)]
#[table(
    unique("one_title", title, nulls_not_distinct, include(price), deferrable = initially_deferred),
    unique(price, name = "one_price"),
    foreign_key(
        "note_member", organization_id, user_id => Member::organization_id, Member::user_id,
        on_delete = set_null(user_id), on_update = cascade, match_full,
        deferrable = initially_deferred, not_valid, relation = member,
    ),
    index(
        "by_title", title collate "C" ops "text_pattern_ops", sql("lower(title)") desc,
        price desc nulls_last, user_id nulls_first,
    ),
    unique_index(title, where = "price > 0", include(price), nulls_not_distinct, with(fillfactor = 70)),
    index(tags, method = gin, with(fastupdate = off)),
    check("cheap", "price < 100", not_valid),
    check("price > 0", no_inherit),
    exclude("no_overlap", price with "=", sql("int8range(price, total)") with "&&", where = "price > 0", deferrable),
    exclude(title with "=", method = btree),
    trigger("touch", "BEFORE UPDATE", "FOR EACH ROW EXECUTE FUNCTION touch()"),
    trigger("later", "AFTER INSERT", "FOR EACH ROW EXECUTE FUNCTION later()", constraint),
    row_security = forced,
    policy("own", to = "member, guest", using = "owner", with_check = "owner"),
    policy("fresh", for = select, to = "PUBLIC", using = "price > 0", restrictive),
    unlogged,
    with(fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = "off"),
)]
pub(crate) struct Note {
    #[column(primary_key, identity(by_default, start = 100, increment = -5, min = -9, max = 100, cache = 7, cycle))]
    id: i64,
    organization_id: Option<i64>,
    user_id: Option<i64>,
    #[column(collation = "C", unique(nulls_not_distinct))]
    title: String,
    tags: Vec<String>,
    price: i64,
    #[column(generated = "price * 2")]
    total: i64,
    #[column(generated = virtual("price * 3"), collation = r#"public."de""#)]
    more: i64,
    #[column(references = Self::id, on_delete = set_null, deferrable = initially_deferred, not_valid)]
    parent_id: Option<i64>,
}

#[derive(Table, Debug, PartialEq)]
#[table(
    schema = "log",
    primary_key(id, at),
    partition_by = range(at, sql("lower(kind)")),
    partition("event_2024", values = "FROM ('2024-01-01', 'a') TO ('2025-01-01', 'b')", with(fillfactor = 90)),
    partition("event_other", default, schema = "public"),
)]
pub(crate) struct Event {
    id: i64,
    #[column(name = "moment")]
    at: DateTime<Utc>,
    kind: String,
}

#[derive(Table, Debug, PartialEq)]
#[table(partition_by = "HASH (id)")]
pub(crate) struct Shard {
    #[column(primary_key)]
    id: i64,
}

#[derive(Table, Debug, PartialEq)]
#[table(
    view = "SELECT title, count(*) AS count FROM public.note GROUP BY title",
    schema = "log",
    comment = "how often",
    with(security_invoker = true, check_option = "local")
)]
pub(crate) struct Titles {
    title: String,
    count: i64,
}

#[derive(Table, Debug, PartialEq)]
#[table(materialized_view = "SELECT id FROM public.note", unique_index("one_id", id))]
pub(crate) struct Ids {
    #[column(references = Note::id)]
    id: i64,
}

orm::declare!(Extension::new("btree_gist"));

fn texts(texts: &[orm::schema::Text]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}

#[test]
fn an_identity_has_the_options_of_its_sequence() {
    let options = SequenceOptions {
        start: Some(100),
        increment: Some(-5),
        min: Some(-9),
        max: Some(100),
        cache: Some(7),
        cycle: true,
    };
    let expected = Identity { kind: IdentityKind::ByDefault, sequence: options };
    assert_eq!(Note::TABLE.columns[0].identity, Some(expected));
}

#[test]
fn a_generated_column_is_stored_or_virtual() {
    let generated = |name: &str| Note::TABLE.column(name).unwrap().generated.clone().unwrap();
    assert_eq!(generated("total"), Generated::stored("price * 2"));
    assert_eq!(generated("more").kind, GeneratedKind::Virtual);
    assert_eq!(generated("more").expression, "price * 3");
}

#[test]
fn a_collation_is_a_name_or_sql() {
    let collation = |name: &str| Note::TABLE.column(name).unwrap().collation.clone().unwrap();
    assert_eq!(collation("title"), r#""C""#);
    assert_eq!(collation("more"), r#"public."de""#);
}

#[test]
fn a_key_has_a_name_included_columns_and_a_moment_when_it_is_checked() {
    let key = Member::TABLE.primary_key.clone().unwrap();
    assert_eq!(key.name.as_deref(), Some("member_key"));
    assert_eq!(texts(&key.columns), ["organization_id", "user_id"]);
    assert_eq!(texts(&key.include), ["role"]);
    assert_eq!(key.deferrable, Deferrable::InitiallyImmediate);
    let [on_column, titled, priced] = &Note::TABLE.uniques[..] else { panic!("three") };
    assert_eq!(texts(&on_column.columns), ["title"]);
    assert!(on_column.nulls_not_distinct && on_column.name.is_none());
    assert_eq!(titled.name.as_deref(), Some("one_title"));
    assert!(titled.nulls_not_distinct);
    assert_eq!(texts(&titled.include), ["price"]);
    assert_eq!(titled.deferrable, Deferrable::InitiallyDeferred);
    assert_eq!(priced.name.as_deref(), Some("one_price"));
}

#[test]
fn a_foreign_key_has_several_columns_and_every_option() {
    let [own, member] = &Note::TABLE.foreign_keys[..] else { panic!("two") };
    assert_eq!(own.references_table, "note");
    assert_eq!(own.on_delete, Action::SetNull);
    assert_eq!(own.deferrable, Deferrable::InitiallyDeferred);
    assert!(own.not_valid && !own.match_full && own.on_delete_columns.is_empty());
    assert_eq!(member.name.as_deref(), Some("note_member"));
    assert_eq!(texts(&member.columns), ["organization_id", "user_id"]);
    assert_eq!(member.references_table, "member");
    assert_eq!(texts(&member.references_columns), ["organization_id", "user_id"]);
    assert_eq!((member.on_delete, member.on_update), (Action::SetNull, Action::Cascade));
    assert_eq!(texts(&member.on_delete_columns), ["user_id"]);
    assert!(member.match_full && member.not_valid);
    assert_eq!(member.deferrable, Deferrable::InitiallyDeferred);
}

#[test]
fn an_index_is_said_as_in_sql() {
    let [by_title, one_title, tags] = &Note::TABLE.indexes[..] else { panic!("three") };
    assert_eq!(by_title.name.as_deref(), Some("by_title"));
    let [title, lower, price, user] = &by_title.parts[..] else { panic!("four") };
    assert_eq!(title.key, IndexKey::Column("title".into()));
    assert_eq!(title.collation.as_deref(), Some(r#""C""#));
    assert_eq!(title.operator_class.as_deref(), Some("text_pattern_ops"));
    assert_eq!(lower.key, IndexKey::Expression("lower(title)".into()));
    assert_eq!((lower.order, lower.nulls), (SortOrder::Descending, NullsOrder::First));
    assert_eq!((price.order, price.nulls), (SortOrder::Descending, NullsOrder::Last));
    assert_eq!((user.order, user.nulls), (SortOrder::Ascending, NullsOrder::First));
    assert!(one_title.unique && one_title.nulls_not_distinct);
    assert_eq!(one_title.parts[0], IndexPart::column("title"));
    assert_eq!(one_title.predicate.as_deref(), Some("price > 0"));
    assert_eq!(texts(&one_title.include), ["price"]);
    assert_eq!(texts(&one_title.storage_parameters), ["fillfactor=70"]);
    assert_eq!(tags.method, "gin");
    assert_eq!(texts(&tags.storage_parameters), ["fastupdate=off"]);
}

#[test]
fn checks_and_exclusions_have_options() {
    let checks = [
        Check {
            name: Some("cheap".into()),
            expression: "price < 100".into(),
            not_valid: true,
            no_inherit: false,
        },
        Check { name: None, expression: "price > 0".into(), not_valid: false, no_inherit: true },
    ];
    assert_eq!(Note::TABLE.checks[..], checks);
    let [overlap, other] = &Note::TABLE.exclusions[..] else { panic!("two") };
    assert_eq!((overlap.name.as_deref(), &*overlap.method), (Some("no_overlap"), "gist"));
    assert_eq!(overlap.elements[0].part, IndexPart::column("price"));
    assert_eq!(overlap.elements[0].operator, "=");
    assert_eq!(overlap.elements[1].operator, "&&");
    let range = IndexKey::Expression("int8range(price, total)".into());
    assert_eq!(overlap.elements[1].part.key, range);
    assert_eq!(overlap.predicate.as_deref(), Some("price > 0"));
    assert_eq!(overlap.deferrable, Deferrable::InitiallyImmediate);
    assert_eq!(other.method, "btree");
}

#[test]
fn rows_are_guarded_by_policies_and_triggers() {
    assert!(Note::TABLE.row_security && Note::TABLE.force_row_security);
    let [own, fresh] = &Note::TABLE.policies[..] else { panic!("two") };
    assert_eq!((own.command, own.restrictive), (PolicyCommand::All, false));
    assert_eq!(texts(&own.roles), ["member", "guest"]);
    assert_eq!(own.using, own.with_check);
    assert_eq!((fresh.command, fresh.restrictive), (PolicyCommand::Select, true));
    assert!(fresh.roles.is_empty() && fresh.with_check.is_none());
    let [touch, later] = &Note::TABLE.triggers[..] else { panic!("two") };
    assert_eq!((&*touch.events, touch.constraint), ("BEFORE UPDATE", false));
    assert_eq!(touch.action, "FOR EACH ROW EXECUTE FUNCTION touch()");
    assert!(later.constraint);
    assert!(!Member::TABLE.row_security && Member::TABLE.policies.is_empty());
}

#[test]
fn a_table_has_storage_parameters_and_may_be_unlogged() {
    assert!(Note::TABLE.unlogged && !Member::TABLE.unlogged);
    assert_eq!(
        texts(&Note::TABLE.storage_parameters),
        ["autovacuum_enabled=false", "fillfactor=70", "toast.autovacuum_enabled=off"]
    );
}

#[test]
fn partitions_are_tables_of_their_own() {
    assert_eq!(Event::TABLE.partition_by.as_deref(), Some(r#"RANGE ("moment", (lower(kind)))"#));
    assert_eq!(Shard::TABLE.partition_by.as_deref(), Some("HASH (id)"));
    let declared = orm::registry::declared().expect("names that do not collide");
    let bound = |schema, name| declared.table(schema, name).unwrap().partition_of.clone().unwrap();
    let of_event = |bound: &str| PartitionOf {
        schema: "log".into(),
        table: "event".into(),
        bound: bound.to_owned().into(),
    };
    assert_eq!(
        bound("log", "event_2024"),
        of_event("FOR VALUES FROM ('2024-01-01', 'a') TO ('2025-01-01', 'b')")
    );
    assert_eq!(bound("public", "event_other"), of_event("DEFAULT"));
    let settings = &declared.table("log", "event_2024").unwrap().storage_parameters;
    assert_eq!(texts(settings), ["fillfactor=90"]);
}

#[test]
fn a_relation_follows_all_columns_of_a_foreign_key() {
    let sql = Note::query().with(Note::member).to_sql().text;
    assert!(
        sql.contains(
            r#"("member"."organization_id", "member"."user_id") IN (SELECT "0 note"."c2", "0 note"."c3" FROM "0 note")"#
        ),
        "{sql}"
    );
}

#[test]
fn a_generated_column_is_read_and_never_set() {
    let insert = Note::insert().title("a").tags(vec![]).price(1).to_sql().text;
    assert!(insert.contains(r#"("title", "tags", "price") VALUES"#), "{insert}");
    let query = Note::query().filter(Note::total.gt(Note::price)).select(Note::more).to_sql().text;
    assert!(query.ends_with(r#""note"."total" > "note"."price""#), "{query}");
}

#[test]
fn a_view_is_an_object_and_no_table() {
    let declared = orm::registry::declared().expect("names that do not collide");
    assert!(declared.table("log", "titles").is_none());
    let Some(Object::View(view)) = declared.object("log", "titles") else { panic!("a view") };
    assert!(!view.materialized);
    assert!(view.query.starts_with("SELECT title, count(*)"));
    assert_eq!(view.comment.as_deref(), Some("how often"));
    assert_eq!(texts(&view.options), ["check_option=local", "security_invoker=true"]);
    let Some(Object::View(view)) = declared.object("public", "ids") else { panic!("a view") };
    assert!(view.materialized);
    assert_eq!(view.indexes[0].name.as_deref(), Some("one_id"));
}

#[test]
fn what_is_declared_beside_structs_is_in_the_schema() {
    let declared = orm::registry::declared().expect("names that do not collide");
    assert_eq!(declared.object("", "btree_gist").unwrap().kind(), "extension");
}

#[test]
fn a_column_may_be_called_like_an_option() {
    #[derive(Table, Debug, PartialEq)]
    #[table(index(name, method), unique(name, include), primary_key(name, with))]
    struct Words {
        name: String,
        method: String,
        include: String,
        with: String,
    }
    assert_eq!(Words::TABLE.indexes[0].parts.len(), 2);
    assert_eq!(texts(&Words::TABLE.uniques[0].columns), ["name", "include"]);
    assert_eq!(texts(&Words::TABLE.primary_key.clone().unwrap().columns), ["name", "with"]);
}

#[derive(Table, Debug)]
#[table(
    name = "account",
    renamed_from = "auth.user",
    check("adult", "age > 17", renamed_from = "grown_up"),
    trigger("t", "BEFORE UPDATE", "FOR EACH ROW EXECUTE FUNCTION f()", renamed_from = "touched"),
    partition_by = range(age),
    partition("account_1", values = "FROM (1) TO (2)", renamed_from = "user_1")
)]
struct WasUser {
    #[column(renamed_from = "number", name = "age")]
    age: i64,
}

#[derive(Enum, Debug)]
#[pg_enum(renamed_from = "mood")]
enum Feeling {
    #[variant(renamed_from = "happy", name = "glad")]
    Glad,
}

#[derive(Composite, Debug, Clone)]
#[composite(schema = "geo", renamed_from = "place")]
#[expect(dead_code, reason = "only declared")]
struct Address {
    #[field(renamed_from = "zip")]
    code: String,
}

#[derive(Domain, Debug, Clone)]
#[domain(renamed_from = "mail")]
struct Email(String);

orm::renamed!(Rename::object(["public", "numbers"], "s"));

#[test]
fn what_something_was_called_is_said_to_the_registry() {
    use orm::schema::{Rename, Renamed};
    let renames = orm::registry::declared().expect("a schema").renames;
    let account = ["public", "account"];
    for rename in [
        Rename::whole(Renamed::Table, account, Some("auth"), "user"),
        Rename::member(Renamed::Column, account, "age", "number"),
        Rename::member(Renamed::Part, account, "adult", "grown_up"),
        Rename::member(Renamed::Part, account, "t", "touched"),
        Rename::table(["public", "account_1"], "user_1"),
        Rename::object(["public", "feeling"], "mood"),
        Rename::member(Renamed::Value, ["public", "feeling"], "glad", "happy"),
        Rename::object(["geo", "address"], "place"),
        Rename::member(Renamed::Attribute, ["geo", "address"], "code", "zip"),
        Rename::object(["public", "email"], "mail"),
        Rename::object(["public", "numbers"], "s"),
    ] {
        assert!(renames.contains(&rename), "{rename:?} is not in {renames:#?}");
    }
}

#[derive(Domain, Debug, Clone)]
#[domain(check("long_enough", "length(VALUE) > 2", not_valid), check("VALUE <> ''"))]
struct Nick(String);

#[test]
fn a_check_of_a_domain_may_leave_old_values_alone() {
    let schema = orm::registry::declared().expect("a schema");
    let Some(Object::Domain(nick)) = schema.object("public", "nick") else {
        panic!("no domain: {schema:#?}")
    };
    let checks = nick.checks.iter().map(|it| (it.name.as_deref(), &*it.expression, it.not_valid));
    assert_eq!(
        checks.collect::<Vec<_>>(),
        [(Some("long_enough"), "length(VALUE) > 2", true), (None, "VALUE <> ''", false)]
    );
}
