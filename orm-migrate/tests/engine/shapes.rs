//! Tables, columns, constraints and indexes that come, go and change.

use crate::round_trip::{Case, check};

#[test]
fn tables_come_and_go_in_any_circle() {
    check(&[
        Case("nothing", "", ""),
        Case("a table", "", "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL DEFAULT 'x', UNIQUE (a))"),
        Case("a table without columns", "", "CREATE TABLE t ()"),
        Case("a table that goes", "CREATE TABLE t (id bigint PRIMARY KEY); CREATE INDEX ON t (id)", ""),
        Case(
            "a circle",
            "",
            "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a ON DELETE CASCADE);
             ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b ON DELETE SET NULL",
        ),
        Case(
            "a circle that goes",
            "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
             ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b",
            "CREATE TABLE c (id int)",
        ),
        Case(
            "a table that others referenced goes",
            "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a)",
            "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint)",
        ),
        Case(
            "a table that references itself",
            "CREATE TABLE other ()",
            "CREATE TABLE other (); CREATE TABLE t (id bigint PRIMARY KEY, parent bigint REFERENCES t ON DELETE CASCADE ON UPDATE RESTRICT); CREATE INDEX ON t (parent)",
        ),
    ]);
}

#[test]
fn schemas_keep_tables_of_one_name_apart() {
    const TWO: &str = "CREATE SCHEMA one; CREATE SCHEMA two;
        CREATE TABLE one.t (id bigint PRIMARY KEY, a text UNIQUE CHECK (a <> ''));
        CREATE TABLE two.t (id integer PRIMARY KEY, t_id bigint REFERENCES one.t);
        CREATE TABLE t (id smallint PRIMARY KEY, t_id integer REFERENCES two.t); CREATE INDEX i ON one.t (a); CREATE INDEX i ON two.t (t_id)";
    check(&[
        Case("they come", "", TWO),
        Case(
            "they change",
            "CREATE SCHEMA one; CREATE TABLE one.t (id bigint PRIMARY KEY); CREATE TABLE t (id smallint PRIMARY KEY)",
            TWO,
        ),
        Case("they go", TWO, ""),
    ]);
}

