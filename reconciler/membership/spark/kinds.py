"""Types of Spark by the names that the stage knows, which are DuckDB's, and as Arrow has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa
from pyspark.sql import types

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "string": "VARCHAR",
        "void": "VARCHAR",
        "binary": "BLOB",
        "boolean": "BOOLEAN",
        "tinyint": "TINYINT",
        "smallint": "SMALLINT",
        "int": "INTEGER",
        "bigint": "BIGINT",
        "float": "FLOAT",
        "double": "DOUBLE",
        "date": "DATE",
        "timestamp": "TIMESTAMP WITH TIME ZONE",
        "timestamp_ntz": "TIMESTAMP",
    }
)

_ARROW: Mapping[str, pa.DataType] = MappingProxyType(
    {
        "string": pa.string(),
        "binary": pa.binary(),
        "boolean": pa.bool_(),
        "tinyint": pa.int8(),
        "smallint": pa.int16(),
        "int": pa.int32(),
        "bigint": pa.int64(),
    }
)
"""What files of the state are made of."""


def name_of(kind: types.DataType) -> str:
    """DuckDB's name of a type."""
    if isinstance(kind, types.ArrayType):
        return f"{name_of(kind.elementType)}[]"
    if isinstance(kind, types.DecimalType):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if isinstance(kind, types.StructType):
        return f"STRUCT({', '.join(f'{each.name} {name_of(each.dataType)}' for each in kind.fields)})"
    if isinstance(kind, types.MapType):
        return f"MAP({name_of(kind.keyType)}, {name_of(kind.valueType)})"
    if isinstance(kind, types.CharType | types.VarcharType):
        return "VARCHAR"
    written = kind.simpleString()
    return _NAMES["string"] if written.startswith("string") else _NAMES.get(written, written.upper())


def arrow_schema(schema: types.StructType) -> pa.Schema:
    """The same columns for a file of the state."""
    return pa.schema([(field.name, _ARROW[field.dataType.simpleString()]) for field in schema.fields])
