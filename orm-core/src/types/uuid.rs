//! `uuid`: manual, section 8.12.

use super::{sql_type, value};

sql_type!(/// `uuid`.
    Uuid, "uuid", UUID, UUID_ARRAY);

value!(::uuid::Uuid => Uuid);
