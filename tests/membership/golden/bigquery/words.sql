-- any_value
ANY_VALUE(`x`);

-- arg_max
MAX_BY(`x`, CASE WHEN `x` IS NULL THEN NULL ELSE `t` END);

-- arg_min
MIN_BY(`x`, CASE WHEN `x` IS NULL THEN NULL ELSE `t` END);

-- bit_or
BIT_OR(`x`);

-- bool_or
LOGICAL_OR(`x`);

-- contains
STRPOS(`x`, '_') > 0;

-- epoch_us
UNIX_MICROS(TIMESTAMP(`t`));

-- hash
FARM_FINGERPRINT(CAST(`x` AS STRING));

-- json_extract_string
JSON_VALUE(`x`, '$');

-- json_type
CASE JSON_TYPE(`x`)
  WHEN 'string'
  THEN 'VARCHAR'
  WHEN 'null'
  THEN 'NULL'
  ELSE UPPER(JSON_TYPE(`x`))
END;

-- length
CHAR_LENGTH(`x`);

-- list_bool_or
(
  SELECT
    LOGICAL_OR(STARTS_WITH(`v`, 'a'))
  FROM UNNEST(`x`) AS `v`
);

-- list_extract
ARRAY<INT64>[1, 9223372036854775807][SAFE_ORDINAL(`slot` + 1)];

-- list_transform
(
  SELECT
    STARTS_WITH(`v`, 'a')
  FROM UNNEST(`x`) AS `v`
);

-- md5
TO_HEX(MD5(`x`));

-- regexp_full_match
REGEXP_CONTAINS(
  `x`,
  '\\A(?:[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9]))\\z'
);

-- regexp_matches
REGEXP_CONTAINS(`x`, '[\\x00-\\x20\\x7f]');

-- sha256
TO_HEX(SHA256(`x`));

-- starts_with
STARTS_WITH(`x`, 'a');

-- strlen
BYTE_LENGTH(`x`);

-- unhex
FROM_HEX(`x`);

-- list of a json
JSON_VALUE_ARRAY(`x`, '$');

-- dot takes a newline
REGEXP_CONTAINS(`x`, '\\A(?:(?s).*@.*@.*)\\z');

-- bytes of a hash
SHA256(`x`);

-- bytes of a shorter hash
MD5(`x`);

-- hash of a hash
SHA256(TO_HEX(MD5(`x`)));

-- count of some
COUNTIF(`x` = 1);

-- sum of some
SUM(CASE WHEN `x` = 1 THEN `y` END);

-- different ones of some
COUNT(DISTINCT CASE WHEN `x` = 1 THEN `y` END);

-- bits of some
BIT_OR(CASE WHEN `x` = 1 THEN `y` END);

-- number
CAST('0.5' AS BIGNUMERIC);

-- small number
CAST(`x` AS BIGNUMERIC);

-- number or none
CASE
  WHEN ABS(ROUND(SAFE_CAST(TRIM(CAST(`x` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)) < CAST('100000000000000000000' AS BIGNUMERIC)
  THEN ROUND(SAFE_CAST(TRIM(CAST(`x` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)
  ELSE NULL
END;

-- whole number or none
CASE
  WHEN ABS(ROUND(SAFE_CAST(TRIM(CAST(`x` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 0)) < CAST('100000000000000000000000000000000000000' AS BIGNUMERIC)
  THEN ROUND(SAFE_CAST(TRIM(CAST(`x` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 0)
  ELSE NULL
END;

-- moment
CAST('2026-11-21 18:00:00.000000' AS DATETIME);

-- moment of a column
CAST(`x` AS DATETIME);

-- moment or none
CAST(CASE
  WHEN REGEXP_CONTAINS(
    CAST(`x` AS STRING),
    '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
  )
  THEN SAFE_CAST(CONCAT(
    SUBSTRING(CAST(`x` AS STRING), 1, 10),
    'T',
    COALESCE(NULLIF(SUBSTRING(CAST(`x` AS STRING), 12, 5), ''), '00:00'),
    SUBSTRING(COALESCE(REGEXP_EXTRACT(CAST(`x` AS STRING), ':[0-9]{2}:[0-9.]+'), ':00:00'), 4),
    REGEXP_REPLACE(
      REPLACE(
        COALESCE(REGEXP_EXTRACT(CAST(`x` AS STRING), '(Z|[+-][0-9]{2}:?[0-9]{2})$'), '+00:00'),
        'Z',
        '+00:00'
      ),
      ':?([0-9]{2})$',
      ':\\1'
    )
  ) AS TIMESTAMP)
  ELSE NULL
END AS DATETIME);

-- no moment
CAST(NULL AS DATETIME);

-- text
CAST(`x` AS STRING);

-- whole quotient
DIV((
  UNIX_MICROS(TIMESTAMP(`s`)) - UNIX_MICROS(TIMESTAMP(`t`))
), 3600000000);

-- least
LEAST(`x`, 7);

-- common bits
(
  `x` & 5
);

-- bits without others
(
  `x` & ~(
    `y`
  )
);

-- trimmed
TRIM(`x`, ' ');

-- trimmed of all white space
TRIM(`x`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　');

-- characters
LENGTH(`x`);

-- one of two
IF(`x`, 1, 0);

-- user's column
`x_order id`;

-- elements
SELECT
  `k`,
  `element` AS `x_tags`
FROM customers AS of_customers
CROSS JOIN UNNEST(`x_tags`) AS `element`;

-- user's table
SELECT
  *
FROM shop.customers;

-- no row
SELECT
  CAST('' AS BYTES) AS `h`
FROM UNNEST([1])
WHERE
  FALSE;

-- table
CREATE TABLE facts AS
SELECT
  `of_customers`.`k`
FROM customers AS of_customers;

-- view
CREATE TABLE seen AS
SELECT
  *
FROM customers AS of_customers;

