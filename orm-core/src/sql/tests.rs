//! Rendering, without a database: `to_sql` of hand-made trees.
