//! How the functions of this module are declared.

/// Declares functions of PostgreSQL: name, arguments with their SQL types, the Rust type of the result.
///
/// The result is NULL where an argument is, and where its type is an `Option`. `opaque` before the type of the result is an
/// SQL type without a Rust type.
macro_rules! functions {
    ($(
        $(#[$meta:meta])*
        $name:ident($($letter:ident $argument:ident: $sql:ty),*) $(as $function:literal)? -> $($result:ident $(::$more:ident)* $(<$of:ty>)?)+;
    )*) => {$(
        functions!(@one [$(#[$meta])*] $name [$($letter $argument: $sql),*] [$($function)? ] [$($result $(::$more)* $(<$of>)?)+]);
    )*};
    (@one [$(#[$meta:meta])*] $name:ident $arguments:tt [] $result:tt) => {
        functions!(@fn [$(#[$meta])*] $name stringify!($name), $arguments $result);
    };
    (@one [$(#[$meta:meta])*] $name:ident $arguments:tt [$function:literal] $result:tt) => {
        functions!(@fn [$(#[$meta])*] $name $function, $arguments $result);
    };
    (@fn [$(#[$meta:meta])*] $name:ident $function:expr, [$($letter:ident $argument:ident: $sql:ty),*] [opaque $result:ty]) => {
        $(#[$meta])*
        pub fn $name<$($letter: crate::query::Operand<$sql>),*>($($argument: $letter),*)
            -> crate::query::Expr<
                crate::query::Opaque<$result, functions!(@null bool; $($letter: $sql,)*)>,
                functions!(@reads $($letter: $sql,)*),
            >
        {
            crate::query::func::conditional::call($function, vec![$($argument.into_operand()),*])
        }
    };
    (@fn [$(#[$meta:meta])*] $name:ident $function:expr, [$($letter:ident $argument:ident: $sql:ty),*] [$result:ty]) => {
        $(#[$meta])*
        pub fn $name<$($letter: crate::query::Operand<$sql>),*>($($argument: $letter),*)
            -> crate::query::Expr<
                functions!(@null $result; $($letter: $sql,)*),
                functions!(@reads $($letter: $sql,)*),
            >
        {
            crate::query::func::conditional::call($function, vec![$($argument.into_operand()),*])
        }
    };
    (@null $result:ty;) => { $result };
    (@null $result:ty; $letter:ident: $sql:ty, $($rest:tt)*) => {
        <<$letter as crate::query::Operand<$sql>>::Value as crate::types::Value>::Propagate<
            functions!(@null $result; $($rest)*)
        >
    };
    (@reads) => { () };
    (@reads $letter:ident: $sql:ty, $($rest:tt)*) => {
        (<$letter as crate::query::Operand<$sql>>::Reads, functions!(@reads $($rest)*))
    };
}
pub(super) use functions;
