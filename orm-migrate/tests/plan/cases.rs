//! Two schemas each.

use super::{check, check_up};

#[test]
fn a_column_goes_with_its_unique_constraint_its_check_and_its_indexes() {
    check(
        "CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT a_key UNIQUE CHECK (a > 0), b int, CHECK (a < b));
         CREATE INDEX a_b ON t (b) WHERE a > 1; CREATE INDEX a_plus ON t ((a + 1));",
        "CREATE TABLE t (id int PRIMARY KEY, b int)",
    );
}

#[test]
fn a_key_goes_and_its_column_may_be_null() {
    check("CREATE TABLE t (id int PRIMARY KEY, a int)", "CREATE TABLE t (id int, a int)");
}

#[test]
fn another_column_becomes_the_key() {
    check(
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "CREATE TABLE t (id int, a int, CONSTRAINT t_pkey PRIMARY KEY (a))",
    );
}

#[test]
fn a_key_is_made_again_under_foreign_keys_that_stay() {
    check(
        "CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY, x int UNIQUE);
         CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id), x int REFERENCES a (x));",
        "CREATE TABLE a (id int CONSTRAINT a_id_key UNIQUE NOT NULL, x int PRIMARY KEY);
         CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id), x int REFERENCES a (x));",
    );
}

#[test]
fn a_key_of_two_columns_is_referenced_in_another_order() {
    check(
        "CREATE TABLE a (x int, y int, CONSTRAINT k PRIMARY KEY (x, y));
         CREATE TABLE b (x int, y int, FOREIGN KEY (y, x) REFERENCES a (y, x));",
        "CREATE TABLE a (x int, y int, CONSTRAINT k UNIQUE (x, y), CONSTRAINT l PRIMARY KEY (y, x));
         CREATE TABLE b (x int, y int, FOREIGN KEY (y, x) REFERENCES a (y, x));",
    );
}

#[test]
fn a_table_references_itself_while_its_type_changes() {
    check(
        "CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t (id));",
        "CREATE TABLE t (id text PRIMARY KEY, parent text REFERENCES t (id));",
    );
}

#[test]
fn tables_that_reference_each_other_come_and_go() {
    check(
        "",
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
         ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;",
    );
}

#[test]
fn a_foreign_key_changes_what_it_does() {
    check(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int CONSTRAINT f REFERENCES a ON DELETE CASCADE);",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int CONSTRAINT f REFERENCES a ON DELETE SET NULL ON UPDATE RESTRICT DEFERRABLE);",
    );
}

#[test]
fn a_unique_constraint_and_a_unique_index_change_places() {
    check(
        "CREATE TABLE t (a int CONSTRAINT n UNIQUE, b int); CREATE UNIQUE INDEX m ON t (b);",
        "CREATE TABLE t (a int, b int CONSTRAINT m UNIQUE); CREATE UNIQUE INDEX n ON t (a);",
    );
}

#[test]
fn names_change_places() {
    check(
        "CREATE TABLE t (a int, b int, c int, CONSTRAINT x CHECK (a > 0), CONSTRAINT y CHECK (b > 0));
         CREATE INDEX i ON t (a); CREATE INDEX j ON t (b); CREATE INDEX k ON t (c);",
        "CREATE TABLE t (a int, b int, c int, CONSTRAINT y CHECK (a > 0), CONSTRAINT x CHECK (b > 0));
         CREATE INDEX j ON t (a); CREATE INDEX i ON t (b); CREATE INDEX l ON t (c);",
    );
}

#[test]
fn names_move_up() {
    check(
        "CREATE TABLE t (a int, b int, c int, CONSTRAINT n1 UNIQUE (a), CONSTRAINT n2 UNIQUE (b), CONSTRAINT n3 UNIQUE (c));",
        "CREATE TABLE t (a int, b int, c int, CONSTRAINT n2 UNIQUE (a), CONSTRAINT n3 UNIQUE (b), CONSTRAINT n4 UNIQUE (c));",
    );
}

#[test]
fn a_name_is_taken_from_what_goes() {
    check(
        "CREATE TABLE t (a int, b int CONSTRAINT n UNIQUE); CREATE INDEX o ON t (a);",
        "CREATE TABLE t (a int, b int); CREATE INDEX n ON t (a);",
    );
}

#[test]
fn a_name_goes_to_another_table() {
    check(
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE u (b int CONSTRAINT n UNIQUE); CREATE TABLE gone (id int CONSTRAINT g PRIMARY KEY);",
        "CREATE TABLE t (a int CONSTRAINT n UNIQUE); CREATE TABLE u (b int); CREATE INDEX i ON u (b); CREATE TABLE come (id int CONSTRAINT g PRIMARY KEY);",
    );
}

