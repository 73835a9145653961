//! `sql`: a whole schema as SQL, or as the file that `--from` and `--to` take.

use super::context::{Context, Cut};
use crate::error::{Exit, Failure};
use crate::plan;
use crate::source::{self, Side};

/// Whose schema, and how much of it.
#[derive(Debug, clap::Args)]
pub(super) struct SqlArgs {
    /// Whose: `crate`, `database`, `migrations`, a URL, or the path of a folder or of a schema.json.
    #[arg(value_name = "SIDE", default_value = "crate")]
    side: String,
    #[command(flatten)]
    cut: Cut,
}

pub(super) async fn run(context: &Context<'_>, how: SqlArgs) -> Result<Exit, Failure> {
    let side = Side::parse(&how.side)?;
    let (source, server) = context.side(&side)?;
    let (schema, unmanaged) = source::one(source, server.as_ref()).await?;
    let filter = context.filter(&how.cut)?;
    let (schema, dropped) = filter.alone(&schema);
    let output = context.output;
    dropped.iter().for_each(|note| output.note(note));
    let left_out = unmanaged.iter().filter(|it| filter.has_named(&it.name));
    let left_out: Vec<_> = left_out.map(|it| format!("{} {}", it.kind, it.name)).collect();
    if !left_out.is_empty() {
        output.note(&format!("left out, because it is not managed: {}", left_out.join(", ")));
    }
    output.answer(plan::schema_sql(&schema).trim_end(), source::to_json(&schema));
    Ok(Exit::Done)
}
