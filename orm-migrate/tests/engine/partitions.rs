//! Tables that are divided, and their partitions.

use crate::round_trip::{Case, check};

const PARENT: &str = "CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE t (id int NOT NULL, at date NOT NULL, c_id int, k text DEFAULT 'x', PRIMARY KEY (id, at), UNIQUE (at, k), CHECK (id > 0), FOREIGN KEY (c_id) REFERENCES c ON DELETE CASCADE) PARTITION BY RANGE (at); CREATE INDEX ON t (k);";
const CHILDREN: &str = "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2021-01-01') TO (MAXVALUE) WITH (fillfactor = 70);
    CREATE TABLE t0 PARTITION OF t DEFAULT PARTITION BY HASH (at); CREATE TABLE t0a PARTITION OF t0 FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE INDEX ON t1 (c_id); ALTER TABLE t1 ADD CHECK (c_id < 9); INSERT INTO t VALUES (1, '2020-02-02');";

fn with(more: &str) -> String {
    format!("{PARENT} {CHILDREN} {more}")
}

#[test]
fn partitions_come_go_and_change() {
    let all = with("");
    check(&[
        Case("they come with their table", "", &all),
        Case("they come", PARENT, &all),
        Case("they go", &all, PARENT),
        Case("they go with their table", &all, "CREATE TABLE other ()"),
        Case(
            "bounds change",
            &all,
            &with(
                "ALTER TABLE t DETACH PARTITION t1; ALTER TABLE t ATTACH PARTITION t1 FOR VALUES FROM ('2019-01-01') TO ('2021-01-01')",
            ),
        ),
        Case(
            "their table changes",
            &all,
            &with(
                "ALTER TABLE t ALTER id TYPE bigint, ALTER k SET NOT NULL, ADD more int DEFAULT 4, DROP CONSTRAINT t_at_k_key, ADD CHECK (id < 1000); CREATE INDEX ON t (more); ALTER TABLE t ALTER k DROP DEFAULT",
            ),
        ),
        Case(
            "bounds change under a foreign key whose rows are there",
            "CREATE TABLE t (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE r (id int, k int, FOREIGN KEY (id, k) REFERENCES t); INSERT INTO t VALUES (1, 1); INSERT INTO r VALUES (1, 1)",
            "CREATE TABLE t (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2); CREATE TABLE r (id int, k int, FOREIGN KEY (id, k) REFERENCES t)",
        ),
    ]);
}

#[test]
fn a_table_becomes_a_partition_and_is_one_no_longer() {
    let plain = format!(
        "{PARENT} CREATE TABLE t3 (id int NOT NULL, at date NOT NULL, c_id int, k text); INSERT INTO t3 VALUES (1, '2022-02-02')"
    );
    let same = format!(
        "{PARENT} CREATE TABLE t3 (id int NOT NULL, at date NOT NULL, c_id int, k text DEFAULT 'x', PRIMARY KEY (id, at), UNIQUE (at, k), CONSTRAINT t_id_check CHECK (id > 0), FOREIGN KEY (c_id) REFERENCES c ON DELETE CASCADE); CREATE INDEX ON t3 (k);"
    );
    let attached = format!(
        "{PARENT} CREATE TABLE t3 PARTITION OF t FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')"
    );
    check(&[
        Case("it lacks what its table has", &plain, &attached),
        Case("it has what its table has", &same, &attached),
    ]);
}

#[test]
fn keys_of_partitioned_tables_are_referenced() {
    const BOTH: &str = "CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id); CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE, k text, n int) PARTITION BY LIST (lower(k)); CREATE TABLE u0 PARTITION OF u DEFAULT";
    check(&[
        Case("they come", "", BOTH),
        Case("they go", BOTH, ""),
        Case(
            "a plain table is divided",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE, k text, n int)",
            BOTH,
        ),
        Case(
            "it is divided otherwise",
            BOTH,
            "CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY RANGE (id); CREATE TABLE t0 PARTITION OF t DEFAULT; CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE, k text, n int) PARTITION BY LIST (lower(k)); CREATE TABLE u0 PARTITION OF u DEFAULT",
        ),
    ]);
}
