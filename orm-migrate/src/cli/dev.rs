//! `dev`: a PostgreSQL for this project, whose data is kept.

use super::Place;
use super::output::Output;
use crate::devdb::{self, Data, DevdbError, Server};
use crate::error::{Exit, Failure};
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(super) async fn run(
    place: &Place,
    data: Option<PathBuf>,
    command: &[OsString],
    output: &Output,
) -> Result<Exit, Failure> {
    let data = match data {
        Some(data) => data,
        None => own_folder(place.project()?.folder())?,
    };
    // A server of its own outlives neither this process nor the command.
    let (server, url) = match Server::start(Data::Kept(data)) {
        Ok(server) => {
            let url = server.url("postgres");
            (Some(server), url)
        }
        Err(DevdbError::AlreadyRunning { url: Some(url), .. }) => (None, url),
        Err(error) => return Err(error.into()),
    };
    if !command.is_empty() {
        return with_command(command, &url).await;
    }
    output.answer(&format!("export POSTGRES_URL={url}"), json!({ "url": url }));
    if server.is_none() {
        output.note("it runs already; this is where");
        return Ok(Exit::Done);
    }
    output.note("running until ctrl-c");
    stopped().await?;
    drop(server);
    output.note("stopped");
    Ok(Exit::Done)
}

/// The project's own folder for data. What lies there is nobody's to commit: it holds a password.
fn own_folder(project: &Path) -> Result<PathBuf, Failure> {
    let data = devdb::kept_folder(project)?;
    if let Some(folder) = data.parent().filter(|folder| folder.starts_with(project)) {
        let ignored = folder.join(".gitignore");
        let failed =
            |source| Failure::System { act: format!("write {}", ignored.display()), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        if !ignored.exists() {
            std::fs::write(&ignored, "*\n").map_err(failed)?;
        }
    }
    Ok(data)
}

/// The command's own exit code counts, as far as it can be told apart: any failure is an error.
async fn with_command(command: &[OsString], url: &str) -> Result<Exit, Failure> {
    let Some((program, arguments)) = command.split_first() else { return Ok(Exit::Done) };
    let failed = |source| Failure::System { act: format!("run {}", program.display()), source };
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .env("POSTGRES_URL", url)
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    // Ctrl-c reaches the command too: it decides how to end, and we wait for it.
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.map_err(failed)?,
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    Ok(if status.success() { Exit::Done } else { Exit::Error })
}

async fn stopped() -> Result<(), Failure> {
    let failed = |source| Failure::System { act: "wait for ctrl-c".to_owned(), source };
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(failed)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(failed),
        _ = terminated.recv() => Ok(()),
    }
}