#[test]
fn names_of_every_kind_are_kept() {
    const ODD: &str = r#"
        CREATE SCHEMA "Sche""ma";
        CREATE TABLE "Sche""ma"."user" ("select" bigint, "a""b" text, "naïve 列" text, "$1" int, "back\slash" int DEFAULT 1,
            CONSTRAINT "the ""key""" PRIMARY KEY ("select", "a""b"), CONSTRAINT "check" CHECK ("$1" > 0), CONSTRAINT "über" UNIQUE ("naïve 列"));
        CREATE INDEX "in""dex" ON "Sche""ma"."user" ("$1", lower("a""b"));
        CREATE TABLE "order" ("group" bigint, "wh'ere" text, FOREIGN KEY ("group", "wh'ere") REFERENCES "Sche""ma"."user" ("select", "a""b"));
        COMMENT ON TABLE "order" IS 'it''s a \ "comment"';
        COMMENT ON COLUMN "order"."wh'ere" IS 'one
line and another; -- and more'"#;
    const LONG: &str = "CREATE TABLE a_very_long_table_name_that_goes_on_and_on_and_on_to_the_lim (
            a_very_long_column_name_that_goes_on_and_on_and_on_to_the_limit bigint PRIMARY KEY,
            a_very_long_column_name_that_goes_on_and_on_and_on_to_the_other bigint UNIQUE CHECK (a_very_long_column_name_that_goes_on_and_on_and_on_to_the_other > 0)
                REFERENCES a_very_long_table_name_that_goes_on_and_on_and_on_to_the_lim);
        CREATE INDEX ON a_very_long_table_name_that_goes_on_and_on_and_on_to_the_lim (a_very_long_column_name_that_goes_on_and_on_and_on_to_the_other);
        CREATE INDEX ON a_very_long_table_name_that_goes_on_and_on_and_on_to_the_lim (a_very_long_column_name_that_goes_on_and_on_and_on_to_the_other, a_very_long_column_name_that_goes_on_and_on_and_on_to_the_limit)";
    check(&[
        Case("odd names come", "", ODD),
        Case("odd names go", ODD, ""),
        Case("long names come", "", LONG),
        Case("long names go", LONG, ""),
        Case(
            "names change",
            "CREATE TABLE t (id bigint CONSTRAINT k PRIMARY KEY, a int CONSTRAINT u UNIQUE CONSTRAINT c CHECK (a > 0) CONSTRAINT f REFERENCES t); CREATE INDEX i ON t (a)",
            "CREATE TABLE t (id bigint CONSTRAINT k2 PRIMARY KEY, a int CONSTRAINT u2 UNIQUE CONSTRAINT c2 CHECK (a > 0) CONSTRAINT f2 REFERENCES t); CREATE INDEX i2 ON t (a)",
        ),
        Case(
            "two indexes swap their names",
            "CREATE TABLE t (a int, b int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (b)",
            "CREATE TABLE t (a int, b int); CREATE INDEX y ON t (a); CREATE INDEX x ON t (b)",
        ),
        Case(
            "two checks swap their names",
            "CREATE TABLE t (a int, CONSTRAINT x CHECK (a > 1), CONSTRAINT y CHECK (a > 2))",
            "CREATE TABLE t (a int, CONSTRAINT y CHECK (a > 1), CONSTRAINT x CHECK (a > 2))",
        ),
        Case(
            "a name goes from a part that is dropped to one that is renamed",
            "CREATE TABLE t (a int, CONSTRAINT x CHECK (a > 1), CONSTRAINT y CHECK (a > 2))",
            "CREATE TABLE t (a int, CONSTRAINT y CHECK (a > 1))",
        ),
        Case(
            "the name of a constraint becomes one of an index of another table",
            "CREATE TABLE t (a int CONSTRAINT x UNIQUE); CREATE TABLE u (b int)",
            "CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE INDEX x ON u (b)",
        ),
        Case(
            "the name of a constraint becomes that of a new table",
            "CREATE TABLE t (a int CONSTRAINT x UNIQUE)",
            "CREATE TABLE t (a int); CREATE TABLE x (b int)",
        ),
        Case(
            "the name of a unique constraint goes to another table's",
            "CREATE TABLE a (a int); CREATE TABLE b (b int CONSTRAINT x UNIQUE)",
            "CREATE TABLE a (a int CONSTRAINT x UNIQUE); CREATE TABLE b (b int)",
        ),
        Case(
            "the name of an index becomes that of a constraint",
            "CREATE TABLE t (a int); CREATE UNIQUE INDEX x ON t (a)",
            "CREATE TABLE t (a int CONSTRAINT x UNIQUE)",
        ),
    ]);
}

