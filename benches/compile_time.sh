#!/usr/bin/env bash
# How long the compiler takes over a crate that uses this library, with its dependencies compiled before.
#
#   benches/compile_time.sh [filters] [tables] [groups]    all three without arguments
#
#   filters   3 tables of 20 columns, 200 functions: each a join with nine predicates and two keys of order
#   groups    the same with a `group by` and two aggregates
#   tables    50 tables of 10 columns, each with a relation, an index, and three functions: get, list, insert
#
# COMMAND=build compiles instead of checking, RUNS=5 repeats more often, KEEP=folder keeps the crates that are written.
# Printed are the seconds of each run, on the clock and of the processor, and the load of the machine before.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
command=${COMMAND:-check}
runs=${RUNS:-3}
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
# What was compiled before is of no use to another run, and is not written.
export CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$folder/target"

# The manifest of a crate of that name, which has its own workspace and the lock file of this one.
manifest() {
    mkdir -p "$folder/$1/src"
    cat > "$folder/$1/Cargo.toml" <<END
[package]
name = "$1"
version = "0.0.0"
edition = "2024"

[dependencies]
orm = { path = "$repository" }

[workspace]
END
    [ ! -f "$repository/Cargo.lock" ] || cp "$repository/Cargo.lock" "$folder/$1/"
}

# The type of the column c1, c2, ..: six types in turn.
type_of() {
    case $((($1 - 1) % 6)) in
        0) echo i32 ;; 1) echo String ;; 2) echo i64 ;; 3) echo bool ;; 4) echo 'DateTime<Utc>' ;; 5) echo 'Option<String>' ;;
    esac
}

# A table: its struct, its columns that refer to others, and columns c1, c2, .. until it has 20.
table() {
    local name=$1 count=1
    shift
    echo "#[derive(Table)] #[table(name = \"${name,,}\")] pub struct $name { #[column(primary_key)] pub id: i64,"
    for other in "$@"; do
        echo "    #[column(references = $other::id)] pub ${other,,}_id: i64,"
        count=$((count + 1))
    done
    for number in $(seq 1 $((20 - count))); do echo "    pub c$number: $(type_of "$number"),"; done
    echo "}"
}

# 200 functions over joins of the three tables. The predicates are the same with and without groups.
functions() {
    local grouped=$1 joins=("Ann Bob" "Bob Cid" "Ann Cid")
    echo "use orm::prelude::*;"
    [ "$grouped" = no ] || echo "use orm::func;"
    table Cid
    table Bob Cid
    table Ann Bob Cid
    for number in $(seq 0 199); do
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

# 50 tables in a module each; all but the first refer to an earlier one, which has the rows that refer to it.
tables() {
    local number parent children child
    for number in $(seq 1 50); do
        parent=$((number / 2))
        children=""
        for child in $((2 * number)) $((2 * number + 1)); do
            [ "$child" -gt 50 ] || children="$children${children:+, }children_$child: crate::t$child::T$child"
        done
        {
            echo "use orm::prelude::*;"
            [ "$parent" = 0 ] || echo "use crate::t$parent::T$parent;"
            echo "#[derive(Table, Debug, Clone, PartialEq)]"
            echo "#[table(name = \"t$number\"${children:+, has_many($children)})]"
            echo "pub struct T$number {"
            echo "    #[column(primary_key)] pub id: i64,"
            if [ "$parent" = 0 ]; then
                echo "    #[column(index)] pub parent_id: i64,"
            else
                echo "    #[column(references = T$parent::id, index)] pub parent_id: i64,"
            fi
            echo "    pub name: String, pub email: Option<String>, pub count: i32, pub size: i64, pub done: bool,"
            echo "    pub score: f64, #[column(default = now())] pub created_at: DateTime<Utc>, pub ended_at: Option<DateTime<Utc>>,"
            echo "}"
            cat <<END
pub async fn get(db: &Db, id: i64) -> orm::Result<Option<T$number>> {
    T$number::query().filter(T$number::id.eq(id)).first(db).await
}
pub async fn list(db: &Db, name: &str) -> orm::Result<Vec<T$number>> {
    T$number::query().filter(T$number::name.like(name)).order_by(T$number::id.asc()).limit(50).all(db).await
}
pub async fn add(db: &Db, row: T$number) -> orm::Result<u64> {
    T$number::insert().id(row.id).parent_id(row.parent_id).name(row.name).email(row.email).count(row.count)
        .size(row.size).done(row.done).score(row.score).ended_at(row.ended_at).execute(db).await
}
/// So that the bodies are compiled here.
pub fn boxed<'a>(db: &'a Db, row: T$number) -> std::pin::Pin<Box<dyn Future<Output = orm::Result<usize>> + Send + 'a>> {
    Box::pin(async move {
        let found = get(db, row.id).await?.is_some();
        let listed = list(db, &row.name).await?.len();
        add(db, row).await?;
        Ok(listed + usize::from(found))
    })
}
END
        } > "$folder/tables/src/t$number.rs"
        echo "pub mod t$number;"
    done
}

# Compiles the crate of that name again and again, its dependencies once before.
measure() {
    local name=$1 run seconds=() processor=()
    cd "$folder/$name"
    mv src/lib.rs lib.rs
    touch src/lib.rs
    cargo "$command" --quiet
    mv lib.rs src/lib.rs
    local load
    load=$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')
    for run in $(seq "$runs"); do
        cargo clean --quiet --package "$name"
        TIMEFORMAT='%R %U'
        if ! { time cargo "$command" --quiet 2> "$folder/errors"; } 2> "$folder/time"; then
            cat "$folder/errors" >&2
            exit 1
        fi
        read -r wall user < "$folder/time"
        seconds+=("$wall") processor+=("$user")
    done
    local sorted sorted_processor middle=$(((runs + 1) / 2))
    sorted=$(printf '%s\n' "${seconds[@]}" | sort -n)
    sorted_processor=$(printf '%s\n' "${processor[@]}" | sort -n)
    printf '%-8s cargo %s: min %s s, median %s s (processor: min %s, median %s); runs %s; load before %s\n' "$name" "$command" \
        "$(sed -n 1p <<< "$sorted")" "$(sed -n ${middle}p <<< "$sorted")" \
        "$(sed -n 1p <<< "$sorted_processor")" "$(sed -n ${middle}p <<< "$sorted_processor")" "${seconds[*]}" "$load"
}

[ $# -gt 0 ] || set -- filters tables groups
for name in "$@"; do
    manifest "$name"
    case $name in
        filters) functions no > "$folder/$name/src/lib.rs" ;;
        groups) functions yes > "$folder/$name/src/lib.rs" ;;
        tables) tables > "$folder/$name/src/lib.rs" ;;
        *) echo "no such crate: $name" >&2; exit 2 ;;
    esac
    (measure "$name")
done
