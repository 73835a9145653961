//! The options of relations and columns that PostgreSQL documents. A server may have more in the catalog that no user set:
//! the releases of November 2026 write `pg_attver` on every column.

/// The options that are compared or listed, by what they are of: the access method of an index, or a kind of relation.
const KNOWN: &[(&str, &[&str])] = &[
    ("columns", &["n_distinct", "n_distinct_inherited"]),
    (
        "tables",
        &[
            "autovacuum_analyze_scale_factor",
            "autovacuum_analyze_threshold",
            "autovacuum_enabled",
            "autovacuum_freeze_max_age",
            "autovacuum_freeze_min_age",
            "autovacuum_freeze_table_age",
            "autovacuum_multixact_freeze_max_age",
            "autovacuum_multixact_freeze_min_age",
            "autovacuum_multixact_freeze_table_age",
            "autovacuum_vacuum_cost_delay",
            "autovacuum_vacuum_cost_limit",
            "autovacuum_vacuum_insert_scale_factor",
            "autovacuum_vacuum_insert_threshold",
            "autovacuum_vacuum_max_threshold",
            "autovacuum_vacuum_scale_factor",
            "autovacuum_vacuum_threshold",
            "fillfactor",
            "log_autovacuum_min_duration",
            "parallel_workers",
            "toast_tuple_target",
            "user_catalog_table",
            "vacuum_index_cleanup",
            "vacuum_max_eager_freeze_failure_rate",
            "vacuum_truncate",
        ],
    ),
    ("views", &["check_option", "security_barrier", "security_invoker"]),
    ("brin", &["autosummarize", "pages_per_range"]),
    // The last one has no effect since PostgreSQL 14, which still accepts it.
    ("btree", &["deduplicate_items", "fillfactor", "vacuum_cleanup_index_scale_factor"]),
    ("gin", &["fastupdate", "gin_pending_list_limit"]),
    ("gist", &["buffering", "fillfactor"]),
    ("hash", &["fillfactor"]),
    ("spgist", &["fillfactor"]),
];

/// Whether an option, as `name=value`, is compared. Those of an access method of an extension are, but for names that
/// PostgreSQL reserves for itself.
pub(super) fn is_compared(of: &str, option: &str) -> bool {
    let name = option.split_once('=').map_or(option, |(name, _)| name).to_lowercase();
    let name = name.trim_start_matches("toast.");
    match KNOWN.iter().find(|(it, _)| *it == of) {
        Some((_, known)) => known.contains(&name),
        None => !name.starts_with("pg_"),
    }
}

/// Each as `tables.fillfactor`, for `unmanaged.sql`.
pub(super) fn known() -> Vec<String> {
    let all = KNOWN.iter().flat_map(|(of, names)| names.iter().map(move |it| format!("{of}.{it}")));
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_no_manual_has_is_not_compared() {
        assert!(is_compared("tables", "FillFactor=70"));
        assert!(is_compared("tables", "toast.autovacuum_enabled=false"));
        assert!(is_compared("views", "security_barrier"));
        assert!(!is_compared("tables", "pg_attver=7"));
        assert!(!is_compared("tables", "later=7"));
        assert!(!is_compared("btree", "buffering=on"));
    }

    #[test]
    fn an_access_method_of_an_extension_has_options_of_its_own() {
        assert!(is_compared("hnsw", "ef_construction=64"));
        assert!(!is_compared("hnsw", "pg_attver=7"));
    }
}
