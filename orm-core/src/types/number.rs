//! Numbers and booleans: manual, sections 8.1 and 8.6.

use super::{sql_type, value};

sql_type!(/// `boolean`.
    Bool, "boolean", BOOL, BOOL_ARRAY);
sql_type!(/// `smallint`.
    Int2, "smallint", INT2, INT2_ARRAY);
sql_type!(/// `integer`.
    Int4, "integer", INT4, INT4_ARRAY);
sql_type!(/// `bigint`.
    Int8, "bigint", INT8, INT8_ARRAY);
sql_type!(/// `real`.
    Float4, "real", FLOAT4, FLOAT4_ARRAY);
sql_type!(/// `double precision`.
    Float8, "double precision", FLOAT8, FLOAT8_ARRAY);

value!(bool => Bool);
value!(i16 => Int2);
value!(i32 => Int4);
value!(i64 => Int8);
value!(f32 => Float4);
value!(f64 => Float8);