#[test]
fn columns_come_go_and_change() {
    check(&[
        Case(
            "columns come",
            "CREATE TABLE t (id int); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (id int, a text, b int NOT NULL DEFAULT 3, c timestamptz NOT NULL DEFAULT now(), d text COLLATE \"C\", e int[], f bigint GENERATED ALWAYS AS IDENTITY, g int GENERATED ALWAYS AS (id * 2) STORED)",
        ),
        Case(
            "columns go",
            "CREATE TABLE t (id int, a text, b int NOT NULL DEFAULT 3, d text COLLATE \"C\", f bigint GENERATED BY DEFAULT AS IDENTITY, g int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t (id) VALUES (1)",
            "CREATE TABLE t (id int)",
        ),
        Case(
            "a column whose values cannot be made up goes",
            "CREATE TABLE t (id int, a text NOT NULL) -- no way back",
            "CREATE TABLE t (id int)",
        ),
        Case(
            "columns go with all that hangs on them",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (id int, a int DEFAULT 1 NOT NULL, b int DEFAULT 2 NOT NULL, UNIQUE (a, b), CHECK (a < b), FOREIGN KEY (a, b) REFERENCES p); CREATE INDEX ON t (b DESC) WHERE a > 1",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (id int)",
        ),
        Case(
            "order does not count",
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (b int, a int)",
        ),
        Case(
            "NULL",
            "CREATE TABLE t (a int, b int NOT NULL); INSERT INTO t VALUES (1, 1)",
            "CREATE TABLE t (a int NOT NULL, b int)",
        ),
        Case(
            "defaults",
            "CREATE TABLE t (a int DEFAULT 1, b int, c text DEFAULT 'x'); INSERT INTO t DEFAULT VALUES",
            "CREATE TABLE t (a int, b int DEFAULT 2, c text DEFAULT upper('y'))",
        ),
        Case(
            "comments",
            "CREATE TABLE t (a int, b int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'a'",
            "CREATE TABLE t (a int, b int, c int); COMMENT ON COLUMN t.b IS 'b'; COMMENT ON COLUMN t.c IS 'c'",
        ),
        Case(
            "a comment on a column changes",
            "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'a'",
            "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'b'",
        ),
        Case(
            "a comment on a table changes",
            "CREATE TABLE t (a int)",
            "CREATE TABLE t (a int); COMMENT ON TABLE t IS 'b'",
        ),
        Case(
            "identity comes",
            "CREATE TABLE t (a int NOT NULL)",
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
        ),
        Case(
            "identity comes to a column that may be NULL",
            "CREATE TABLE t (a int)",
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        ),
        Case(
            "identity changes",
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
            "CREATE TABLE t (a bigint GENERATED BY DEFAULT AS IDENTITY)",
        ),
        Case(
            "identity takes the place of a default",
            "CREATE TABLE t (a int NOT NULL DEFAULT 3)",
            "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY)",
        ),
        Case(
            "a generated column becomes plain",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE t (a int, b int)",
        ),
        Case(
            "a generated column becomes plain and has a default",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE t (a int, b int DEFAULT 4)",
        ),
        Case(
            "a plain column becomes generated",
            "CREATE TABLE t (a int, b int)",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
        ),
        Case(
            "a generated column is generated otherwise, with its index",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX ON t (b)",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 2) STORED); CREATE INDEX ON t (b)",
        ),
        Case(
            "a plain column with constraints becomes generated",
            "CREATE TABLE t (a int, b int DEFAULT 1 UNIQUE CHECK (b > 0))",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED UNIQUE CHECK (b > 0))",
        ),
        Case(
            "a column changes its type under a generated one",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE t (a bigint, b bigint GENERATED ALWAYS AS (a + 1) STORED)",
        ),
        Case(
            "a column changes its type under one generated as before",
            "CREATE TABLE t (a varchar(10), b int GENERATED ALWAYS AS (length(a)) STORED)",
            "CREATE TABLE t (a text, b int GENERATED ALWAYS AS (length(a)) STORED)",
        ),
        Case(
            "a column that a generated one reads goes with it",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE t (c int)",
        ),
        Case(
            "a column that a generated one read goes",
            "CREATE TABLE t (a int, c int, b int GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE t (c int, b int GENERATED ALWAYS AS (c + 1) STORED)",
        ),
        Case(
            "serial",
            "",
            "CREATE TABLE t (id serial PRIMARY KEY, b bigserial, s smallserial NOT NULL)",
        ),
        Case("serial goes", "CREATE TABLE t (id serial PRIMARY KEY, b bigserial)", ""),
        Case(
            "serial becomes identity",
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        ),
        Case(
            "serial comes to a column",
            "CREATE TABLE t (id int NOT NULL)",
            "CREATE TABLE t (id serial)",
        ),
        Case(
            "serial becomes bigger",
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "CREATE TABLE t (id bigserial PRIMARY KEY)",
        ),
        Case(
            "a serial column comes",
            "CREATE TABLE t (id int)",
            "CREATE TABLE t (id int, s serial)",
        ),
    ]);
}

