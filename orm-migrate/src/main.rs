//! The tool `orm-migrate`: see [`orm_migrate::cli`].

use std::process::ExitCode;

fn main() -> std::io::Result<ExitCode> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build()?;
    Ok(runtime.block_on(orm_migrate::cli::run(std::env::args_os(), None)).into())
}
