CREATE TABLE customers AS
SELECT
  `customer_id` AS `k`,
  `email` AS `x_email`,
  `customer_id` AS `x_customer_id`,
  `marketing_consent` AS `x_marketing_consent`,
  `interests` AS `x_interests`,
  `member_until` AS `x_member_until`,
  `tier` AS `x_tier`,
  `unsubscribed` AS `x_unsubscribed`,
  `support_case` AS `x_support_case`
FROM (
  SELECT
    *
  FROM given.customers
) AS of_declared;

CREATE TABLE events AS
SELECT
  0 AS `s`,
  `customer_id` AS `k`,
  CAST(`event` AS STRING) AS `kind`,
  CAST(`occurred_at` AS DATETIME) AS `t`,
  `customer_id` AS `x_customer_id`,
  `event` AS `x_event`,
  `occurred_at` AS `x_occurred_at`,
  `order_email` AS `x_order_email`,
  `product_id` AS `x_product_id`,
  `amount` AS `x_amount`,
  `category` AS `x_category`,
  `coupon` AS `x_coupon`
FROM (
  SELECT
    *
  FROM given.events
) AS of_declared;

SELECT
  COUNT(*),
  COUNT(
    CASE
      WHEN `k` >= '!' AND `k` < '\x7f'
      THEN `k`
      ELSE CASE
        WHEN TRIM(`k`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `k`
      END
    END
  ),
  COUNT(DISTINCT FARM_FINGERPRINT(CAST(`k` AS STRING)))
FROM customers AS of_customers;

CREATE TABLE odd (
  `raw` STRING,
  `e` STRING,
  `r` STRING
);

CREATE TABLE addressed AS
SELECT
  *,
  CASE
    WHEN `r0` IS NULL
    THEN CASE
      WHEN BYTE_LENGTH(CAST(`x_email` AS STRING)) = CHAR_LENGTH(CAST(`x_email` AS STRING))
      THEN `ue0`
      ELSE `se0`
    END
    ELSE NULL
  END AS `e0`
FROM (
  SELECT
    *,
    CASE
      WHEN `ve0`
      THEN NULL
      ELSE CASE
        WHEN BYTE_LENGTH(COALESCE(CAST(`x_email` AS STRING), '')) = CHAR_LENGTH(COALESCE(CAST(`x_email` AS STRING), ''))
        THEN CASE
          WHEN `ue0` = ''
          THEN 'blank'
          WHEN REGEXP_CONTAINS(`ue0`, '\\A(?:([0-9a-f]{32}){1,2})\\z')
          THEN 'hash'
          WHEN NOT STRPOS(`ue0`, '@') > 0
          THEN 'no_at'
          WHEN REGEXP_CONTAINS(`ue0`, '\\A(?:(?s).*@.*@.*)\\z')
          THEN 'several_at'
          WHEN REGEXP_CONTAINS(`ue0`, '[\\x00-\\x20\\x7f]')
          THEN 'space'
          WHEN NOT REGEXP_CONTAINS(`ue0`, '\\A(?:[^@]{1,64}@.*)\\z')
          THEN 'local'
          WHEN NOT REGEXP_CONTAINS(
            `ue0`,
            '\\A(?:[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9]))\\z'
          )
          OR REGEXP_CONTAINS(`ue0`, '\\A(?:.*\\.[0-9]+)\\z')
          THEN 'domain'
          WHEN LENGTH(`ue0`) > 254
          THEN 'too_long'
        END
        ELSE `re0`
      END
    END AS `r0`
  FROM (
    SELECT
      *,
      LOWER(CASE WHEN `ve0` THEN `ze0` ELSE TRIM(`ze0`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f') END) AS `ue0`
    FROM (
      SELECT
        *,
        CASE
          WHEN `be0`
          THEN `be0`
          ELSE LENGTH(`ze0`) <= 64
          AND REGEXP_CONTAINS(`ze0`, '\\A(?:[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+)\\z')
        END AS `ve0`
      FROM (
        SELECT
          *,
          CASE
            WHEN `be0`
            THEN CAST(`x_email` AS STRING)
            ELSE COALESCE(TRIM(CAST(`x_email` AS STRING), ' '), '')
          END AS `ze0`
        FROM (
          SELECT
            *,
            LENGTH(CAST(`x_email` AS STRING)) <= 64
            AND REGEXP_CONTAINS(
              CAST(`x_email` AS STRING),
              '\\A(?:[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+)\\z'
            ) AS `be0`
          FROM (
            SELECT
              of_a.*,
              `of_s0`.`e` AS `se0`,
              `of_s0`.`r` AS `re0`
            FROM customers AS of_a
            LEFT JOIN odd AS of_s0
              ON `of_s0`.`raw` = CAST(`x_email` AS STRING)
          ) AS of_a
        ) AS of_a
      ) AS of_a
    ) AS of_a
  ) AS of_a
) AS of_a;

CREATE TABLE told_by AS
SELECT
  `k`,
  `e0` AS `e`
FROM addressed AS of_addressed
WHERE
  NOT `e0` IS NULL;

CREATE TABLE shared_by AS
SELECT
  `e`,
  MIN(`k`) AS `p`,
  COUNT(*) AS `n`
FROM told_by AS of_told_by
GROUP BY
  `e`
HAVING
  COUNT(*) > 1;

CREATE TABLE persons AS
SELECT
  `of_t`.`k`,
  `of_s`.`p`
FROM told_by AS of_t
JOIN shared_by AS of_s
  ON `of_t`.`e` = `of_s`.`e`
WHERE
  `of_s`.`n` <= 20;

DROP TABLE IF EXISTS told_by;

SELECT
  SUM(CASE WHEN NOT `n` > 20 THEN `n` END),
  COUNTIF(NOT `n` > 20),
  COUNTIF(`n` > 20)
FROM shared_by AS of_shared_by;

CREATE TABLE guests_0 AS
SELECT DISTINCT
  `g` AS `k`,
  `x_order_email`
FROM (
  SELECT
    of_e.*,
    `of_c`.`k` AS `known`,
    CASE
      WHEN `of_c`.`k` IS NULL
      THEN COALESCE(CAST(`of_e`.`x_order_email` AS STRING), '')
      ELSE NULL
    END AS `g`
  FROM events AS of_e
  LEFT JOIN customers AS of_c
    ON `of_e`.`k` = `of_c`.`k`
) AS of_e
WHERE
  NOT `g` IS NULL
  AND `kind` IN (
    'cart_added',
    'checkout_started',
    'product_viewed',
    'purchase',
    'support_opened',
    'support_resolved'
  )
  AND NOT `x_order_email` IS NULL;

CREATE TABLE guests_0_addressed AS
SELECT
  *,
  CASE
    WHEN `r0` IS NULL
    THEN CASE
      WHEN BYTE_LENGTH(CAST(`x_order_email` AS STRING)) = CHAR_LENGTH(CAST(`x_order_email` AS STRING))
      THEN `ue0`
      ELSE `se0`
    END
    ELSE NULL
  END AS `e0`
FROM (
  SELECT
    *,
    CASE
      WHEN `ve0`
      THEN NULL
      ELSE CASE
        WHEN BYTE_LENGTH(COALESCE(CAST(`x_order_email` AS STRING), '')) = CHAR_LENGTH(COALESCE(CAST(`x_order_email` AS STRING), ''))
        THEN CASE
          WHEN `ue0` = ''
          THEN 'blank'
          WHEN REGEXP_CONTAINS(`ue0`, '\\A(?:([0-9a-f]{32}){1,2})\\z')
          THEN 'hash'
          WHEN NOT STRPOS(`ue0`, '@') > 0
          THEN 'no_at'
          WHEN REGEXP_CONTAINS(`ue0`, '\\A(?:(?s).*@.*@.*)\\z')
          THEN 'several_at'
          WHEN REGEXP_CONTAINS(`ue0`, '[\\x00-\\x20\\x7f]')
          THEN 'space'
          WHEN NOT REGEXP_CONTAINS(`ue0`, '\\A(?:[^@]{1,64}@.*)\\z')
          THEN 'local'
          WHEN NOT REGEXP_CONTAINS(
            `ue0`,
            '\\A(?:[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9]))\\z'
          )
          OR REGEXP_CONTAINS(`ue0`, '\\A(?:.*\\.[0-9]+)\\z')
          THEN 'domain'
          WHEN LENGTH(`ue0`) > 254
          THEN 'too_long'
        END
        ELSE `re0`
      END
    END AS `r0`
  FROM (
    SELECT
      *,
      LOWER(CASE WHEN `ve0` THEN `ze0` ELSE TRIM(`ze0`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f') END) AS `ue0`
    FROM (
      SELECT
        *,
        CASE
          WHEN `be0`
          THEN `be0`
          ELSE LENGTH(`ze0`) <= 64
          AND REGEXP_CONTAINS(`ze0`, '\\A(?:[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+)\\z')
        END AS `ve0`
      FROM (
        SELECT
          *,
          CASE
            WHEN `be0`
            THEN CAST(`x_order_email` AS STRING)
            ELSE COALESCE(TRIM(CAST(`x_order_email` AS STRING), ' '), '')
          END AS `ze0`
        FROM (
          SELECT
            *,
            LENGTH(CAST(`x_order_email` AS STRING)) <= 64
            AND REGEXP_CONTAINS(
              CAST(`x_order_email` AS STRING),
              '\\A(?:[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+)\\z'
            ) AS `be0`
          FROM (
            SELECT
              of_a.*,
              `of_s0`.`e` AS `se0`,
              `of_s0`.`r` AS `re0`
            FROM guests_0 AS of_a
            LEFT JOIN odd AS of_s0
              ON `of_s0`.`raw` = CAST(`x_order_email` AS STRING)
          ) AS of_a
        ) AS of_a
      ) AS of_a
    ) AS of_a
  ) AS of_a
) AS of_a;

SELECT
  COUNTIF(`r` IN ('hash', 'plain')),
  COUNT(*)
FROM (
  SELECT
    `r0` AS `r`
  FROM guests_0_addressed AS of_guests_0_addressed
) AS of_a;

CREATE TABLE found_0 AS
SELECT DISTINCT
  `of_g`.`k` AS `g`,
  COALESCE(`of_p`.`p`, `of_c`.`k`) AS `k`
FROM (
  SELECT
    `e0` AS `e`,
    CAST(0 AS INT64) AS `i`,
    `k`
  FROM guests_0_addressed AS of_guests_0_addressed
  WHERE
    NOT `e0` IS NULL
) AS of_g
JOIN (
  SELECT
    `e0` AS `e`,
    CAST(0 AS INT64) AS `i`,
    `k`
  FROM addressed AS of_addressed
  WHERE
    NOT `e0` IS NULL
) AS of_c
  ON `of_g`.`e` = `of_c`.`e` AND `of_g`.`i` = `of_c`.`i`
LEFT JOIN persons AS of_p
  ON `of_p`.`k` = `of_c`.`k`;

CREATE TABLE happened AS
SELECT
  `s`,
  COALESCE(`of_e`.`known`, `of_f`.`k`) AS `k`,
  `kind`,
  `t`,
  `x_amount` AS `x_amount`,
  `x_category` AS `x_category`,
  `x_coupon` AS `x_coupon`,
  `x_customer_id` AS `x_customer_id`,
  `x_event` AS `x_event`,
  `x_occurred_at` AS `x_occurred_at`,
  `x_order_email` AS `x_order_email`,
  `x_product_id` AS `x_product_id`
FROM (
  SELECT
    of_e.*,
    `of_c`.`k` AS `known`,
    CASE
      WHEN `of_c`.`k` IS NULL
      THEN COALESCE(CAST(`of_e`.`x_order_email` AS STRING), '')
      ELSE NULL
    END AS `g`
  FROM events AS of_e
  LEFT JOIN customers AS of_c
    ON `of_e`.`k` = `of_c`.`k`
) AS of_e
LEFT JOIN found_0 AS of_f
  ON `of_e`.`g` = `of_f`.`g`;

DROP TABLE IF EXISTS facts;

CREATE TABLE facts AS
SELECT
  `k`,
  COUNT(*) AS `n`,
  BIT_OR(
    (
      COALESCE(
        ARRAY<INT64>[
          258,
          258,
          258,
          256,
          256,
          256,
          256,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          258,
          258,
          258,
          256,
          256,
          256,
          256,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          32,
          0,
          0,
          0,
          0,
          0,
          0,
          5,
          13,
          13,
          13,
          13,
          13,
          13,
          8,
          8,
          8,
          8,
          8,
          8,
          8,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16,
          16
        ][SAFE_ORDINAL(LEAST(`slot`, 35) + 1 + CASE `kind`
          WHEN 'cart_added'
          THEN 0
          WHEN 'checkout_started'
          THEN 36
          WHEN 'product_viewed'
          THEN 72
          WHEN 'purchase'
          THEN 108
        END)],
        0
      ) | CASE
        WHEN `kind` = 'purchase'
        AND COALESCE(
          CASE
            WHEN `x_category` >= '!' AND `x_category` < '\x7f'
            THEN `x_category`
            ELSE CASE
              WHEN TRIM(`x_category`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE `x_category`
            END
          END = 'refill',
          FALSE
        )
        THEN ARRAY<INT64>[
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          128,
          64,
          64,
          64,
          64,
          64,
          64,
          64,
          64,
          64,
          64,
          0
        ][SAFE_ORDINAL(LEAST(`slot`, 35) + 1)]
        ELSE 0
      END
    )
  ) AS `b0`,
  COUNTIF(
    `kind` = 'product_viewed'
    AND (
      `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND `t` > CAST('2026-11-18 18:00:00.000000' AS DATETIME)
    )
  ) AS `c0`,
  COUNTIF(
    `kind` = 'purchase'
    AND NOT CASE
      WHEN `x_coupon` >= '!' AND `x_coupon` < '\x7f'
      THEN `x_coupon`
      ELSE CASE
        WHEN TRIM(`x_coupon`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_coupon`
      END
    END IS NULL
  ) AS `c1`,
  COUNTIF(`kind` = 'purchase') AS `c2`,
  COALESCE(SUM(`v0`), CAST(0 AS BIGNUMERIC)) AS `s0`,
  COALESCE(SUM(`v1`), CAST(0 AS BIGNUMERIC)) AS `s1`,
  COALESCE(SUM(`v2`), CAST(0 AS BIGNUMERIC)) AS `s2`,
  COUNT(`v2`) AS `s3`,
  MAX(CASE WHEN `kind` = 'support_opened' THEN `t` END) AS `t0`,
  MAX(CASE WHEN `kind` = 'support_resolved' THEN `t` END) AS `t1`,
  MAX(CASE WHEN `kind` IN ('cart_added', 'checkout_started') THEN `t` END) AS `t2`,
  MAX(CASE WHEN `kind` = 'purchase' THEN `t` END) AS `t3`,
  MAX(CASE WHEN `kind` = 'cart_added' THEN `t` END) AS `t4`
FROM (
  SELECT
    *,
    CASE
      WHEN `kind` = 'cart_added'
      AND (
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t` > CAST('2026-11-20 18:00:00.000000' AS DATETIME)
      )
      THEN `u0`
      ELSE NULL
    END AS `v0`,
    CASE
      WHEN `kind` = 'purchase'
      AND (
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t` > CAST('2026-07-24 18:00:00.000000' AS DATETIME)
      )
      THEN `u0`
      ELSE NULL
    END AS `v1`,
    CASE WHEN `kind` = 'purchase' THEN `u0` ELSE NULL END AS `v2`
  FROM (
    SELECT
      *,
      CASE
        WHEN ABS(
          ROUND(SAFE_CAST(TRIM(CAST(`x_amount` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)
        ) < CAST('100000000000000000000' AS BIGNUMERIC)
        THEN ROUND(SAFE_CAST(TRIM(CAST(`x_amount` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)
        ELSE NULL
      END AS `u0`
    FROM (
      SELECT
        `k`,
        `kind`,
        `t`,
        `x_amount`,
        `x_category`,
        `x_coupon`,
        (
          DIV(
            (
              UNIX_MICROS(TIMESTAMP(CAST('2026-11-21 18:00:00.000000' AS DATETIME))) - UNIX_MICROS(TIMESTAMP(`t`))
            ),
            86400000000
          )
        ) AS `slot`
      FROM happened AS of_happened
      WHERE
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND (
          (
            `kind` IN ('cart_added', 'checkout_started')
            AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
          )
          OR (
            `kind` IN ('product_viewed', 'support_opened', 'support_resolved')
            AND `t` > CAST('2026-10-22 18:00:00.000000' AS DATETIME)
          )
          OR `kind` = 'purchase'
        )
    ) AS of_r
  ) AS of_r
) AS of_e
GROUP BY
  `k`;

DROP TABLE IF EXISTS facts_merged;

CREATE TABLE facts_merged AS
SELECT
  `of_persons`.`p` AS `k`,
  CAST(SUM(`of_f`.`n`) AS INT64) AS `n`,
  BIT_OR(`of_f`.`b0`) AS `b0`,
  CAST(SUM(`of_f`.`c0`) AS INT64) AS `c0`,
  CAST(SUM(`of_f`.`c1`) AS INT64) AS `c1`,
  CAST(SUM(`of_f`.`c2`) AS INT64) AS `c2`,
  SUM(`of_f`.`s0`) AS `s0`,
  SUM(`of_f`.`s1`) AS `s1`,
  SUM(`of_f`.`s2`) AS `s2`,
  CAST(SUM(`of_f`.`s3`) AS INT64) AS `s3`,
  MAX(`of_f`.`t0`) AS `t0`,
  MAX(`of_f`.`t1`) AS `t1`,
  MAX(`of_f`.`t2`) AS `t2`,
  MAX(`of_f`.`t3`) AS `t3`,
  MAX(`of_f`.`t4`) AS `t4`
FROM persons AS of_persons
JOIN facts AS of_f
  ON `of_persons`.`k` = `of_f`.`k`
GROUP BY
  `of_persons`.`p`;

DROP TABLE IF EXISTS facts_tally_0;

CREATE TABLE facts_tally_0 AS
SELECT
  `k`,
  MAX(`n0`) AS `q0_0`
FROM (
  SELECT
    COALESCE(`of_persons`.`p`, `of_e`.`k`) AS `k`,
    CASE
      WHEN `x_product_id` >= '!' AND `x_product_id` < '\x7f'
      THEN `x_product_id`
      ELSE CASE
        WHEN TRIM(`x_product_id`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_product_id`
      END
    END AS `v`,
    COUNTIF(
      `kind` = 'product_viewed'
      AND (
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
      )
    ) AS `n0`
  FROM (
    SELECT
      `k`,
      `kind`,
      `t`,
      `x_product_id`
    FROM happened AS of_happened
    WHERE
      `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND (
        `kind` = 'product_viewed'
        AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
      )
      AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
  ) AS of_e
  LEFT JOIN persons AS of_persons
    ON `of_persons`.`k` = `of_e`.`k`
  WHERE
    NOT CASE
      WHEN `x_product_id` >= '!' AND `x_product_id` < '\x7f'
      THEN `x_product_id`
      ELSE CASE
        WHEN TRIM(`x_product_id`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_product_id`
      END
    END IS NULL
  GROUP BY
    1,
    2
) AS of_v
GROUP BY
  `k`;

DROP TABLE IF EXISTS facts_followed;

CREATE TABLE facts_followed AS
SELECT
  `of_f`.`k` AS `k`,
  LOGICAL_OR(
    COALESCE(
      `of_e`.`kind` = 'checkout_started'
      AND (
        UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t4`))
      ) >= 0
      AND (
        UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t4`))
      ) < 7200000000,
      FALSE
    )
  ) AS `g0`
FROM (
  SELECT
    `k`,
    `kind`,
    `t`
  FROM happened AS of_happened
  WHERE
    `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
    AND (
      `kind` = 'checkout_started'
      AND `t` > CAST('2026-11-18 18:00:00.000000' AS DATETIME)
    )
    AND `t` > CAST('2026-11-18 18:00:00.000000' AS DATETIME)
) AS of_e
LEFT JOIN persons AS of_persons
  ON `of_persons`.`k` = `of_e`.`k`
JOIN (
  SELECT
    `k`,
    `n`,
    `b0`,
    `c0`,
    `c1`,
    `c2`,
    `s0`,
    `s1`,
    `s2`,
    `s3`,
    `t0`,
    `t1`,
    `t2`,
    `t3`,
    `t4`
  FROM facts AS of_facts
  WHERE
    NOT `k` IN (
      SELECT
        `k`
      FROM persons AS of_persons
    )
  UNION ALL
  SELECT
    `k`,
    `n`,
    `b0`,
    `c0`,
    `c1`,
    `c2`,
    `s0`,
    `s1`,
    `s2`,
    `s3`,
    `t0`,
    `t1`,
    `t2`,
    `t3`,
    `t4`
  FROM facts_merged AS of_facts_merged
) AS of_f
  ON `of_f`.`k` = COALESCE(`of_persons`.`p`, `of_e`.`k`)
WHERE
  (
    UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t4`))
  ) >= 0
  AND (
    UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t4`))
  ) < 7200000000
GROUP BY
  `of_f`.`k`;

DROP TABLE IF EXISTS facts_traits;

CREATE TABLE facts_traits AS
SELECT
  `of_persons`.`p` AS `k`,
  LOGICAL_OR(COALESCE(`of_customers`.`x_unsubscribed` = TRUE, FALSE)) AS `b0`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN `of_customers`.`x_support_case` >= '!'
        AND `of_customers`.`x_support_case` < '\x7f'
        THEN `of_customers`.`x_support_case`
        ELSE CASE
          WHEN TRIM(`of_customers`.`x_support_case`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE `of_customers`.`x_support_case`
        END
      END = 'open',
      FALSE
    )
  ) AS `b1`,
  LOGICAL_OR(
    COALESCE(
      CAST(`of_customers`.`x_member_until` AS DATETIME) >= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND CAST(`of_customers`.`x_member_until` AS DATETIME) < CAST('2026-12-21 18:00:00.000000' AS DATETIME),
      FALSE
    )
  ) AS `b2`,
  LOGICAL_OR(
    COALESCE(
      (
        SELECT
          LOGICAL_OR(
            COALESCE(
              CASE
                WHEN `element` >= '!' AND `element` < '\x7f'
                THEN `element`
                ELSE CASE
                  WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                  THEN NULL
                  ELSE `element`
                END
              END = 'camping'
              OR CASE
                WHEN `element` >= '!' AND `element` < '\x7f'
                THEN `element`
                ELSE CASE
                  WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                  THEN NULL
                  ELSE `element`
                END
              END = 'hiking',
              FALSE
            )
          )
        FROM UNNEST(`of_customers`.`x_interests`) AS `element`
      ),
      FALSE
    )
  ) AS `b3`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
        THEN `of_customers`.`x_tier`
        ELSE CASE
          WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE `of_customers`.`x_tier`
        END
      END = 'vip',
      FALSE
    )
  ) AS `b4`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END,
      FALSE
    )
  ) AS `b5`,
  LOGICAL_OR(
    NOT CASE
      WHEN `of_customers`.`x_marketing_consent` >= '!'
      AND `of_customers`.`x_marketing_consent` < '\x7f'
      THEN `of_customers`.`x_marketing_consent`
      ELSE CASE
        WHEN TRIM(
          `of_customers`.`x_marketing_consent`,
          ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　'
        ) = ''
        THEN NULL
        ELSE `of_customers`.`x_marketing_consent`
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END,
      FALSE
    )
  ) AS `b6`
FROM persons AS of_persons
JOIN customers AS of_customers
  ON `of_persons`.`k` = `of_customers`.`k`
GROUP BY
  `of_persons`.`p`;

CREATE TABLE people AS
SELECT
  `k`,
  `p`,
  `e0`,
  `r0`,
  CASE WHEN `k` = `p` THEN `n` ELSE 0 END AS `n`,
  `b5` AND NOT `b6` AS `c`,
  CAST((
    (
      (
        (
          (
            `m0` & 2048
          ) | CASE WHEN `c0` >= 3 THEN 1 ELSE 0 END
        ) | (
          CASE
            WHEN COALESCE(
              `t2` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
              AND `t2` > CAST('2026-11-21 14:00:00.000000' AS DATETIME),
              FALSE
            )
            AND NOT COALESCE(`t3` >= `t2`, FALSE)
            THEN 2
            ELSE 0
          END | CASE
            WHEN COALESCE(
              `t2` <= CAST('2026-11-21 14:00:00.000000' AS DATETIME)
              AND `t2` > CAST('2026-11-20 18:00:00.000000' AS DATETIME),
              FALSE
            )
            AND NOT COALESCE(`t3` >= `t2`, FALSE)
            THEN 4
            ELSE 0
          END
        )
      ) | (
        (
          CASE
            WHEN COALESCE(
              `t2` <= CAST('2026-11-19 18:00:00.000000' AS DATETIME)
              AND `t2` > CAST('2026-11-14 18:00:00.000000' AS DATETIME),
              FALSE
            )
            AND NOT COALESCE(`t3` >= `t2`, FALSE)
            THEN 8
            ELSE 0
          END | CASE
            WHEN COALESCE(
              `t4` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
              AND `t4` > CAST('2026-11-18 18:00:00.000000' AS DATETIME),
              FALSE
            )
            AND NOT COALESCE(`t3` >= `t4`, FALSE)
            AND `g0`
            THEN 16
            ELSE 0
          END
        ) | (
          CASE WHEN `b2` THEN 32 ELSE 0 END | (
            CASE
              WHEN `c1` >= 2
              AND COALESCE(
                `c2` <> 0
                AND CAST(`c1` AS BIGNUMERIC) > CAST((
                  CAST('0.5' AS BIGNUMERIC) * CAST(`c2` AS BIGNUMERIC)
                ) AS BIGNUMERIC),
                FALSE
              )
              THEN 64
              ELSE 0
            END | CASE WHEN (
              `m1` & 4
            ) <> 0 AND NOT (
              `m1` & 8
            ) <> 0 THEN 128 ELSE 0 END
          )
        )
      )
    ) | (
      (
        (
          CASE
            WHEN COALESCE(`s0` >= 150, FALSE)
            AND (
              COALESCE(
                `t2` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
                AND `t2` > CAST('2026-11-20 18:00:00.000000' AS DATETIME),
                FALSE
              )
              AND NOT COALESCE(`t3` >= `t2`, FALSE)
            )
            THEN 256
            ELSE 0
          END | CASE
            WHEN COALESCE(
              `t3` <= CAST('2026-11-07 18:00:00.000000' AS DATETIME)
              AND `t3` > CAST('2026-10-07 18:00:00.000000' AS DATETIME),
              FALSE
            )
            AND `c2` = 1
            THEN 512
            ELSE 0
          END
        ) | (
          CASE WHEN `b3` AND (
            `m1` & 16
          ) <> 0 THEN 1024 ELSE 0 END | (
            CASE WHEN (
              `m1` & 32
            ) <> 0 AND NOT (
              `m1` & 64
            ) <> 0 THEN 4096 ELSE 0 END | CASE WHEN `q0_0` >= 2 THEN 8192 ELSE 0 END
          )
        )
      ) | (
        (
          CASE
            WHEN (
              COALESCE(
                `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
                AND `t0` > CAST('2026-10-22 18:00:00.000000' AS DATETIME),
                FALSE
              )
              AND NOT COALESCE(`t1` >= `t0`, FALSE)
            )
            OR `b1`
            THEN 16384
            ELSE 0
          END | CASE WHEN `b0` THEN 32768 ELSE 0 END
        ) | (
          CASE
            WHEN `b4`
            OR COALESCE(`s1` >= 500, FALSE)
            OR (
              `c2` >= 2
              AND COALESCE(
                `s3` <> 0
                AND CAST(`s2` AS BIGNUMERIC) >= CAST((
                  CAST('120' AS BIGNUMERIC) * CAST(`s3` AS BIGNUMERIC)
                ) AS BIGNUMERIC),
                FALSE
              )
            )
            THEN 65536
            ELSE 0
          END | (
            CASE
              WHEN COALESCE(
                `t3` <= CAST('2026-09-22 18:00:00.000000' AS DATETIME)
                AND `t3` > CAST('2026-07-24 18:00:00.000000' AS DATETIME),
                FALSE
              )
              AND `c2` >= 2
              THEN 131072
              ELSE 0
            END | CASE WHEN `u0` THEN 262144 ELSE 0 END
          )
        )
      )
    )
  ) AS INT64) AS `wq0`,
  CAST((
    (
      CASE WHEN (
        `m1` & 1
      ) <> 0 OR `in2` OR `in3` THEN 1 ELSE 0 END | CASE WHEN `in2` OR `in3` THEN 1310 ELSE 0 END
    ) | (
      CASE WHEN `in2` THEN 201376 ELSE 0 END | CASE WHEN (
        `m1` & 128
      ) <> 0 OR `in2` OR `in3` THEN 8192 ELSE 0 END
    )
  ) AS INT64) AS `wn0`,
  CAST(0 AS INT64) AS `aq0`,
  CAST(0 AS INT64) AS `an0`
FROM (
  SELECT
    *,
    `in0` OR `in1` AS `in2`
  FROM (
    SELECT
      *,
      `b0` AS `in0`,
      (
        COALESCE(
          `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
          AND `t0` > CAST('2026-10-22 18:00:00.000000' AS DATETIME),
          FALSE
        )
        AND NOT COALESCE(`t1` >= `t0`, FALSE)
      )
      OR `b1` AS `in1`,
      (
        `m1` & 2
      ) <> 0 AS `in3`
    FROM (
      SELECT
        `of_customers`.`k`,
        COALESCE(`of_persons`.`p`, `of_customers`.`k`) AS `p`,
        `of_customers`.`e0` AS `e0`,
        `of_customers`.`r0` AS `r0`,
        COALESCE(`of_f`.`n`, 0) AS `n`,
        COALESCE(`of_f`.`c0`, 0) AS `c0`,
        COALESCE(`of_f`.`c1`, 0) AS `c1`,
        COALESCE(`of_f`.`c2`, 0) AS `c2`,
        COALESCE(`of_f`.`s0`, 0) AS `s0`,
        COALESCE(`of_f`.`s1`, 0) AS `s1`,
        COALESCE(`of_f`.`s2`, 0) AS `s2`,
        COALESCE(`of_f`.`s3`, 0) AS `s3`,
        `of_f`.`t0`,
        `of_f`.`t1`,
        `of_f`.`t2`,
        `of_f`.`t3`,
        `of_f`.`t4`,
        (
          (
            COALESCE(`of_f`.`b0`, 0) & 1
          ) * 2048
        ) AS `m0`,
        (
          DIV((
            COALESCE(`of_f`.`b0`, 0) & 510
          ), 2)
        ) AS `m1`,
        COALESCE(`of_facts_tally_0`.`q0_0`, 0) AS `q0_0`,
        COALESCE(`of_g`.`g0`, FALSE) AS `g0`,
        COALESCE(`of_m`.`b0`, COALESCE(`of_customers`.`x_unsubscribed` = TRUE, FALSE)) AS `b0`,
        COALESCE(
          `of_m`.`b1`,
          COALESCE(
            CASE
              WHEN `of_customers`.`x_support_case` >= '!'
              AND `of_customers`.`x_support_case` < '\x7f'
              THEN `of_customers`.`x_support_case`
              ELSE CASE
                WHEN TRIM(`of_customers`.`x_support_case`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `of_customers`.`x_support_case`
              END
            END = 'open',
            FALSE
          )
        ) AS `b1`,
        COALESCE(
          `of_m`.`b2`,
          COALESCE(
            CAST(`of_customers`.`x_member_until` AS DATETIME) >= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
            AND CAST(`of_customers`.`x_member_until` AS DATETIME) < CAST('2026-12-21 18:00:00.000000' AS DATETIME),
            FALSE
          )
        ) AS `b2`,
        COALESCE(
          `of_m`.`b3`,
          COALESCE(
            (
              SELECT
                LOGICAL_OR(
                  COALESCE(
                    CASE
                      WHEN `element` >= '!' AND `element` < '\x7f'
                      THEN `element`
                      ELSE CASE
                        WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                        THEN NULL
                        ELSE `element`
                      END
                    END = 'camping'
                    OR CASE
                      WHEN `element` >= '!' AND `element` < '\x7f'
                      THEN `element`
                      ELSE CASE
                        WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                        THEN NULL
                        ELSE `element`
                      END
                    END = 'hiking',
                    FALSE
                  )
                )
              FROM UNNEST(`of_customers`.`x_interests`) AS `element`
            ),
            FALSE
          )
        ) AS `b3`,
        COALESCE(
          `of_m`.`b4`,
          COALESCE(
            CASE
              WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
              THEN `of_customers`.`x_tier`
              ELSE CASE
                WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `of_customers`.`x_tier`
              END
            END = 'vip',
            FALSE
          )
        ) AS `b4`,
        COALESCE(
          `of_m`.`b5`,
          COALESCE(
            CASE
              WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
              THEN TRUE
              WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
              THEN FALSE
            END,
            FALSE
          )
        ) AS `b5`,
        COALESCE(
          `of_m`.`b6`,
          NOT CASE
            WHEN `of_customers`.`x_marketing_consent` >= '!'
            AND `of_customers`.`x_marketing_consent` < '\x7f'
            THEN `of_customers`.`x_marketing_consent`
            ELSE CASE
              WHEN TRIM(
                `of_customers`.`x_marketing_consent`,
                ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　'
              ) = ''
              THEN NULL
              ELSE `of_customers`.`x_marketing_consent`
            END
          END IS NULL
          AND NOT COALESCE(
            CASE
              WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
              THEN TRUE
              WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
              THEN FALSE
            END,
            FALSE
          )
        ) AS `b6`,
        SUBSTRING(
          TO_HEX(
            SHA256(
              CONCAT('winback:', CAST(COALESCE(`of_persons`.`p`, `of_customers`.`k`) AS STRING))
            )
          ),
          1,
          8
        ) < '0ccccccd' AS `u0`
      FROM addressed AS of_customers
      LEFT JOIN persons AS of_persons
        ON `of_persons`.`k` = `of_customers`.`k`
      LEFT JOIN (
        SELECT
          `k`,
          `n`,
          `b0`,
          `c0`,
          `c1`,
          `c2`,
          `s0`,
          `s1`,
          `s2`,
          `s3`,
          `t0`,
          `t1`,
          `t2`,
          `t3`,
          `t4`
        FROM facts AS of_facts
        WHERE
          NOT `k` IN (
            SELECT
              `k`
            FROM persons AS of_persons
          )
        UNION ALL
        SELECT
          `k`,
          `n`,
          `b0`,
          `c0`,
          `c1`,
          `c2`,
          `s0`,
          `s1`,
          `s2`,
          `s3`,
          `t0`,
          `t1`,
          `t2`,
          `t3`,
          `t4`
        FROM facts_merged AS of_facts_merged
      ) AS of_f
        ON `of_f`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
      LEFT JOIN facts_tally_0 AS of_facts_tally_0
        ON `of_facts_tally_0`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
      LEFT JOIN facts_followed AS of_g
        ON `of_g`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
      LEFT JOIN facts_traits AS of_m
        ON `of_m`.`k` = `of_persons`.`p`
    ) AS of_l
  ) AS of_l
) AS of_p;

SELECT
  `r`,
  COUNT(*)
FROM (
  SELECT
    `r0` AS `r`
  FROM people AS of_people
) AS of_a
GROUP BY
  `r`;

SELECT
  `kind`,
  COUNT(*),
  COUNTIF(`t` > CAST('2026-11-21 18:00:00.000000' AS DATETIME)),
  MAX(
    CASE
      WHEN `t` BETWEEN CAST('0001-01-01 00:00:00.000000' AS DATETIME) AND CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      THEN `t`
    END
  )
FROM events AS of_events
GROUP BY
  `kind`;

SELECT
  SUM(`n`)
FROM facts AS of_facts;

SELECT
  SUM(`n`)
FROM people AS of_people;

SELECT
  COUNTIF(
    NOT CASE
      WHEN `x_marketing_consent` >= '!' AND `x_marketing_consent` < '\x7f'
      THEN `x_marketing_consent`
      ELSE CASE
        WHEN TRIM(`x_marketing_consent`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_marketing_consent`
      END
    END IS NULL
    AND CASE
      WHEN LOWER(CAST(`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
      THEN TRUE
      WHEN LOWER(CAST(`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
      THEN FALSE
    END IS NULL
  )
FROM customers AS of_customers;

SELECT
  COUNTIF(
    CASE
      WHEN `x_marketing_consent` >= '!' AND `x_marketing_consent` < '\x7f'
      THEN `x_marketing_consent`
      ELSE CASE
        WHEN TRIM(`x_marketing_consent`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_marketing_consent`
      END
    END IS NULL
  )
FROM customers AS of_customers;

CREATE TABLE ledger AS
SELECT
  CAST('' AS BYTES) AS `h`,
  CAST(0 AS INT64) AS `i`,
  CAST(0 AS INT64) AS `i0`
FROM UNNEST([1])
WHERE
  FALSE;

CREATE TABLE doubts AS
SELECT
  `h`,
  `i`,
  BIT_OR(`d0`) AS `d0`
FROM (
  SELECT
    CAST('' AS BYTES) AS `h`,
    CAST(0 AS INT64) AS `i`,
    CAST(0 AS INT64) AS `d0`
  FROM UNNEST([1])
  WHERE
    FALSE
) AS of_u
GROUP BY
  `h`,
  `i`;

CREATE TABLE shared AS
SELECT
  FARM_FINGERPRINT(CAST(`e` AS STRING)) AS `x`
FROM (
  SELECT
    `e0` AS `e`,
    CAST(0 AS INT64) AS `i`,
    `wq0` AS `wq0`,
    (
      `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
    ) AS `wd0`,
    `aq0` AS `aq0`,
    (
      `an0` | 0
    ) AS `ad0`
  FROM people AS of_people
  WHERE
    NOT `e0` IS NULL
    AND (
      `wq0` <> 0
      OR (
        `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
      ) <> 0
      OR `aq0` <> 0
      OR (
        `an0` | 0
      ) <> 0
    )
) AS of_a
GROUP BY
  FARM_FINGERPRINT(CAST(`e` AS STRING))
HAVING
  COUNT(*) > 1;

CREATE TABLE members AS
SELECT
  SHA256(`e`) AS `h`,
  `i`,
  FARM_FINGERPRINT(CAST(`e` AS STRING)) AS `x`,
  (
    `wq0` & ~(
      `wd0`
    )
  ) AS `w0`,
  (
    `aq0` & ~(
      `ad0`
    )
  ) AS `a0`
FROM (
  SELECT
    `e0` AS `e`,
    CAST(0 AS INT64) AS `i`,
    `wq0` AS `wq0`,
    (
      `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
    ) AS `wd0`,
    `aq0` AS `aq0`,
    (
      `an0` | 0
    ) AS `ad0`
  FROM people AS of_people
  WHERE
    NOT `e0` IS NULL
    AND (
      `wq0` <> 0
      OR (
        `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
      ) <> 0
      OR `aq0` <> 0
      OR (
        `an0` | 0
      ) <> 0
    )
) AS of_c
WHERE
  NOT FARM_FINGERPRINT(CAST(`e` AS STRING)) IN (
    SELECT
      `x`
    FROM shared AS of_shared
  )
  AND (
    (
      `wq0` & ~(
        `wd0`
      )
    ) <> 0 OR (
      `aq0` & ~(
        `ad0`
      )
    ) <> 0
  )
UNION ALL
SELECT
  `h`,
  `i`,
  `x`,
  (
    `w0` & ~(
      (
        CASE WHEN (
          `w0` & 2
        ) <> 0 THEN 12 ELSE 0 END | CASE WHEN (
          `w0` & 4
        ) <> 0 THEN 8 ELSE 0 END
      )
    )
  ) AS `w0`,
  (
    `a0` & ~(
      (
        CASE WHEN (
          `a0` & 2
        ) <> 0 THEN 12 ELSE 0 END | CASE WHEN (
          `a0` & 4
        ) <> 0 THEN 8 ELSE 0 END
      )
    )
  ) AS `a0`
FROM (
  SELECT
    SHA256(`e`) AS `h`,
    `i`,
    FARM_FINGERPRINT(CAST(`e` AS STRING)) AS `x`,
    (
      `wq0` & ~(
        `wd0`
      )
    ) AS `w0`,
    (
      `aq0` & ~(
        `ad0`
      )
    ) AS `a0`
  FROM (
    SELECT
      `e`,
      `i`,
      BIT_OR(`wq0`) AS `wq0`,
      BIT_OR(`wd0`) AS `wd0`,
      BIT_OR(`aq0`) AS `aq0`,
      BIT_OR(`ad0`) AS `ad0`
    FROM (
      SELECT
        `e0` AS `e`,
        CAST(0 AS INT64) AS `i`,
        `wq0` AS `wq0`,
        (
          `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
        ) AS `wd0`,
        `aq0` AS `aq0`,
        (
          `an0` | 0
        ) AS `ad0`
      FROM people AS of_people
      WHERE
        NOT `e0` IS NULL
        AND (
          `wq0` <> 0
          OR (
            `wn0` | CASE WHEN NOT `c` THEN 212991 ELSE 0 END
          ) <> 0
          OR `aq0` <> 0
          OR (
            `an0` | 0
          ) <> 0
        )
    ) AS of_b
    WHERE
      FARM_FINGERPRINT(CAST(`e` AS STRING)) IN (
        SELECT
          `x`
        FROM shared AS of_shared
      )
    GROUP BY
      `e`,
      `i`
  ) AS of_c
  WHERE
    TRUE
    AND (
      (
        `wq0` & ~(
          `wd0`
        )
      ) <> 0 OR (
        `aq0` & ~(
          `ad0`
        )
      ) <> 0
    )
) AS of_y;

CREATE TABLE joined AS
SELECT
  *
FROM (
  SELECT
    COALESCE(`of_m`.`h`, `of_l`.`h`, `of_x`.`h`) AS `h`,
    COALESCE(`of_m`.`i`, `of_l`.`i`, `of_x`.`i`) AS `i`,
    (
      COALESCE(`of_l`.`i0`, 0) & 524287
    ) AS `i0`,
    COALESCE(`of_m`.`w0`, 0) AS `w0`,
    (
      0 | COALESCE(`of_m`.`a0`, 0)
    ) AS `a0`,
    (
      COALESCE(`of_x`.`d0`, 0) & 524287
    ) AS `d0`
  FROM members AS of_m
  FULL JOIN ledger AS of_l
    ON `of_m`.`h` = `of_l`.`h` AND `of_m`.`i` = `of_l`.`i`
  FULL JOIN doubts AS of_x
    ON COALESCE(`of_m`.`h`, `of_l`.`h`) = `of_x`.`h`
    AND COALESCE(`of_m`.`i`, `of_l`.`i`) = `of_x`.`i`
) AS of_j
WHERE
  (
    `i0` <> `w0` OR `i0` <> `a0`
  ) OR `d0` <> 0;

SELECT
  COUNT(*),
  COUNTIF((
    `i0` & ~(
      `w0`
    )
  ) <> 0)
FROM joined AS of_joined;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    `i0` AS `w`,
    COUNT(*) AS `n`
  FROM ledger AS of_ledger
  GROUP BY
    `i0`
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    `w0` AS `w`,
    COUNT(*) AS `n`
  FROM members AS of_members
  GROUP BY
    `w0`
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      (
        `w0` & ~(
          `i0`
        )
      ) & 9223372036854562848
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      (
        `w0` & ~(
          `i0`
        )
      ) & 9223372036854562848
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      (
        (
          `w0` & `i0`
        ) & `d0`
      ) & 9223372036854562848
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      (
        (
          `w0` & `i0`
        ) & `d0`
      ) & 9223372036854562848
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      (
        (
          `d0` & ~(
            `w0`
          )
        ) & ~(
          `i0`
        )
      ) & 9223372036854562848
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      (
        (
          `d0` & ~(
            `w0`
          )
        ) & ~(
          `i0`
        )
      ) & 9223372036854562848
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      `w0` & ~(
        `a0`
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      `w0` & ~(
        `a0`
      )
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      `a0` & ~(
        `w0`
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      `a0` & ~(
        `w0`
      )
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      `a0` & ~(
        `i0`
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      `a0` & ~(
        `i0`
      )
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      `i0` & ~(
        `a0`
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM joined AS of_joined
  GROUP BY
    (
      `i0` & ~(
        `a0`
      )
    )
) AS of_g;

CREATE TABLE persons_merged AS
SELECT
  LOGICAL_OR(`c`) AS `c`,
  LOGICAL_OR(`reached`) AS `reached`,
  LOGICAL_OR(`tried`) AS `tried`,
  MAX(`wq0`) AS `wq0`,
  MAX(`wn0`) AS `wn0`
FROM (
  SELECT
    `k`,
    `p`,
    `c`,
    `wq0`,
    `wn0`,
    NOT `e0` IS NULL AS `reached`,
    COALESCE(`r0` <> 'blank', FALSE) AS `tried`
  FROM people AS of_people
) AS of_r
WHERE
  `k` IN (
    SELECT
      `k`
    FROM persons AS of_persons
  )
GROUP BY
  `p`;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      `wq0` & `wn0`
    ) AS `w`,
    COUNT(*) AS `n`
  FROM (
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM (
      SELECT
        `k`,
        `p`,
        `c`,
        `wq0`,
        `wn0`,
        NOT `e0` IS NULL AS `reached`,
        COALESCE(`r0` <> 'blank', FALSE) AS `tried`
      FROM people AS of_people
    ) AS of_r
    WHERE
      NOT `k` IN (
        SELECT
          `k`
        FROM persons AS of_persons
      )
    UNION ALL
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM persons_merged AS of_persons_merged
  ) AS of_p
  GROUP BY
    (
      `wq0` & `wn0`
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    CASE WHEN `c` THEN 0 ELSE (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & 212991
    ) END AS `w`,
    COUNT(*) AS `n`
  FROM (
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM (
      SELECT
        `k`,
        `p`,
        `c`,
        `wq0`,
        `wn0`,
        NOT `e0` IS NULL AS `reached`,
        COALESCE(`r0` <> 'blank', FALSE) AS `tried`
      FROM people AS of_people
    ) AS of_r
    WHERE
      NOT `k` IN (
        SELECT
          `k`
        FROM persons AS of_persons
      )
    UNION ALL
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM persons_merged AS of_persons_merged
  ) AS of_p
  GROUP BY
    CASE WHEN `c` THEN 0 ELSE (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & 212991
    ) END
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & ~(
        CASE WHEN `c` THEN 0 ELSE (
          (
            `wq0` & ~(
              `wn0`
            )
          ) & 212991
        ) END
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM (
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM (
      SELECT
        `k`,
        `p`,
        `c`,
        `wq0`,
        `wn0`,
        NOT `e0` IS NULL AS `reached`,
        COALESCE(`r0` <> 'blank', FALSE) AS `tried`
      FROM people AS of_people
    ) AS of_r
    WHERE
      NOT `k` IN (
        SELECT
          `k`
        FROM persons AS of_persons
      )
    UNION ALL
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM persons_merged AS of_persons_merged
  ) AS of_p
  WHERE
    NOT `reached` AND NOT `tried`
  GROUP BY
    (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & ~(
        CASE WHEN `c` THEN 0 ELSE (
          (
            `wq0` & ~(
              `wn0`
            )
          ) & 212991
        ) END
      )
    )
) AS of_g;

SELECT
  SUM(CASE WHEN (
    `w` & 1
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 64
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 128
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 256
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 512
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 1024
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 2048
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 4096
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 8192
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 16384
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 32768
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 65536
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 131072
  ) <> 0 THEN `n` END),
  SUM(CASE WHEN (
    `w` & 262144
  ) <> 0 THEN `n` END)
FROM (
  SELECT
    (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & ~(
        CASE WHEN `c` THEN 0 ELSE (
          (
            `wq0` & ~(
              `wn0`
            )
          ) & 212991
        ) END
      )
    ) AS `w`,
    COUNT(*) AS `n`
  FROM (
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM (
      SELECT
        `k`,
        `p`,
        `c`,
        `wq0`,
        `wn0`,
        NOT `e0` IS NULL AS `reached`,
        COALESCE(`r0` <> 'blank', FALSE) AS `tried`
      FROM people AS of_people
    ) AS of_r
    WHERE
      NOT `k` IN (
        SELECT
          `k`
        FROM persons AS of_persons
      )
    UNION ALL
    SELECT
      `c`,
      `reached`,
      `tried`,
      `wq0`,
      `wn0`
    FROM persons_merged AS of_persons_merged
  ) AS of_p
  WHERE
    NOT `reached` AND `tried`
  GROUP BY
    (
      (
        `wq0` & ~(
          `wn0`
        )
      ) & ~(
        CASE WHEN `c` THEN 0 ELSE (
          (
            `wq0` & ~(
              `wn0`
            )
          ) & 212991
        ) END
      )
    )
) AS of_g;

DROP TABLE IF EXISTS moves;

CREATE TABLE moves AS
SELECT
  *
FROM (
  SELECT
    `of_joined`.`h`,
    `of_joined`.`i`,
    (
      (
        (
          (
            `w0` & ~(
              `i0`
            )
          ) & 9223372036854562848
        ) | (
          (
            (
              `w0` & `i0`
            ) & `d0`
          ) & 9223372036854562848
        )
      ) & 524287
    ) AS `add0`,
    (
      (
        (
          (
            `d0` & ~(
              `w0`
            )
          ) & ~(
            `i0`
          )
        ) & 9223372036854562848
      ) & 524287
    ) AS `rem0`
  FROM joined AS of_joined
) AS of_m
WHERE
  `add0` <> 0 OR `rem0` <> 0;

SELECT DISTINCT
  `i`
FROM moves AS of_moves;

SELECT
  `h`,
  `i`,
  `add0` AS `add_0`,
  `rem0` AS `rem_0`
FROM moves AS of_moves;

SELECT
  COUNT(*)
FROM moves AS of_moves;

SELECT
  *
FROM (
  SELECT
    COALESCE(`of_l`.`h`, `of_m`.`h`) AS `h`,
    COALESCE(`of_l`.`i`, `of_m`.`i`) AS `i`,
    (
      (
        (
          COALESCE(`of_l`.`i0`, 0) & 524287
        ) | (
          COALESCE(`of_m`.`add0`, 0) & 524287
        )
      ) & ~(
        (
          COALESCE(`of_m`.`rem0`, 0) & 524287
        )
      )
    ) AS `in_0`
  FROM ledger AS of_l
  FULL JOIN moves AS of_m
    ON `of_m`.`h` = `of_l`.`h` AND `of_m`.`i` = `of_l`.`i`
) AS of_w
WHERE
  `in_0` <> 0;