#[test]
fn types_change_with_all_that_hangs_on_the_column() {
    check(&[
        Case(
            "text and numbers",
            "CREATE TABLE t (a text DEFAULT '1', b int DEFAULT 2); INSERT INTO t VALUES ('4', 5)",
            "CREATE TABLE t (a int DEFAULT 1, b text DEFAULT '2')",
        ),
        Case(
            "lengths",
            "CREATE TABLE t (a varchar(10), b numeric(4, 1), c char(3), d varchar); INSERT INTO t VALUES ('a', 1.5, 'x', 'y')",
            "CREATE TABLE t (a varchar(20), b numeric(10, 2), c varchar(3), d text)",
        ),
        Case(
            "booleans",
            "CREATE TABLE t (a text NOT NULL DEFAULT 'f', b boolean DEFAULT true); INSERT INTO t VALUES ('t', false)",
            "CREATE TABLE t (a boolean NOT NULL DEFAULT false, b int DEFAULT 1)",
        ),
        Case(
            "times",
            "CREATE TABLE t (a timestamp DEFAULT now(), b date); INSERT INTO t VALUES (now(), now())",
            "CREATE TABLE t (a timestamptz DEFAULT now(), b timestamptz)",
        ),
        Case(
            "json",
            "CREATE TABLE t (a text DEFAULT '{}'); INSERT INTO t VALUES ('[1]')",
            "CREATE TABLE t (a jsonb DEFAULT '{}')",
        ),
        Case(
            "arrays",
            "CREATE TABLE t (a int[] DEFAULT '{}'); INSERT INTO t VALUES ('{1,2}')",
            "CREATE TABLE t (a bigint[] DEFAULT '{}')",
        ),
        Case(
            "collations",
            "CREATE TABLE t (a text COLLATE \"C\", b text UNIQUE)",
            "CREATE TABLE t (a text, b text COLLATE \"POSIX\" UNIQUE)",
        ),
        Case(
            "under its check, index and unique",
            "CREATE TABLE t (a int UNIQUE CHECK (a > 0), b int); CREATE INDEX ON t (b) WHERE a > 5; CREATE INDEX ON t ((b + 1)); INSERT INTO t VALUES (1, 2)",
            "CREATE TABLE t (a bigint UNIQUE CHECK (a > 0), b bigint); CREATE INDEX ON t (b) WHERE a > 5; CREATE INDEX ON t ((b + 1))",
        ),
        Case(
            "under a check in other words",
            "CREATE TABLE t (a varchar(9) CHECK (a LIKE 'x%') CHECK (a IN ('xa', 'xb')), b int); CREATE INDEX ON t (b) WHERE a = 'xa'; INSERT INTO t VALUES ('xa', 2)",
            "CREATE TABLE t (a text CHECK (a LIKE 'x%') CHECK (a IN ('xa', 'xb')), b int); CREATE INDEX ON t (b) WHERE a = 'xa'",
        ),
        Case(
            "under a check that fits one type only",
            "CREATE TABLE t (a text CHECK (a <> ''), b int); CREATE INDEX ON t (lower(a)); INSERT INTO t VALUES ('4', 2)",
            "CREATE TABLE t (a int CHECK (a <> 0), b int); CREATE INDEX ON t (abs(a))",
        ),
        Case(
            "under a primary key and its foreign key",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)",
            "CREATE TABLE p (id text PRIMARY KEY); CREATE TABLE c (p_id text REFERENCES p ON DELETE CASCADE)",
        ),
        Case(
            "on one side of a foreign key",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)",
            "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p)",
        ),
        Case(
            "under a foreign key to itself",
            "CREATE TABLE p (id int PRIMARY KEY, up int REFERENCES p); INSERT INTO p VALUES (1, 1)",
            "CREATE TABLE p (id text PRIMARY KEY, up text REFERENCES p)",
        ),
    ]);
}

