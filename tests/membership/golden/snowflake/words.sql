-- any_value
ANY_VALUE("x");

-- arg_max
MAX_BY("x", CASE WHEN "x" IS NULL THEN NULL ELSE "t" END);

-- arg_min
MIN_BY("x", CASE WHEN "x" IS NULL THEN NULL ELSE "t" END);

-- bit_or
BITOR_AGG("x");

-- bool_or
BOOLOR_AGG("x");

-- contains
CONTAINS("x", '_');

-- epoch_us
DATE_PART(EPOCH_MICROSECOND, "t");

-- hash
HASH("x");

-- json_extract_string
CAST("x" AS VARCHAR);

-- json_type
CASE TYPEOF("x") WHEN 'NULL_VALUE' THEN 'NULL' ELSE TYPEOF("x") END;

-- length
LENGTH("x");

-- list_bool_or
ARRAY_CONTAINS(TO_VARIANT(TRUE), TRANSFORM("x", "v" -> STARTSWITH(CAST("v" AS VARCHAR), 'a')));

-- list_extract
CAST(GET(ARRAY_CONSTRUCT(1, 9223372036854775807), (
  "slot" + 1
) - 1) AS BIGINT);

-- list_transform
TRANSFORM("x", "v" -> STARTSWITH(CAST("v" AS VARCHAR), 'a'));

-- md5
MD5_HEX("x");

-- regexp_full_match
REGEXP_LIKE(
  "x",
  '[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])'
);

-- regexp_matches
REGEXP_INSTR("x", '[[:cntrl:] ]') > 0;

-- sha256
SHA2_HEX("x", 256);

-- starts_with
STARTSWITH("x", 'a');

-- strlen
OCTET_LENGTH("x");

-- unhex
HEX_DECODE_BINARY("x");

-- list of a json
TO_ARRAY("x");

-- dot takes a newline
REGEXP_LIKE("x", '.*@.*@.*', 's');

-- bytes of a hash
SHA2_BINARY("x", 256);

-- bytes of a shorter hash
MD5_BINARY("x");

-- hash of a hash
SHA2_BINARY(MD5_HEX("x"), 256);

-- count of some
COUNT_IF("x" = 1);

-- sum of some
SUM(CASE WHEN "x" = 1 THEN "y" END);

-- different ones of some
COUNT(DISTINCT CASE WHEN "x" = 1 THEN "y" END);

-- bits of some
BITOR_AGG(CASE WHEN "x" = 1 THEN "y" END);

-- number
CAST('0.5' AS DECIMAL(38, 18));

-- small number
CAST("x" AS DECIMAL(12, 0));

-- number or none
TRY_TO_DECIMAL(TRIM(CAST("x" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18);

-- whole number or none
TRY_TO_DECIMAL(TRIM(CAST("x" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 0);

-- moment
CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ);

-- moment of a column
CAST(CONVERT_TIMEZONE('UTC', CAST("x" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ);

-- moment or none
CAST(CONVERT_TIMEZONE(
  'UTC',
  CAST(CASE
    WHEN REGEXP_LIKE(
      CAST("x" AS VARCHAR),
      '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
    )
    THEN TRY_TO_TIMESTAMP_TZ(
      CONCAT(
        SUBSTRING(CAST("x" AS VARCHAR), 1, 10),
        'T',
        COALESCE(NULLIF(SUBSTRING(CAST("x" AS VARCHAR), 12, 5), ''), '00:00'),
        SUBSTRING(COALESCE(REGEXP_SUBSTR(CAST("x" AS VARCHAR), ':[0-9]{2}:[0-9.]+'), ':00:00'), 4),
        REGEXP_REPLACE(
          REPLACE(
            COALESCE(REGEXP_SUBSTR(CAST("x" AS VARCHAR), '(Z|[+-][0-9]{2}:?[0-9]{2})$'), '+00:00'),
            'Z',
            '+00:00'
          ),
          ':?([0-9]{2})$',
          ':\\1'
        )
      ),
      'AUTO'
    )
    ELSE NULL
  END AS TIMESTAMPTZ)
) AS TIMESTAMPNTZ);

-- no moment
CAST(NULL AS TIMESTAMPNTZ);

-- text
CAST("x" AS VARCHAR);

-- whole quotient
CAST((
  (
    DATE_PART(EPOCH_MICROSECOND, "s") - DATE_PART(EPOCH_MICROSECOND, "t")
  ) - MOD(
    (
      DATE_PART(EPOCH_MICROSECOND, "s") - DATE_PART(EPOCH_MICROSECOND, "t")
    ),
    3600000000
  )
) / 3600000000 AS BIGINT);

-- least
LEAST_IGNORE_NULLS("x", 7);

-- common bits
(
  BITAND("x", 5)
);

-- bits without others
(
  BITAND("x", BITNOT((
    "y"
  )))
);

-- trimmed
TRIM("x");

-- trimmed of all white space
TRIM("x", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　');

-- characters
LENGTH("x");

-- one of two
IFF("x", 1, 0);

-- user's column
"x order id";

-- elements
SELECT
  "k",
  CAST("elements"."VALUE" AS VARCHAR) AS "x tags"
FROM "customers"
CROSS JOIN LATERAL FLATTEN(INPUT => "x tags") AS "elements";

-- user's table
SELECT
  *
FROM shop.customers;

-- no row
SELECT
  CAST('' AS VARBINARY) AS "h"
WHERE
  FALSE;

-- table
CREATE TABLE "facts" AS
SELECT
  "customers"."k"
FROM "customers" AS "customers";

-- view
CREATE VIEW "seen" AS
SELECT
  *
FROM "customers";

