#!/usr/bin/env bash
# What the compiler takes for a crate that uses this library, as a markdown table; its dependencies are compiled before.
#
#   benches/compile_time.sh [SHAPE[:SIZE]]..      without arguments: hand:50 tables:50 hand:200 tables:200
#
#   hand       SIZE tables of ten columns by hand on tokio-postgres: a struct, its reading, and get, list, insert
#   tables     the same with this library: each table refers to the one before and has an index
#   relations  the same with relations to many: SIZE is 50:5 for 50 tables with 5 each
#   filters    3 tables of 20 columns, SIZE functions (200): each a join with nine predicates and two keys of order
#   groups     the same with a `group by` and two aggregates
#
# RUNS=5 repeats more often, KEEP=folder keeps the crates that are written and what was compiled for them.
# Cold: nothing of the crate is compiled. Added: a table has one column more. Touched: the time of a file changes, not its text.
# Each figure is the median of the runs: seconds on the clock, and in brackets those of the processor, which other
# programs disturb less. Memory is that of the largest process, as GNU time reports it.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
runs=${RUNS:-3}
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
# The profile is the one that a new crate has.
unset "${!CARGO_PROFILE_@}" CARGO_INCREMENTAL RUSTFLAGS
export CARGO_TARGET_DIR="$folder/target"
timer=$(type -P time) || { echo "GNU time is needed: apt-get install time" >&2; exit 2; }