#[test]
fn an_index_has_the_name_of_a_table_that_goes() {
    check(
        "CREATE TABLE gone (id int); CREATE TABLE t (a int);",
        "CREATE TABLE t (a int); CREATE INDEX gone ON t (a);",
    );
}

#[test]
fn a_type_changes_with_its_default() {
    check(
        "CREATE TABLE t (a text NOT NULL DEFAULT '1', b int DEFAULT 3); CREATE INDEX i ON t (a);",
        "CREATE TABLE t (a int DEFAULT 1, b text NOT NULL DEFAULT 'x'); CREATE INDEX i ON t (a);",
    );
}

#[test]
fn a_generated_column_is_made_again_with_what_stands_on_it() {
    check(
        "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED, h int GENERATED ALWAYS AS (a * 2) STORED,
           CONSTRAINT u UNIQUE (g), CONSTRAINT c CHECK (g > 0)); CREATE INDEX i ON t (g, a);",
        "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 2) STORED, h int GENERATED ALWAYS AS (a * 2) STORED,
           CONSTRAINT u UNIQUE (g), CONSTRAINT c CHECK (g > 0)); CREATE INDEX i ON t (g, a);",
    );
}

#[test]
fn a_generated_column_steps_aside_while_its_source_changes_type() {
    check(
        "CREATE TABLE t (a int, g bigint GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX i ON t (g);",
        "CREATE TABLE t (a bigint, g bigint GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX i ON t (g);",
    );
}

#[test]
fn a_generated_column_comes_with_its_source_and_goes_with_it() {
    check(
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int, g int GENERATED ALWAYS AS (z + 1) STORED, z int)",
    );
}

#[test]
fn a_column_is_referenced_that_is_made_again() {
    check(
        "CREATE TABLE a (x int, g int GENERATED ALWAYS AS (x + 1) STORED UNIQUE); CREATE TABLE b (g int REFERENCES a (g));",
        "CREATE TABLE a (x int, g int GENERATED ALWAYS AS (x + 2) STORED UNIQUE); CREATE TABLE b (g int REFERENCES a (g));",
    );
}

#[test]
fn a_serial_column_becomes_an_identity() {
    check(
        "CREATE TABLE t (id serial PRIMARY KEY, a text)",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text)",
    );
}

#[test]
fn a_serial_column_comes_changes_and_goes() {
    check(
        "CREATE TABLE t (a int NOT NULL, b serial, c serial); INSERT INTO t (a) VALUES (7);",
        "CREATE TABLE t (a bigserial, b bigserial, c bigint)",
    );
}

#[test]
fn an_identity_comes_changes_and_goes() {
    check(
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS IDENTITY, c int GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b int GENERATED BY DEFAULT AS IDENTITY, c int)",
    );
}

#[test]
fn comments_come_and_go() {
    check(
        "CREATE TABLE t (a int, b int); COMMENT ON COLUMN t.a IS 'it''s \\ a'; COMMENT ON TABLE t IS 't'",
        "CREATE TABLE t (a int, b bigint, c int); COMMENT ON COLUMN t.b IS 'b'; COMMENT ON COLUMN t.c IS 'c';",
    );
}

#[test]
fn a_schema_comes_and_its_tables_go() {
    check("", "CREATE SCHEMA \"my App\"; CREATE TABLE \"my App\".t (id int PRIMARY KEY)");
}

#[test]
fn names_are_quoted() {
    check(
        "CREATE TABLE \"select\" (\"a\"\"b\" int, \"order\" int)",
        "CREATE TABLE \"select\" (\"a\"\"b\" bigint CONSTRAINT \"x\n;y\" UNIQUE, \"Füße\" int, \"order\" int CHECK (\"order\" > 1));
         CREATE INDEX \"line\r\nbreak\" ON \"select\" (\"a\"\"b\" DESC); CREATE TABLE \"a\nDROP TABLE t;\" (id int);",
    );
}

#[test]
fn a_collation_changes() {
    check(
        "CREATE TABLE t (a text, b text COLLATE \"C\"); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (a text COLLATE \"C\", b text); CREATE INDEX i ON t (a)",
    );
}

#[test]
fn a_not_null_column_that_goes_has_no_way_back() {
    check_up("CREATE TABLE t (id int, a int NOT NULL)", "CREATE TABLE t (id int)");
}

#[test]
fn a_table_goes_that_another_one_referenced() {
    check(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
        "CREATE TABLE b (id int PRIMARY KEY, a_id int);",
    );
}

#[test]
fn a_generated_column_becomes_plain_and_its_source_goes() {
    check_up(
        "CREATE TABLE t (id int, z int NOT NULL, g int GENERATED ALWAYS AS (z + 1) STORED)",
        "CREATE TABLE t (id int, g int)",
    );
}
