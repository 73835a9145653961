//! Branches that were merged: all that is missing is applied, and what does not go together is found before it runs.

use crate::support::{Case, Tables};
use serde_json::json;

const ROOT: Tables = &[("user", &["id bigint", "email text"])];

/// A root that is applied, and two branches of it, each with a database that has the root.
fn two_branches() -> (Case, Case, Case) {
    let root = Case::new();
    root.diff("root", ROOT);
    root.apply();
    let (a, b) = (root.branch(), root.branch());
    a.apply();
    b.apply();
    (root, a, b)
}

#[test]
fn branches_merged_in_any_order_apply_all_that_is_missing() {
    for order in [["a", "b"], ["b", "a"]] {
        let (root, a, b) = two_branches();
        a.diff("a", &[("user", &["id bigint", "email text", "age bigint"])]);
        b.diff(
            "b",
            &[("user", &["id bigint", "email text", "name text"]), ("team", &["id bigint"])],
        );
        for one in order {
            root.merge(if one == "a" { &a } else { &b });
            let said = root.run(&["apply"]).ok();
            assert!(
                said.out.contains(&root.name(one)) && said.out.contains("1 migration applied"),
                "{}",
                said.out
            );
        }
        assert_eq!(root.columns("user"), "age email id name");
        assert_eq!(root.ledger().len(), 3);
        root.run(&["status"]).ok();
        // Both branches are known to what is written now, and what both manage is managed.
        let all: Tables = &[("user", &["id bigint", "email text", "age text", "name bigint"])];
        let next = root.diff("next", all).plan.expect("a plan");
        let mut known = next.merges.clone();
        known.extend(next.parent.clone());
        known.sort();
        assert_eq!(
            known,
            [root.name("a"), root.name("b")]
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        assert!(next.drops.contains(&"public.team".to_owned()), "{next:?}");
        root.apply();
        root.branch().apply();
    }
}

#[test]
fn two_files_of_one_time_both_run_and_so_does_one_that_is_older_than_the_last() {
    let case = Case::new();
    for name in ["20260102T000000_a", "20260102T000000_b"] {
        let folder = case.migrations().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let table = name.rsplit('_').next().expect("a letter");
        std::fs::write(folder.join("up.sql"), format!("CREATE TABLE {table} ();"))
            .expect("written");
    }
    case.apply();
    let folder = case.migrations().join("20260101T000000_older");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("up.sql"), "CREATE TABLE c ();").expect("written");
    let status = case.run(&["status", "--json"]);
    assert_eq!(
        (status.code, &status.json()["pending"]),
        (Some(2), &json!(["20260101T000000_older"]))
    );
    case.apply();
    assert_eq!(case.ledger().len(), 3);
    let tables =
        case.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    assert_eq!(tables, ["a", "b", "c"]);
}

#[test]
fn branches_that_touch_the_same_are_found_before_anything_runs() {
    let (root, a, b) = two_branches();
    a.diff("a", &[("user", &["id bigint", "email bigint"])]);
    b.diff("b", &[("user", &["id bigint", "email varchar(20)"]), ("team", &["id bigint"])]);
    root.merge(&a);
    root.merge(&b);
    let (name_a, name_b) = (root.name("a"), root.name("b"));
    for verb in ["status", "apply"] {
        let words = [
            &*name_a,
            &*name_b,
            "different branches",
            "public.user.email",
            "orm-migrate diff",
            "repair --accept",
        ];
        root.run(&[verb]).fails(5, &words);
    }
    root.run(&["apply", "--dry-run"]).fails(5, &["public.user.email"]);
    let status = root.run(&["status", "--json"]).json();
    let (later, earlier) = if name_a > name_b { (&name_a, &name_b) } else { (&name_b, &name_a) };
    let conflict = &status["conflicts"][0];
    assert_eq!(conflict["kind"], "branches");
    assert_eq!((&conflict["name"], &conflict["other"]), (&json!(later), &json!(earlier)));
    assert_eq!(conflict["both_touch"], json!(["public.user.email"]));
    let failed = root.run(&["apply", "--json"]).fails(5, &[]).json();
    assert_eq!(
        failed["error"]["details"]["conflicts"][0]["both_touch"],
        json!(["public.user.email"])
    );
    assert_eq!(root.ledger().len(), 1);
    // One that is applied is in conflict with one that is pending, too; and one may be written anew on the other.
    a.merge(&b);
    let kept = a.find("a");
    let other = a.find("b").path;
    std::fs::rename(&other, a.migrations().join(".away")).expect("moved");
    a.apply();
    std::fs::rename(a.migrations().join(".away"), &other).expect("moved back");
    a.run(&["apply"]).fails(5, &[&name_b, &name_a]);
    std::fs::remove_dir_all(&other).expect("removed");
    a.diff("again", &[("user", &["id bigint", "email varchar(20)"]), ("team", &["id bigint"])]);
    a.apply();
    assert_eq!(a.ledger().len(), 3, "{}", kept.name);
}

#[test]
fn what_one_branch_drops_and_another_uses_is_a_conflict_also_in_sql_by_hand() {
    let (root, a, b) = two_branches();
    a.diff("a", &[("user", &["id bigint"])]);
    std::fs::create_dir_all(b.migrations().join("20990101T000000_fill")).expect("a folder");
    let fill = b.migrations().join("20990101T000000_fill");
    std::fs::write(fill.join("up.sql"), "UPDATE \"user\" SET email = 'x';").expect("written");
    let plan = json!({ "changes": [], "steps": [], "schema_before": "", "schema_after": "",
        "parent": b.name("root"), "tables": [["public", "user"]] });
    std::fs::write(fill.join("plan.json"), plan.to_string()).expect("written");
    root.merge(&a);
    root.merge(&b);
    root.run(&["apply"]).fails(5, &["20990101T000000_fill", &root.name("a"), "public.user.email"]);
    assert_eq!(root.columns("user"), "email id");
}

#[test]
fn all_pairs_of_three_branches_are_looked_at() {
    let (root, a, b) = two_branches();
    let c = root.branch();
    c.apply();
    a.diff("a", &[("user", &["id bigint", "email bigint"])]);
    b.diff("b", &[("user", &["id bigint", "email boolean"])]);
    c.diff("c", &[("user", &["id bigint", "email text", "harmless text"])]);
    for one in [&a, &b, &c] {
        root.merge(one);
    }
    let status = root.run(&["status", "--json"]).fails(5, &[]).json();
    assert_eq!(status["conflicts"].as_array().map(Vec::len), Some(1), "{status}");
    let message = status["conflicts"][0]["message"].to_string();
    assert!(message.contains(&root.name("a")) && message.contains(&root.name("b")), "{message}");
}

#[test]
fn somebody_may_say_that_two_go_together() {
    let (root, a, b) = two_branches();
    a.diff("a", &[("user", &["id bigint", "email varchar(10)"])]);
    b.diff("b", &[("user", &["id bigint", "email varchar(20)"])]);
    root.merge(&a);
    root.merge(&b);
    root.run(&["apply"]).fails(5, &[]);
    let accepted = root.run(&["repair", "--accept", "b", "--json"]).ok().json();
    assert_eq!(accepted["accepted"][0]["goes_with"], json!(root.name("a")));
    root.apply();
    assert_eq!(root.ledger().len(), 3);
    let again = root.run(&["repair", "--accept", "b"]).ok();
    assert!(again.out.contains("nothing was changed"), "{}", again.out);
    root.run(&["repair", "--accept", "nobody"]).fails(1, &["no migration is called `nobody`"]);
}