# The manifest of a crate of that name with these dependencies: its own workspace, and the lock file of this one.
manifest() {
    mkdir -p "$folder/$1/src"
    rm -f "$folder/$1"/src/*
    cat > "$folder/$1/Cargo.toml" <<END
[package]
name = "$1"
version = "0.0.0"
edition = "2024"

[dependencies]
$2

[workspace]
END
    [ ! -f "$repository/Cargo.lock" ] || cp "$repository/Cargo.lock" "$folder/$1/"
}

# So that the bodies of the three functions are compiled here.
boxed() {
    cat <<END
pub fn boxed<'a>(db: &'a $1, row: T$2) -> std::pin::Pin<Box<dyn Future<Output = $3> + Send + 'a>> {
    Box::pin(async move {
        let found = get(db, row.id).await?.is_some();
        let listed = list(db, &row.name).await?.len();
        add(db, row).await?;
        Ok(listed + usize::from(found))
    })
}
END
}

# The file of a table by hand; with a third argument it has one column more.
hand_file() {
    local number=$1 columns="id, parent_id, name, email, count, size, done, score, created_at, ended_at" places="" field="" more=""
    local fields="id parent_id name email count size done score created_at ended_at" each position=0
    [ -z "${3:-}" ] || { columns="$columns, note"; fields="$fields note"; field="pub note: Option<String>,"; }
    for each in $fields; do
        more="$more$each: row.try_get($position)?, "
        position=$((position + 1))
        places="$places${places:+, }\$$position"
    done
    cat <<END
use chrono::{DateTime, Utc};
use tokio_postgres::{Client, Error, Row};

#[derive(Debug, Clone, PartialEq)]
pub struct T$number {
    pub id: i64,
    pub parent_id: i64,
    pub name: String,
    pub email: Option<String>,
    pub count: i32,
    pub size: i64,
    pub done: bool,
    pub score: f64,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    $field
}

impl T$number {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self { $more})
    }
}

pub async fn get(db: &Client, id: i64) -> Result<Option<T$number>, Error> {
    let row = db.query_opt("SELECT $columns FROM t$number WHERE id = \$1", &[&id]).await?;
    row.as_ref().map(T$number::read).transpose()
}
pub async fn list(db: &Client, name: &str) -> Result<Vec<T$number>, Error> {
    let rows = db.query("SELECT $columns FROM t$number WHERE name = \$1 ORDER BY id LIMIT 50", &[&name]).await?;
    rows.iter().map(T$number::read).collect()
}
pub async fn add(db: &Client, row: T$number) -> Result<u64, Error> {
    db.execute(
        "INSERT INTO t$number ($columns) VALUES ($places)",
        &[$(for each in $fields; do echo -n "&row.$each, "; done)],
    ).await
}
END
    boxed Client "$number" "Result<usize, Error>"
}

# The file of a table with this library: its number, its relations to many, and whether it has one column more.
# It refers to the table before; its relations are all to the table after it, so that their number changes nothing else.
tables_file() {
    local number=$1 relations=$2 field="" set="" parent=$(($1 - 1)) child=$(($1 + 1)) related="" references="" each
    [ -z "${3:-}" ] || { field="pub note: Option<String>,"; set=".note(row.note)"; }
    [ "$number" = "$size" ] || for each in $(seq 1 "$relations"); do
        related="$related${related:+, }many_$each: crate::t$child::T$child::parent_id"
    done
    echo "use orm::prelude::*;"
    [ "$parent" = 0 ] || { echo "use crate::t$parent::T$parent;"; references="references = T$parent::id, "; }
    cat <<END

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "t$number"${related:+, has_many($related)})]
pub struct T$number {
    #[column(primary_key)]
    pub id: i64,
    #[column(${references}index)]
    pub parent_id: i64,
    pub name: String,
    pub email: Option<String>,
    pub count: i32,
    pub size: i64,
    pub done: bool,
    pub score: f64,
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    $field
}

pub async fn get(db: &Db, id: i64) -> orm::Result<Option<T$number>> {
    T$number::query().filter(T$number::id.eq(id)).first(db).await
}
pub async fn list(db: &Db, name: &str) -> orm::Result<Vec<T$number>> {
    T$number::query().filter(T$number::name.eq(name)).order_by(T$number::id.asc()).limit(50).all(db).await
}
pub async fn add(db: &Db, row: T$number) -> orm::Result<u64> {
    T$number::insert()
        .id(row.id)
        .parent_id(row.parent_id)
        .name(row.name)
        .email(row.email)
        .count(row.count)
        .size(row.size)
        .done(row.done)
        .score(row.score)
        .created_at(row.created_at)
        .ended_at(row.ended_at)$set
        .execute(db)
        .await
}
END
    boxed Db "$number" "orm::Result<usize>"
}

# The type of the column c1, c2, ..: six types in turn.
type_of() {
    case $((($1 - 1) % 6)) in
        0) echo i32 ;; 1) echo String ;; 2) echo i64 ;; 3) echo bool ;; 4) echo 'DateTime<Utc>' ;; 5) echo 'Option<String>' ;;
    esac
}

# A table of the joins: its struct, its columns that refer to others, and columns c1, c2, .. until it has 20.
joined_table() {
    local name=$1 count=1
    shift
    echo "#[derive(Table)] #[table(name = \"${name,,}\")] pub struct $name { #[column(primary_key)] pub id: i64,"
    for other in "$@"; do
        echo "    #[column(references = $other::id)] pub ${other,,}_id: i64,"
        count=$((count + 1))
    done
    for number in $(seq 1 $((20 - count))); do echo "    pub c$number: $(type_of "$number"),"; done
    echo "    $added"
    echo "}"
}

# Functions over joins of the three tables. The predicates are the same with and without groups.
joins_file() {
    local count=$1 grouped=$2 added="" joins=("Ann Bob" "Bob Cid" "Ann Cid") number one other
    [ -z "${3:-}" ] || added="pub note: Option<String>,"
    echo "use orm::prelude::*;"
    [ "$grouped" = no ] || echo "use orm::func;"
    joined_table Cid
    joined_table Bob Cid
    joined_table Ann Bob Cid
    for number in $(seq 0 $((count - 1))); do
        read -r one other <<< "${joins[number % 3]}"
        # Which of the columns of each type.
        local a=$((number % 2 * 6)) b=$((number / 2 % 2 * 6))
        cat <<END
pub async fn f$number(db: &Db, n: i32, at: DateTime<Utc>) -> orm::Result<usize> {
    let query = $one::query().join($one::${other,,})
        .filter($one::c$((1 + a)).gt(n))
        .filter($one::c$((2 + b)).like("a%"))
        .filter($one::c$((3 + a)).le(${number}_i64))
        .filter($one::c$((4 + b)).eq(true))
        .filter($other::c$((5 + a)).lt(at))
        .filter($other::c$((6 + b)).is_null())
        .filter($other::c$((1 + b)).ne(n))
        .filter($other::c$((2 + a)).eq("x").or($one::c$((2 + a)).eq("y")))
        .filter($other::c$((3 + b)).is_in([1, 2, 3]))
END
        local key="$one::c$((1 + a))" second="$one::c$((2 + b))" value="$other::c$((3 + a))"
        if [ "$grouped" = no ]; then
            echo "        .order_by(($key.asc(), $second.desc())).select(($key, $second, $other::id, $value));"
        else
            echo "        .group_by(($key, $second)).order_by(($key.asc(), $second.desc()))"
            echo "        .select(($key, $second, func::count_star(), func::max($value)));"
        fi
        echo "    Ok(query.all(db).await?.len())"
        echo "}"
    done
}

# Writes the file of the crate that is changed; with an argument, with one column more.
changed_file() {
    case $shape in
        hand) hand_file $((size / 2)) 0 "$@" > "$crate/src/t$((size / 2)).rs" ;;
        tables | relations) tables_file $((size / 2)) "$relations" "$@" > "$crate/src/t$((size / 2)).rs" ;;
        filters) joins_file "$size" no "$@" > "$crate/src/lib.rs" ;;
        groups) joins_file "$size" yes "$@" > "$crate/src/lib.rs" ;;
    esac
}

# The crate of a shape and a size.
written() {
    local ours="orm = { path = \"$repository\" }" number
    case $shape in
        hand)
            manifest "$name" 'chrono = { version = "0.4", default-features = false, features = ["std", "clock"] }
tokio-postgres = { version = "0.7", features = ["with-chrono-0_4"] }'
            for number in $(seq 1 "$size"); do
                hand_file "$number" 0 > "$crate/src/t$number.rs"
                echo "pub mod t$number;"
            done > "$crate/src/lib.rs"
            ;;
        tables | relations)
            manifest "$name" "$ours"
            for number in $(seq 1 "$size"); do
                tables_file "$number" "$relations" > "$crate/src/t$number.rs"
                echo "pub mod t$number;"
            done > "$crate/src/lib.rs"
            ;;
        filters | groups)
            manifest "$name" "$ours"
            changed_file
            ;;
        *) echo "no such shape: $shape" >&2; exit 2 ;;
    esac
}

# Compiles the crate, and adds the seconds on the clock, those of the processor and the KiB to a file.
compile() {
    "$timer" --format '%e %U %M' --output "$folder/time" cargo build --quiet 2> "$folder/errors" ||
        { cat "$folder/errors" >&2; exit 1; }
    cat "$folder/time" >> "$folder/$name.$1"
}

# The middle of a column of a file.
median() {
    cut -d' ' -f"$2" "$folder/$name.$1" | sort -n | sed -n "$(((runs + 1) / 2))p"
}

measure() {
    local run
    cd "$crate"
    rm -f "$folder/$name".{cold,added,touched}
    mv src "$folder/$name.src"
    mkdir src
    touch src/lib.rs
    cargo build --quiet
    rm -r src
    mv "$folder/$name.src" src
    for run in $(seq "$runs"); do
        cargo clean --quiet --package "$name"
        compile cold
        # The time of a file is compared with that of what was compiled, in whole seconds on some systems.
        sleep 1
        changed_file added
        compile added
        sleep 1
        changed_file
        cargo build --quiet
        sleep 1
        changed_file
        compile touched
    done
    local lines
    lines=$(cat src/*.rs | wc -l)
    echo "| $shape | $size$([ "$relations" = 0 ] || echo " x $relations") | $lines | $(median cold 1) ($(median cold 2)) |" \
        "$(median added 1) ($(median added 2)) | $(median touched 1) ($(median touched 2)) | $(($(median cold 3) / 1024)) |"
}

[ $# -gt 0 ] || set -- hand:50 tables:50 hand:200 tables:200
echo "| crate | size | lines | cold s | one column added s | touched s | peak MiB |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for argument in "$@"; do
    IFS=: read -r shape size relations <<< "$argument"
    case $shape in filters | groups) size=${size:-200} ;; *) size=${size:-50} ;; esac
    [ "$shape" = relations ] && relations=${relations:-5} || relations=0
    name=${argument//:/_}
    crate=$folder/$name
    written
    measure
done