#[test]
fn keys_change_under_foreign_keys() {
    check(&[
        Case(
            "a primary key of other columns",
            "CREATE TABLE p (a int PRIMARY KEY, b int NOT NULL); CREATE TABLE c (a int REFERENCES p); INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (1)",
            "CREATE TABLE p (a int NOT NULL UNIQUE, b int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p (a))",
        ),
        Case(
            "a primary key becomes composite",
            "CREATE TABLE p (a int PRIMARY KEY, b int NOT NULL DEFAULT 0); CREATE TABLE c (a int REFERENCES p, b int)",
            "CREATE TABLE p (a int, b int NOT NULL DEFAULT 0, PRIMARY KEY (a, b)); CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p)",
        ),
        Case("a primary key goes", "CREATE TABLE p (a int PRIMARY KEY)", "CREATE TABLE p (a int)"),
        Case("a primary key comes", "CREATE TABLE p (a int)", "CREATE TABLE p (a int PRIMARY KEY)"),
        Case(
            "the columns of a key trade places",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (b, a))",
        ),
        Case(
            "uniques come and go",
            "CREATE TABLE p (a int UNIQUE, b int, c int)",
            "CREATE TABLE p (a int, b int UNIQUE, c int, UNIQUE (b, c), UNIQUE (c, b))",
        ),
        Case(
            "a unique goes from under a foreign key",
            "CREATE TABLE p (a int UNIQUE); CREATE TABLE c (a int REFERENCES p (a))",
            "CREATE TABLE p (a int); CREATE TABLE c (a int)",
        ),
        Case(
            "a unique becomes the primary key under a foreign key",
            "CREATE TABLE p (a int NOT NULL UNIQUE); CREATE TABLE c (a int REFERENCES p (a))",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p (a))",
        ),
        Case(
            "actions",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p, b int DEFAULT 1 REFERENCES p ON DELETE SET DEFAULT)",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p ON DELETE CASCADE ON UPDATE SET NULL, b int DEFAULT 1 REFERENCES p ON DELETE RESTRICT)",
        ),
        Case(
            "deferrable",
            "CREATE TABLE p (a int PRIMARY KEY, u int UNIQUE); CREATE TABLE c (a int REFERENCES p)",
            "CREATE TABLE p (a int PRIMARY KEY, u int UNIQUE DEFERRABLE INITIALLY DEFERRED); CREATE TABLE c (a int REFERENCES p DEFERRABLE)",
        ),
        Case(
            "a foreign key to another table",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p)",
            "CREATE TABLE q (a int PRIMARY KEY); CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES q)",
        ),
        Case(
            "composite foreign keys, columns in another order",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b))",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (a int, b int, FOREIGN KEY (b, a) REFERENCES p (b, a))",
        ),
        Case(
            "two foreign keys on one column",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY); CREATE TABLE c (a int)",
            "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p REFERENCES q)",
        ),
        Case(
            "NULLS NOT DISTINCT",
            "CREATE TABLE t (a int UNIQUE)",
            "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)",
        ),
        Case(
            "checks",
            "CREATE TABLE t (a int CHECK (a > 0), b int)",
            "CREATE TABLE t (a int CHECK (a > 1), b int, CHECK (a < b), CHECK (b > 0 OR a IS NULL))",
        ),
        Case(
            "a foreign key to a unique index",
            "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE c (a int REFERENCES p (a))",
            "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE c (a int)",
        ),
    ]);
}

#[test]
fn indexes_of_every_kind_come_go_and_change() {
    const ALL: &str = "CREATE TABLE t (a int, b text, c jsonb, d text COLLATE \"C\", e int[], f timestamptz);
        CREATE INDEX i1 ON t (a DESC, b NULLS FIRST); CREATE INDEX i2 ON t (a DESC NULLS LAST); CREATE UNIQUE INDEX i3 ON t (lower(b), a) INCLUDE (f) WHERE a > 0 AND b IS NOT NULL;
        CREATE INDEX i4 ON t USING hash (b); CREATE INDEX i5 ON t USING gin (c jsonb_path_ops); CREATE INDEX i6 ON t USING gin (e); CREATE INDEX i7 ON t (b text_pattern_ops, d COLLATE \"POSIX\");
        CREATE INDEX i8 ON t ((a + 1), (b || d COLLATE \"C\") DESC); CREATE INDEX i9 ON t USING brin (f); CREATE UNIQUE INDEX i10 ON t (a) NULLS NOT DISTINCT; CREATE INDEX i11 ON t (b COLLATE \"C\"); CREATE INDEX i12 ON t ((c ->> 'x'), (a::text)) INCLUDE (a, b)";
    const NONE: &str = "CREATE TABLE t (a int, b text, c jsonb, d text COLLATE \"C\", e int[], f timestamptz); INSERT INTO t (a, b) VALUES (1, 'x')";
    check(&[
        Case("they come with their table", "", ALL),
        Case("they come", NONE, ALL),
        Case("they go", ALL, NONE),
        Case(
            "two indexes of one definition",
            "CREATE TABLE t (a int)",
            "CREATE TABLE t (a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a)",
        ),
        Case(
            "one of two goes",
            "CREATE TABLE t (a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a)",
            "CREATE TABLE t (a int); CREATE INDEX y ON t (a)",
        ),
        Case(
            "the order changes",
            "CREATE TABLE t (a int); CREATE INDEX x ON t (a)",
            "CREATE TABLE t (a int); CREATE INDEX x ON t (a DESC)",
        ),
        Case(
            "a unique index becomes a constraint",
            "CREATE TABLE t (a int); CREATE UNIQUE INDEX x ON t (a)",
            "CREATE TABLE t (a int UNIQUE)",
        ),
    ]);
}
