//! What `cargo metadata` says, as far as it is needed (The Cargo Book, "cargo metadata").

use super::{Build, ProjectError, Selection, cargo};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Debug, Deserialize)]
pub(super) struct WorkspaceMetadata {
    pub(super) packages: Vec<Package>,
    pub(super) workspace_members: Vec<String>,
    pub(super) workspace_root: PathBuf,
    pub(super) target_directory: PathBuf,
    resolve: Option<Resolve>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) id: String,
    pub(super) source: Option<String>,
    pub(super) manifest_path: PathBuf,
    pub(super) edition: String,
    targets: Vec<CargoTarget>,
    pub(super) features: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct CargoTarget {
    kind: Vec<String>,
    src_path: PathBuf,
}

impl CargoTarget {
    fn is_library(&self) -> bool {
        self.kind.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "dylib"))
    }
}

#[derive(Debug, Deserialize)]
struct Resolve {
    root: Option<String>,
    nodes: Vec<DependencyNode>,
}

#[derive(Debug, Deserialize)]
struct DependencyNode {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
}

impl Package {
    pub(super) fn has_library(&self) -> bool {
        let kinds = self.targets.iter().flat_map(|target| &target.kind);
        kinds.into_iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib"))
    }

    /// The forms of a library that another program cannot link: a `dylib` has an `orm` of its own within it.
    pub(super) fn library_forms(&self) -> Vec<&str> {
        let kinds = self.targets.iter().flat_map(|target| &target.kind).map(String::as_str);
        kinds.filter(|kind| matches!(*kind, "dylib" | "cdylib" | "staticlib")).collect()
    }

    /// The root file of its library.
    pub(super) fn library(&self) -> Option<&Path> {
        self.targets.iter().find(|it| it.is_library()).map(|it| it.src_path.as_path())
    }
}

impl WorkspaceMetadata {
    pub(super) fn read(selection: &Selection) -> Result<Self, ProjectError> {
        let arguments = |offline: bool| {
            let mut arguments = vec!["metadata".to_owned(), "--format-version=1".to_owned()];
            // The crate's own features decide which `orm` it is built with; without them it may have none.
            arguments.extend(selection.all_features.then(|| "--all-features".to_owned()));
            arguments
                .extend(selection.no_default_features.then(|| "--no-default-features".to_owned()));
            if !selection.features.is_empty() {
                arguments.push(format!("--features={}", selection.features.join(",")));
            }
            if let Some(path) = &selection.manifest_path {
                arguments.push(format!("--manifest-path={}", path.display()));
            }
            arguments.extend((offline || selection.offline).then(|| "--offline".to_owned()));
            arguments.extend(selection.locked.then(|| "--locked".to_owned()));
            arguments
        };
        let mut output = run(&selection.build, &arguments(false))?;
        if !output.status.success() && !selection.offline {
            let again = run(&selection.build, &arguments(true))?;
            if again.status.success() {
                output = again;
            }
        }
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
            return Err(ProjectError::WorkspaceMetadata { output });
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| ProjectError::WorkspaceMetadata { output: error.to_string() })
    }

    /// The package of that name, or the one in this folder, or the only one that can have tables.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<usize, ProjectError> {
        let members: Vec<(usize, &Package)> = self
            .packages
            .iter()
            .enumerate()
            .filter(|(_, package)| self.workspace_members.contains(&package.id))
            .collect();
        let names = || {
            let mut names: Vec<_> =
                members.iter().map(|(_, package)| package.name.as_str()).collect();
            names.sort_unstable();
            names.join(", ")
        };
        if let Some(name) = name {
            let found = members.iter().find(|(_, package)| package.name == name);
            return found.map(|(index, _)| *index).ok_or_else(|| ProjectError::Package {
                message: format!("the workspace has no package `{name}`"),
                hint: format!("it has {}", names()),
            });
        }
        if let Some(root) = self.resolve.as_ref().and_then(|resolve| resolve.root.as_ref())
            && let Some((index, _)) = members.iter().find(|(_, package)| &package.id == root)
        {
            return Ok(*index);
        }
        let able = members
            .iter()
            .filter(|(_, package)| package.has_library() && self.orm_of(package).is_some())
            .collect::<Vec<_>>();
        match able.as_slice() {
            [(index, _)] => Ok(*index),
            [] => Err(ProjectError::Package {
                message: "no package of this workspace is a library that depends on `orm`"
                    .to_owned(),
                hint: format!("add `orm` to one of {}", names()),
            }),
            _ => Err(ProjectError::Package {
                message: "several packages of this workspace depend on `orm`".to_owned(),
                hint: format!(
                    "choose one with --package: {}",
                    able.iter()
                        .map(|(_, package)| package.name.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            }),
        }
    }

    /// The `orm` that a package depends on, whatever it calls it.
    pub(super) fn orm_of(&self, package: &Package) -> Option<&Package> {
        let node = self.resolve.as_ref()?.nodes.iter().find(|node| node.id == package.id)?;
        let mut direct = node
            .deps
            .iter()
            .filter_map(|dep| self.packages.iter().find(|package| package.id == dep.pkg));
        // A crate of that name that cannot list its tables is another's.
        direct.find(|package| package.name == "orm" && package.features.contains_key("schema-json"))
    }
}

fn run(build: &Build, arguments: &[String]) -> Result<std::process::Output, ProjectError> {
    let program = cargo();
    let mut command = Command::new(&program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    build.output(&mut command).map_err(|source| ProjectError::Cargo { program, source })
}
