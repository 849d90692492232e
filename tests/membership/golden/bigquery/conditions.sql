CREATE TABLE facts AS
SELECT
  `k`,
  COUNT(*) AS `n`,
  BIT_OR(
    (
      COALESCE(
        ARRAY<INT64>[1, 0, 5, 8][SAFE_ORDINAL(LEAST(`slot`, 1) + 1 + CASE `kind` WHEN 'buy' THEN 0 WHEN 'cart' THEN 2 END)],
        0
      ) | CASE
        WHEN `kind` = 'buy'
        AND NOT CASE
          WHEN `x_coupon` >= '!' AND `x_coupon` < '\x7f'
          THEN `x_coupon`
          ELSE CASE
            WHEN TRIM(`x_coupon`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `x_coupon`
          END
        END IS NULL
        AND COALESCE(
          CASE
            WHEN ABS(
              ROUND(SAFE_CAST(TRIM(CAST(`x_amount` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)
            ) < CAST('100000000000000000000' AS BIGNUMERIC)
            THEN ROUND(SAFE_CAST(TRIM(CAST(`x_amount` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC), 18)
            ELSE NULL
          END > CAST('9.99' AS BIGNUMERIC),
          FALSE
        )
        THEN ARRAY<INT64>[2, 0][SAFE_ORDINAL(LEAST(`slot`, 1) + 1)]
        ELSE 0
      END
    )
  ) AS `b0`,
  COUNTIF(
    `kind` = 'view'
    AND (
      `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND `t` > CAST('2026-11-18 18:00:00.000000' AS DATETIME)
    )
  ) AS `c0`,
  COUNTIF(`kind` = 'buy') AS `c1`,
  COUNTIF(`kind` = 'cart') AS `c2`,
  COALESCE(SUM(`v0`), CAST(0 AS BIGNUMERIC)) AS `s0`,
  COALESCE(SUM(`v1`), CAST(0 AS BIGNUMERIC)) AS `s1`,
  COUNT(`v1`) AS `s2`,
  MIN(`v0`) AS `s3`,
  MAX(`v0`) AS `s4`,
  COALESCE(SUM(`v2`), CAST(0 AS BIGNUMERIC)) AS `s5`,
  MAX(CASE WHEN `kind` = 'cart' THEN `t` END) AS `t0`,
  MAX(CASE WHEN `kind` = 'buy' THEN `t` END) AS `t1`
FROM (
  SELECT
    *,
    CASE WHEN `kind` = 'buy' THEN `u0` ELSE NULL END AS `v0`,
    CASE
      WHEN `kind` = 'buy'
      AND (
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
      )
      THEN `u0`
      ELSE NULL
    END AS `v1`,
    CASE WHEN `kind` = 'cart' THEN `u0` ELSE NULL END AS `v2`
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
        `x_coupon`,
        (
          DIV(
            (
              UNIX_MICROS(TIMESTAMP(CAST('2026-11-21 18:00:00.000000' AS DATETIME))) - UNIX_MICROS(TIMESTAMP(`t`))
            ),
            604800000000
          )
        ) AS `slot`
      FROM happened AS of_happened
      WHERE
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND (
          `kind` IN ('buy', 'cart')
          OR (
            `kind` = 'view' AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
          )
        )
    ) AS of_r
  ) AS of_r
) AS of_e
GROUP BY
  `k`;

CREATE TABLE facts_tally_0 AS
SELECT
  `k`,
  MAX(`n0`) AS `q0_0`,
  COUNTIF(`n1` > 0) AS `q0_1`
FROM (
  SELECT
    COALESCE(`of_persons`.`p`, `of_e`.`k`) AS `k`,
    CASE
      WHEN `x_category` >= '!' AND `x_category` < '\x7f'
      THEN `x_category`
      ELSE CASE
        WHEN TRIM(`x_category`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_category`
      END
    END AS `v`,
    COUNTIF(
      `kind` = 'view'
      AND (
        `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
      )
    ) AS `n0`,
    COUNTIF(`kind` = 'buy') AS `n1`
  FROM (
    SELECT
      `k`,
      `kind`,
      `t`,
      `x_category`
    FROM happened AS of_happened
    WHERE
      `t` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND (
        `kind` = 'buy'
        OR (
          `kind` = 'view' AND `t` > CAST('2026-11-14 18:00:00.000000' AS DATETIME)
        )
      )
  ) AS of_e
  LEFT JOIN persons AS of_persons
    ON `of_persons`.`k` = `of_e`.`k`
  WHERE
    NOT CASE
      WHEN `x_category` >= '!' AND `x_category` < '\x7f'
      THEN `x_category`
      ELSE CASE
        WHEN TRIM(`x_category`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `x_category`
      END
    END IS NULL
  GROUP BY
    1,
    2
) AS of_v
GROUP BY
  `k`;

CREATE TABLE facts_followed AS
SELECT
  `of_f`.`k` AS `k`,
  LOGICAL_OR(
    COALESCE(
      (
        `of_e`.`kind` = 'buy'
        OR (
          `of_e`.`kind` = 'cart'
          AND (
            UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t0`))
          ) > 0
        )
      )
      AND (
        UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t0`))
      ) >= 0
      AND (
        UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t0`))
      ) < 3600000000,
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
    AND `kind` IN ('buy', 'cart')
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
    `s4`,
    `s5`,
    `t0`,
    `t1`
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
    `s4`,
    `s5`,
    `t0`,
    `t1`
  FROM facts_merged AS of_facts_merged
) AS of_f
  ON `of_f`.`k` = COALESCE(`of_persons`.`p`, `of_e`.`k`)
WHERE
  (
    UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t0`))
  ) >= 0
  AND (
    UNIX_MICROS(TIMESTAMP(`of_e`.`t`)) - UNIX_MICROS(TIMESTAMP(`of_f`.`t0`))
  ) < 3600000000
GROUP BY
  `of_f`.`k`;

CREATE TABLE facts_traits AS
SELECT
  `of_persons`.`p` AS `k`,
  LOGICAL_OR(COALESCE(`of_customers`.`x_unsubscribed` = TRUE, FALSE)) AS `b0`,
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
      END = 'gold'
      OR CASE
        WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
        THEN `of_customers`.`x_tier`
        ELSE CASE
          WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE `of_customers`.`x_tier`
        END
      END = 'silver',
      FALSE
    )
  ) AS `b1`,
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
      END <> 'gold',
      FALSE
    )
  ) AS `b2`,
  LOGICAL_OR(
    NOT CASE
      WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
      THEN `of_customers`.`x_tier`
      ELSE CASE
        WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `of_customers`.`x_tier`
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
        THEN `of_customers`.`x_tier`
        ELSE CASE
          WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE `of_customers`.`x_tier`
        END
      END <> 'gold',
      FALSE
    )
  ) AS `b3`,
  LOGICAL_OR(
    COALESCE(
      STRPOS(
        CASE
          WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
          THEN `of_customers`.`x_tier`
          ELSE CASE
            WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `of_customers`.`x_tier`
          END
        END,
        'ol'
      ) > 0,
      FALSE
    )
  ) AS `b4`,
  LOGICAL_OR(
    COALESCE(
      STARTS_WITH(
        CASE
          WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
          THEN `of_customers`.`x_tier`
          ELSE CASE
            WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `of_customers`.`x_tier`
          END
        END,
        'g'
      ),
      FALSE
    )
  ) AS `b5`,
  LOGICAL_OR(
    NOT CASE
      WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
      THEN `of_customers`.`x_tier`
      ELSE CASE
        WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `of_customers`.`x_tier`
      END
    END IS NULL
  ) AS `b6`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN REGEXP_CONTAINS(
          `of_customers`.`x_score`,
          '\\A(?:[ \t\n\r\v\f]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+|([0-9]{1,20}([.][0-9]{0,18})?|[.][0-9]{1,18})[eE][+-]?[0-9]{1,2})[ \t\n\r\v\f]*)\\z'
        )
        THEN CASE
          WHEN ABS(
            ROUND(
              SAFE_CAST(TRIM(CAST(`of_customers`.`x_score` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
              18
            )
          ) < CAST('100000000000000000000' AS BIGNUMERIC)
          THEN ROUND(
            SAFE_CAST(TRIM(CAST(`of_customers`.`x_score` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
            18
          )
          ELSE NULL
        END
        ELSE NULL
      END <= CAST('12.5' AS BIGNUMERIC),
      FALSE
    )
  ) AS `b7`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN ABS(
          ROUND(
            SAFE_CAST(TRIM(CAST(`of_customers`.`x_visits` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
            18
          )
        ) < CAST('100000000000000000000' AS BIGNUMERIC)
        THEN ROUND(
          SAFE_CAST(TRIM(CAST(`of_customers`.`x_visits` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
          18
        )
        ELSE NULL
      END < CAST('3' AS BIGNUMERIC),
      FALSE
    )
  ) AS `b8`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END = FALSE,
      FALSE
    )
  ) AS `b9`,
  LOGICAL_OR(
    NOT CASE
      WHEN `of_customers`.`x_support_case` >= '!'
      AND `of_customers`.`x_support_case` < '\x7f'
      THEN `of_customers`.`x_support_case`
      ELSE CASE
        WHEN TRIM(`of_customers`.`x_support_case`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE `of_customers`.`x_support_case`
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END = FALSE,
      FALSE
    )
  ) AS `b10`,
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
              END = 'new',
              FALSE
            )
          )
        FROM UNNEST(`of_customers`.`x_tags`) AS `element`
      ),
      FALSE
    )
  ) AS `b11`,
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
              END <> 'new',
              FALSE
            )
          )
        FROM UNNEST(`of_customers`.`x_tags`) AS `element`
      ),
      FALSE
    )
  ) AS `b12`,
  LOGICAL_OR(
    COALESCE(
      (
        SELECT
          LOGICAL_OR(
            NOT CASE
              WHEN `element` >= '!' AND `element` < '\x7f'
              THEN `element`
              ELSE CASE
                WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `element`
              END
            END IS NULL
            AND NOT COALESCE(
              CASE
                WHEN `element` >= '!' AND `element` < '\x7f'
                THEN `element`
                ELSE CASE
                  WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                  THEN NULL
                  ELSE `element`
                END
              END <> 'new',
              FALSE
            )
          )
        FROM UNNEST(`of_customers`.`x_tags`) AS `element`
      ),
      FALSE
    )
  ) AS `b13`,
  LOGICAL_OR(
    COALESCE(
      (
        SELECT
          LOGICAL_OR(
            NOT CASE
              WHEN `element` >= '!' AND `element` < '\x7f'
              THEN `element`
              ELSE CASE
                WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `element`
              END
            END IS NULL
          )
        FROM UNNEST(`of_customers`.`x_tags`) AS `element`
      ),
      FALSE
    )
  ) AS `b14`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN REGEXP_CONTAINS(
          `of_customers`.`x_signed_up`,
          '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
        )
        THEN CAST(CASE
          WHEN REGEXP_CONTAINS(
            CAST(CASE
              WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
              THEN CONCAT(
                SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                'T00:00:00',
                SUBSTRING(`of_customers`.`x_signed_up`, 11)
              )
              ELSE `of_customers`.`x_signed_up`
            END AS STRING),
            '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
          )
          THEN SAFE_CAST(CONCAT(
            SUBSTRING(
              CAST(CASE
                WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                  'T00:00:00',
                  SUBSTRING(`of_customers`.`x_signed_up`, 11)
                )
                ELSE `of_customers`.`x_signed_up`
              END AS STRING),
              1,
              10
            ),
            'T',
            COALESCE(
              NULLIF(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  12,
                  5
                ),
                ''
              ),
              '00:00'
            ),
            SUBSTRING(
              COALESCE(
                REGEXP_EXTRACT(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  ':[0-9]{2}:[0-9.]+'
                ),
                ':00:00'
              ),
              4
            ),
            REGEXP_REPLACE(
              REPLACE(
                COALESCE(
                  REGEXP_EXTRACT(
                    CAST(CASE
                      WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                      THEN CONCAT(
                        SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                        'T00:00:00',
                        SUBSTRING(`of_customers`.`x_signed_up`, 11)
                      )
                      ELSE `of_customers`.`x_signed_up`
                    END AS STRING),
                    '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                  ),
                  '+00:00'
                ),
                'Z',
                '+00:00'
              ),
              ':?([0-9]{2})$',
              ':\\1'
            )
          ) AS TIMESTAMP)
          ELSE NULL
        END AS DATETIME)
        ELSE NULL
      END <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND CASE
        WHEN REGEXP_CONTAINS(
          `of_customers`.`x_signed_up`,
          '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
        )
        THEN CAST(CASE
          WHEN REGEXP_CONTAINS(
            CAST(CASE
              WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
              THEN CONCAT(
                SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                'T00:00:00',
                SUBSTRING(`of_customers`.`x_signed_up`, 11)
              )
              ELSE `of_customers`.`x_signed_up`
            END AS STRING),
            '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
          )
          THEN SAFE_CAST(CONCAT(
            SUBSTRING(
              CAST(CASE
                WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                  'T00:00:00',
                  SUBSTRING(`of_customers`.`x_signed_up`, 11)
                )
                ELSE `of_customers`.`x_signed_up`
              END AS STRING),
              1,
              10
            ),
            'T',
            COALESCE(
              NULLIF(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  12,
                  5
                ),
                ''
              ),
              '00:00'
            ),
            SUBSTRING(
              COALESCE(
                REGEXP_EXTRACT(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  ':[0-9]{2}:[0-9.]+'
                ),
                ':00:00'
              ),
              4
            ),
            REGEXP_REPLACE(
              REPLACE(
                COALESCE(
                  REGEXP_EXTRACT(
                    CAST(CASE
                      WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                      THEN CONCAT(
                        SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                        'T00:00:00',
                        SUBSTRING(`of_customers`.`x_signed_up`, 11)
                      )
                      ELSE `of_customers`.`x_signed_up`
                    END AS STRING),
                    '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                  ),
                  '+00:00'
                ),
                'Z',
                '+00:00'
              ),
              ':?([0-9]{2})$',
              ':\\1'
            )
          ) AS TIMESTAMP)
          ELSE NULL
        END AS DATETIME)
        ELSE NULL
      END > CAST('2026-11-14 18:00:00.000000' AS DATETIME),
      FALSE
    )
  ) AS `b15`,
  LOGICAL_OR(
    COALESCE(
      CASE
        WHEN REGEXP_CONTAINS(
          `of_customers`.`x_signed_up`,
          '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
        )
        THEN CAST(CASE
          WHEN REGEXP_CONTAINS(
            CAST(CASE
              WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
              THEN CONCAT(
                SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                'T00:00:00',
                SUBSTRING(`of_customers`.`x_signed_up`, 11)
              )
              ELSE `of_customers`.`x_signed_up`
            END AS STRING),
            '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
          )
          THEN SAFE_CAST(CONCAT(
            SUBSTRING(
              CAST(CASE
                WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                  'T00:00:00',
                  SUBSTRING(`of_customers`.`x_signed_up`, 11)
                )
                ELSE `of_customers`.`x_signed_up`
              END AS STRING),
              1,
              10
            ),
            'T',
            COALESCE(
              NULLIF(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  12,
                  5
                ),
                ''
              ),
              '00:00'
            ),
            SUBSTRING(
              COALESCE(
                REGEXP_EXTRACT(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  ':[0-9]{2}:[0-9.]+'
                ),
                ':00:00'
              ),
              4
            ),
            REGEXP_REPLACE(
              REPLACE(
                COALESCE(
                  REGEXP_EXTRACT(
                    CAST(CASE
                      WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                      THEN CONCAT(
                        SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                        'T00:00:00',
                        SUBSTRING(`of_customers`.`x_signed_up`, 11)
                      )
                      ELSE `of_customers`.`x_signed_up`
                    END AS STRING),
                    '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                  ),
                  '+00:00'
                ),
                'Z',
                '+00:00'
              ),
              ':?([0-9]{2})$',
              ':\\1'
            )
          ) AS TIMESTAMP)
          ELSE NULL
        END AS DATETIME)
        ELSE NULL
      END <= CAST('2026-11-20 18:00:00.000000' AS DATETIME),
      FALSE
    )
  ) AS `b16`,
  LOGICAL_OR(
    COALESCE(
      CAST(`of_customers`.`x_renewal` AS DATETIME) >= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND CAST(`of_customers`.`x_renewal` AS DATETIME) < CAST('2026-11-28 18:00:00.000000' AS DATETIME),
      FALSE
    )
  ) AS `b17`,
  LOGICAL_OR(NOT `of_chosen_0`.`k` IS NULL) AS `b18`,
  LOGICAL_OR(NOT `of_chosen_1`.`k` IS NULL) AS `b19`,
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
  ) AS `b20`,
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
  ) AS `b21`
FROM persons AS of_persons
JOIN customers AS of_customers
  ON `of_persons`.`k` = `of_customers`.`k`
LEFT JOIN keys_3bd4006d5e5a AS of_chosen_0
  ON `of_chosen_0`.`k` = CAST(`of_customers`.`k` AS STRING)
LEFT JOIN facts_query_0 AS of_chosen_1
  ON `of_chosen_1`.`k` = CAST(`of_customers`.`k` AS STRING)
GROUP BY
  `of_persons`.`p`;

CREATE TABLE people AS
SELECT
  `k`,
  `p`,
  `e0`,
  `r0`,
  `e1`,
  `r1`,
  `e2`,
  `r2`,
  `e3`,
  `r3`,
  CASE WHEN `k` = `p` THEN `n` ELSE 0 END AS `n`,
  `b20` AND NOT `b21` AS `c`,
  CAST((
    (
      (
        (
          (
            (
              `m0` & 1536
            ) | CASE WHEN TRUE THEN 1 ELSE 0 END
          ) | (
            CASE WHEN `b1` THEN 2 ELSE 0 END | CASE WHEN `b2` AND NOT `b3` THEN 4 ELSE 0 END
          )
        ) | (
          (
            CASE WHEN `b4` THEN 8 ELSE 0 END | CASE WHEN `b5` THEN 16 ELSE 0 END
          ) | (
            CASE WHEN NOT `b6` THEN 32 ELSE 0 END | CASE WHEN `b7` THEN 64 ELSE 0 END
          )
        )
      ) | (
        (
          (
            CASE WHEN `b8` THEN 128 ELSE 0 END | CASE WHEN `b9` AND NOT `b10` THEN 256 ELSE 0 END
          ) | (
            CASE WHEN `c0` >= 2 THEN 2048 ELSE 0 END | CASE
              WHEN COALESCE(
                `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
                AND `t0` > CAST('2026-11-14 18:00:00.000000' AS DATETIME),
                FALSE
              )
              AND NOT COALESCE(`t1` >= `t0`, FALSE)
              THEN 4096
              ELSE 0
            END
          )
        ) | (
          (
            CASE WHEN COALESCE(`s0` >= 100, FALSE) THEN 68719484928 ELSE 0 END | CASE WHEN `b11` THEN 16384 ELSE 0 END
          ) | (
            CASE WHEN `b12` AND NOT `b13` THEN 32768 ELSE 0 END | (
              CASE WHEN NOT `b14` THEN 65536 ELSE 0 END | CASE WHEN `b15` THEN 131072 ELSE 0 END
            )
          )
        )
      )
    ) | (
      (
        (
          (
            CASE WHEN `b16` THEN 262144 ELSE 0 END | CASE WHEN `b17` THEN 524288 ELSE 0 END
          ) | (
            CASE WHEN (
              `m1` & 1
            ) <> 0 AND NOT (
              `m1` & 2
            ) <> 0 THEN 1048576 ELSE 0 END | CASE
              WHEN COALESCE(`t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME), FALSE) AND `g0`
              THEN 2097152
              ELSE 0
            END
          )
        ) | (
          (
            CASE
              WHEN COALESCE(`t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME), FALSE)
              AND COALESCE(
                `t1` >= `t0`
                AND (
                  UNIX_MICROS(TIMESTAMP(`t1`)) - UNIX_MICROS(TIMESTAMP(`t0`))
                ) >= 3600000000,
                FALSE
              )
              THEN 4194304
              ELSE 0
            END | CASE WHEN `q0_0` >= 2 THEN 8388608 ELSE 0 END
          ) | (
            CASE
              WHEN COALESCE(
                `s2` <> 0
                AND CAST(`s1` AS BIGNUMERIC) >= CAST((
                  CAST('12.5' AS BIGNUMERIC) * CAST(`s2` AS BIGNUMERIC)
                ) AS BIGNUMERIC),
                FALSE
              )
              THEN 16777216
              ELSE 0
            END | (
              CASE WHEN COALESCE(`s3` >= 1, FALSE) THEN 33554432 ELSE 0 END | CASE WHEN COALESCE(`s4` >= 1, FALSE) THEN 67108864 ELSE 0 END
            )
          )
        )
      ) | (
        (
          (
            CASE WHEN COALESCE(`q0_1` >= 2, FALSE) THEN 134217728 ELSE 0 END | CASE
              WHEN COALESCE(
                `c2` <> 0
                AND CAST(`c1` AS BIGNUMERIC) >= CAST((
                  CAST('0.3' AS BIGNUMERIC) * CAST(`c2` AS BIGNUMERIC)
                ) AS BIGNUMERIC),
                FALSE
              )
              THEN 268435456
              ELSE 0
            END
          ) | (
            CASE
              WHEN COALESCE(
                `s5` <> 0
                AND CASE
                  WHEN ABS(`s1`) < 1000000000 AND ABS(`s5`) < 1000000000
                  THEN CAST(CASE WHEN `s5` < 0 THEN -(
                    `s1`
                  ) ELSE `s1` END AS BIGNUMERIC) >= CAST((
                    CAST('0.3' AS BIGNUMERIC) * CAST(ABS(`s5`) AS BIGNUMERIC)
                  ) AS BIGNUMERIC)
                  ELSE NOT (
                    CAST((
                      CAST(CASE WHEN `s5` < 0 THEN -(
                        `s1`
                      ) ELSE `s1` END AS BIGNUMERIC) - (
                        MOD(
                          CAST(CASE WHEN `s5` < 0 THEN -(
                            `s1`
                          ) ELSE `s1` END AS BIGNUMERIC),
                          CAST(1 AS BIGNUMERIC)
                        )
                      )
                    ) AS BIGNUMERIC) < CAST((
                      CAST((
                        (
                          CAST('0.3' AS BIGNUMERIC) * CAST((
                            CAST(ABS(`s5`) AS BIGNUMERIC) - (
                              MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                            )
                          ) AS BIGNUMERIC)
                        ) - (
                          MOD(
                            CAST('0.3' AS BIGNUMERIC) * CAST((
                              CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                              )
                            ) AS BIGNUMERIC),
                            CAST(1 AS BIGNUMERIC)
                          )
                        )
                      ) AS BIGNUMERIC) + CAST((
                        (
                          CAST('0.3' AS BIGNUMERIC) * CAST((
                            MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                          ) AS BIGNUMERIC)
                        ) - (
                          MOD(
                            CAST('0.3' AS BIGNUMERIC) * CAST((
                              MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                            ) AS BIGNUMERIC),
                            CAST(1 AS BIGNUMERIC)
                          )
                        )
                      ) AS BIGNUMERIC) + CAST((
                        (
                          (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                  MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                )
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          ) + (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          )
                        ) - (
                          MOD(
                            (
                              MOD(
                                CAST('0.3' AS BIGNUMERIC) * CAST((
                                  CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                    MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                  )
                                ) AS BIGNUMERIC),
                                CAST(1 AS BIGNUMERIC)
                              )
                            ) + (
                              MOD(
                                CAST('0.3' AS BIGNUMERIC) * CAST((
                                  MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                ) AS BIGNUMERIC),
                                CAST(1 AS BIGNUMERIC)
                              )
                            ),
                            CAST(1 AS BIGNUMERIC)
                          )
                        )
                      ) AS BIGNUMERIC)
                    ) AS BIGNUMERIC)
                    OR (
                      CAST((
                        CAST(CASE WHEN `s5` < 0 THEN -(
                          `s1`
                        ) ELSE `s1` END AS BIGNUMERIC) - (
                          MOD(
                            CAST(CASE WHEN `s5` < 0 THEN -(
                              `s1`
                            ) ELSE `s1` END AS BIGNUMERIC),
                            CAST(1 AS BIGNUMERIC)
                          )
                        )
                      ) AS BIGNUMERIC) = CAST((
                        CAST((
                          (
                            CAST('0.3' AS BIGNUMERIC) * CAST((
                              CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                              )
                            ) AS BIGNUMERIC)
                          ) - (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                  MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                )
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          )
                        ) AS BIGNUMERIC) + CAST((
                          (
                            CAST('0.3' AS BIGNUMERIC) * CAST((
                              MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                            ) AS BIGNUMERIC)
                          ) - (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          )
                        ) AS BIGNUMERIC) + CAST((
                          (
                            (
                              MOD(
                                CAST('0.3' AS BIGNUMERIC) * CAST((
                                  CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                    MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                  )
                                ) AS BIGNUMERIC),
                                CAST(1 AS BIGNUMERIC)
                              )
                            ) + (
                              MOD(
                                CAST('0.3' AS BIGNUMERIC) * CAST((
                                  MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                ) AS BIGNUMERIC),
                                CAST(1 AS BIGNUMERIC)
                              )
                            )
                          ) - (
                            MOD(
                              (
                                MOD(
                                  CAST('0.3' AS BIGNUMERIC) * CAST((
                                    CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                      MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                    )
                                  ) AS BIGNUMERIC),
                                  CAST(1 AS BIGNUMERIC)
                                )
                              ) + (
                                MOD(
                                  CAST('0.3' AS BIGNUMERIC) * CAST((
                                    MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                  ) AS BIGNUMERIC),
                                  CAST(1 AS BIGNUMERIC)
                                )
                              ),
                              CAST(1 AS BIGNUMERIC)
                            )
                          )
                        ) AS BIGNUMERIC)
                      ) AS BIGNUMERIC)
                      AND CAST((
                        MOD(
                          CAST(CASE WHEN `s5` < 0 THEN -(
                            `s1`
                          ) ELSE `s1` END AS BIGNUMERIC),
                          CAST(1 AS BIGNUMERIC)
                        )
                      ) AS BIGNUMERIC) < CAST((
                        MOD(
                          (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                CAST(ABS(`s5`) AS BIGNUMERIC) - (
                                  MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                                )
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          ) + (
                            MOD(
                              CAST('0.3' AS BIGNUMERIC) * CAST((
                                MOD(CAST(ABS(`s5`) AS BIGNUMERIC), CAST(1 AS BIGNUMERIC))
                              ) AS BIGNUMERIC),
                              CAST(1 AS BIGNUMERIC)
                            )
                          ),
                          CAST(1 AS BIGNUMERIC)
                        )
                      ) AS BIGNUMERIC)
                    )
                  )
                END,
                FALSE
              )
              THEN 536870912
              ELSE 0
            END | CASE WHEN `u0` THEN 1073741824 ELSE 0 END
          )
        ) | (
          (
            CASE WHEN `b18` THEN 2147483648 ELSE 0 END | CASE WHEN `b19` THEN 4294967296 ELSE 0 END
          ) | (
            CASE WHEN `in0` THEN 8589934592 ELSE 0 END | (
              CASE
                WHEN COALESCE(
                  `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
                  AND `t0` > CAST('2026-11-20 18:00:00.000000' AS DATETIME),
                  FALSE
                )
                AND NOT COALESCE(`t1` >= `t0`, FALSE)
                THEN 17179869184
                ELSE 0
              END | CASE
                WHEN COALESCE(`t0` <= CAST('2026-11-20 18:00:00.000000' AS DATETIME), FALSE)
                AND NOT COALESCE(`t1` >= `t0`, FALSE)
                THEN 34359738368
                ELSE 0
              END
            )
          )
        )
      )
    )
  ) AS INT64) AS `wq0`,
  CAST((
    CASE WHEN `b0` THEN 1 ELSE 0 END | CASE WHEN `in1` THEN 8589934592 ELSE 0 END
  ) AS INT64) AS `wn0`,
  CAST((
    CASE WHEN `c0` >= 2 THEN 68719476736 ELSE 0 END | CASE WHEN TRUE THEN 137438953472 ELSE 0 END
  ) AS INT64) AS `aq0`,
  CAST(0 AS INT64) AS `an0`
FROM (
  SELECT
    *,
    (
      COALESCE(
        `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
        AND `t0` > CAST('2026-11-20 18:00:00.000000' AS DATETIME),
        FALSE
      )
      AND NOT COALESCE(`t1` >= `t0`, FALSE)
    )
    OR (
      COALESCE(`t0` <= CAST('2026-11-20 18:00:00.000000' AS DATETIME), FALSE)
      AND NOT COALESCE(`t1` >= `t0`, FALSE)
    ) AS `in0`,
    COALESCE(
      `t0` <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
      AND `t0` > CAST('2026-11-20 18:00:00.000000' AS DATETIME),
      FALSE
    )
    AND NOT COALESCE(`t1` >= `t0`, FALSE) AS `in1`
  FROM (
    SELECT
      `of_customers`.`k`,
      COALESCE(`of_persons`.`p`, `of_customers`.`k`) AS `p`,
      `of_customers`.`e0` AS `e0`,
      `of_customers`.`r0` AS `r0`,
      `of_customers`.`e1` AS `e1`,
      `of_customers`.`r1` AS `r1`,
      `of_customers`.`e2` AS `e2`,
      `of_customers`.`r2` AS `r2`,
      `of_customers`.`e3` AS `e3`,
      `of_customers`.`r3` AS `r3`,
      COALESCE(`of_f`.`n`, 0) AS `n`,
      COALESCE(`of_f`.`c0`, 0) AS `c0`,
      COALESCE(`of_f`.`c1`, 0) AS `c1`,
      COALESCE(`of_f`.`c2`, 0) AS `c2`,
      COALESCE(`of_f`.`s0`, 0) AS `s0`,
      COALESCE(`of_f`.`s1`, 0) AS `s1`,
      COALESCE(`of_f`.`s2`, 0) AS `s2`,
      `of_f`.`s3`,
      `of_f`.`s4`,
      COALESCE(`of_f`.`s5`, 0) AS `s5`,
      `of_f`.`t0`,
      `of_f`.`t1`,
      (
        (
          COALESCE(`of_f`.`b0`, 0) & 3
        ) * 512
      ) AS `m0`,
      (
        DIV((
          COALESCE(`of_f`.`b0`, 0) & 12
        ), 4)
      ) AS `m1`,
      COALESCE(`of_facts_tally_0`.`q0_0`, 0) AS `q0_0`,
      COALESCE(`of_facts_tally_0`.`q0_1`, 0) AS `q0_1`,
      COALESCE(`of_g`.`g0`, FALSE) AS `g0`,
      COALESCE(`of_m`.`b0`, COALESCE(`of_customers`.`x_unsubscribed` = TRUE, FALSE)) AS `b0`,
      COALESCE(
        `of_m`.`b1`,
        COALESCE(
          CASE
            WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
            THEN `of_customers`.`x_tier`
            ELSE CASE
              WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE `of_customers`.`x_tier`
            END
          END = 'gold'
          OR CASE
            WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
            THEN `of_customers`.`x_tier`
            ELSE CASE
              WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE `of_customers`.`x_tier`
            END
          END = 'silver',
          FALSE
        )
      ) AS `b1`,
      COALESCE(
        `of_m`.`b2`,
        COALESCE(
          CASE
            WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
            THEN `of_customers`.`x_tier`
            ELSE CASE
              WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE `of_customers`.`x_tier`
            END
          END <> 'gold',
          FALSE
        )
      ) AS `b2`,
      COALESCE(
        `of_m`.`b3`,
        NOT CASE
          WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
          THEN `of_customers`.`x_tier`
          ELSE CASE
            WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `of_customers`.`x_tier`
          END
        END IS NULL
        AND NOT COALESCE(
          CASE
            WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
            THEN `of_customers`.`x_tier`
            ELSE CASE
              WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE `of_customers`.`x_tier`
            END
          END <> 'gold',
          FALSE
        )
      ) AS `b3`,
      COALESCE(
        `of_m`.`b4`,
        COALESCE(
          STRPOS(
            CASE
              WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
              THEN `of_customers`.`x_tier`
              ELSE CASE
                WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `of_customers`.`x_tier`
              END
            END,
            'ol'
          ) > 0,
          FALSE
        )
      ) AS `b4`,
      COALESCE(
        `of_m`.`b5`,
        COALESCE(
          STARTS_WITH(
            CASE
              WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
              THEN `of_customers`.`x_tier`
              ELSE CASE
                WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE `of_customers`.`x_tier`
              END
            END,
            'g'
          ),
          FALSE
        )
      ) AS `b5`,
      COALESCE(
        `of_m`.`b6`,
        NOT CASE
          WHEN `of_customers`.`x_tier` >= '!' AND `of_customers`.`x_tier` < '\x7f'
          THEN `of_customers`.`x_tier`
          ELSE CASE
            WHEN TRIM(`of_customers`.`x_tier`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `of_customers`.`x_tier`
          END
        END IS NULL
      ) AS `b6`,
      COALESCE(
        `of_m`.`b7`,
        COALESCE(
          CASE
            WHEN REGEXP_CONTAINS(
              `of_customers`.`x_score`,
              '\\A(?:[ \t\n\r\v\f]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+|([0-9]{1,20}([.][0-9]{0,18})?|[.][0-9]{1,18})[eE][+-]?[0-9]{1,2})[ \t\n\r\v\f]*)\\z'
            )
            THEN CASE
              WHEN ABS(
                ROUND(
                  SAFE_CAST(TRIM(CAST(`of_customers`.`x_score` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
                  18
                )
              ) < CAST('100000000000000000000' AS BIGNUMERIC)
              THEN ROUND(
                SAFE_CAST(TRIM(CAST(`of_customers`.`x_score` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
                18
              )
              ELSE NULL
            END
            ELSE NULL
          END <= CAST('12.5' AS BIGNUMERIC),
          FALSE
        )
      ) AS `b7`,
      COALESCE(
        `of_m`.`b8`,
        COALESCE(
          CASE
            WHEN ABS(
              ROUND(
                SAFE_CAST(TRIM(CAST(`of_customers`.`x_visits` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
                18
              )
            ) < CAST('100000000000000000000' AS BIGNUMERIC)
            THEN ROUND(
              SAFE_CAST(TRIM(CAST(`of_customers`.`x_visits` AS STRING), ' \t\n\r\v\f') AS BIGNUMERIC),
              18
            )
            ELSE NULL
          END < CAST('3' AS BIGNUMERIC),
          FALSE
        )
      ) AS `b8`,
      COALESCE(
        `of_m`.`b9`,
        COALESCE(
          CASE
            WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END = FALSE,
          FALSE
        )
      ) AS `b9`,
      COALESCE(
        `of_m`.`b10`,
        NOT CASE
          WHEN `of_customers`.`x_support_case` >= '!'
          AND `of_customers`.`x_support_case` < '\x7f'
          THEN `of_customers`.`x_support_case`
          ELSE CASE
            WHEN TRIM(`of_customers`.`x_support_case`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE `of_customers`.`x_support_case`
          END
        END IS NULL
        AND NOT COALESCE(
          CASE
            WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST(`of_customers`.`x_support_case` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END = FALSE,
          FALSE
        )
      ) AS `b10`,
      COALESCE(
        `of_m`.`b11`,
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
                  END = 'new',
                  FALSE
                )
              )
            FROM UNNEST(`of_customers`.`x_tags`) AS `element`
          ),
          FALSE
        )
      ) AS `b11`,
      COALESCE(
        `of_m`.`b12`,
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
                  END <> 'new',
                  FALSE
                )
              )
            FROM UNNEST(`of_customers`.`x_tags`) AS `element`
          ),
          FALSE
        )
      ) AS `b12`,
      COALESCE(
        `of_m`.`b13`,
        COALESCE(
          (
            SELECT
              LOGICAL_OR(
                NOT CASE
                  WHEN `element` >= '!' AND `element` < '\x7f'
                  THEN `element`
                  ELSE CASE
                    WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                    THEN NULL
                    ELSE `element`
                  END
                END IS NULL
                AND NOT COALESCE(
                  CASE
                    WHEN `element` >= '!' AND `element` < '\x7f'
                    THEN `element`
                    ELSE CASE
                      WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                      THEN NULL
                      ELSE `element`
                    END
                  END <> 'new',
                  FALSE
                )
              )
            FROM UNNEST(`of_customers`.`x_tags`) AS `element`
          ),
          FALSE
        )
      ) AS `b13`,
      COALESCE(
        `of_m`.`b14`,
        COALESCE(
          (
            SELECT
              LOGICAL_OR(
                NOT CASE
                  WHEN `element` >= '!' AND `element` < '\x7f'
                  THEN `element`
                  ELSE CASE
                    WHEN TRIM(`element`, ' \t\n\r\v\f\x1c\x1d\x1e\x1f                 　') = ''
                    THEN NULL
                    ELSE `element`
                  END
                END IS NULL
              )
            FROM UNNEST(`of_customers`.`x_tags`) AS `element`
          ),
          FALSE
        )
      ) AS `b14`,
      COALESCE(
        `of_m`.`b15`,
        COALESCE(
          CASE
            WHEN REGEXP_CONTAINS(
              `of_customers`.`x_signed_up`,
              '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
            )
            THEN CAST(CASE
              WHEN REGEXP_CONTAINS(
                CAST(CASE
                  WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                  THEN CONCAT(
                    SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                    'T00:00:00',
                    SUBSTRING(`of_customers`.`x_signed_up`, 11)
                  )
                  ELSE `of_customers`.`x_signed_up`
                END AS STRING),
                '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
              )
              THEN SAFE_CAST(CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_EXTRACT(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_EXTRACT(
                        CAST(CASE
                          WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                            'T00:00:00',
                            SUBSTRING(`of_customers`.`x_signed_up`, 11)
                          )
                          ELSE `of_customers`.`x_signed_up`
                        END AS STRING),
                        '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                      ),
                      '+00:00'
                    ),
                    'Z',
                    '+00:00'
                  ),
                  ':?([0-9]{2})$',
                  ':\\1'
                )
              ) AS TIMESTAMP)
              ELSE NULL
            END AS DATETIME)
            ELSE NULL
          END <= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
          AND CASE
            WHEN REGEXP_CONTAINS(
              `of_customers`.`x_signed_up`,
              '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
            )
            THEN CAST(CASE
              WHEN REGEXP_CONTAINS(
                CAST(CASE
                  WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                  THEN CONCAT(
                    SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                    'T00:00:00',
                    SUBSTRING(`of_customers`.`x_signed_up`, 11)
                  )
                  ELSE `of_customers`.`x_signed_up`
                END AS STRING),
                '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
              )
              THEN SAFE_CAST(CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_EXTRACT(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_EXTRACT(
                        CAST(CASE
                          WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                            'T00:00:00',
                            SUBSTRING(`of_customers`.`x_signed_up`, 11)
                          )
                          ELSE `of_customers`.`x_signed_up`
                        END AS STRING),
                        '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                      ),
                      '+00:00'
                    ),
                    'Z',
                    '+00:00'
                  ),
                  ':?([0-9]{2})$',
                  ':\\1'
                )
              ) AS TIMESTAMP)
              ELSE NULL
            END AS DATETIME)
            ELSE NULL
          END > CAST('2026-11-14 18:00:00.000000' AS DATETIME),
          FALSE
        )
      ) AS `b15`,
      COALESCE(
        `of_m`.`b16`,
        COALESCE(
          CASE
            WHEN REGEXP_CONTAINS(
              `of_customers`.`x_signed_up`,
              '\\A(?:(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)\\z'
            )
            THEN CAST(CASE
              WHEN REGEXP_CONTAINS(
                CAST(CASE
                  WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                  THEN CONCAT(
                    SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                    'T00:00:00',
                    SUBSTRING(`of_customers`.`x_signed_up`, 11)
                  )
                  ELSE `of_customers`.`x_signed_up`
                END AS STRING),
                '\\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?)\\z'
              )
              THEN SAFE_CAST(CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                      'T00:00:00',
                      SUBSTRING(`of_customers`.`x_signed_up`, 11)
                    )
                    ELSE `of_customers`.`x_signed_up`
                  END AS STRING),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_EXTRACT(
                      CAST(CASE
                        WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                          'T00:00:00',
                          SUBSTRING(`of_customers`.`x_signed_up`, 11)
                        )
                        ELSE `of_customers`.`x_signed_up`
                      END AS STRING),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_EXTRACT(
                        CAST(CASE
                          WHEN SUBSTRING(`of_customers`.`x_signed_up`, 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING(`of_customers`.`x_signed_up`, 1, 10),
                            'T00:00:00',
                            SUBSTRING(`of_customers`.`x_signed_up`, 11)
                          )
                          ELSE `of_customers`.`x_signed_up`
                        END AS STRING),
                        '(Z|[+-][0-9]{2}:?[0-9]{2})$'
                      ),
                      '+00:00'
                    ),
                    'Z',
                    '+00:00'
                  ),
                  ':?([0-9]{2})$',
                  ':\\1'
                )
              ) AS TIMESTAMP)
              ELSE NULL
            END AS DATETIME)
            ELSE NULL
          END <= CAST('2026-11-20 18:00:00.000000' AS DATETIME),
          FALSE
        )
      ) AS `b16`,
      COALESCE(
        `of_m`.`b17`,
        COALESCE(
          CAST(`of_customers`.`x_renewal` AS DATETIME) >= CAST('2026-11-21 18:00:00.000000' AS DATETIME)
          AND CAST(`of_customers`.`x_renewal` AS DATETIME) < CAST('2026-11-28 18:00:00.000000' AS DATETIME),
          FALSE
        )
      ) AS `b17`,
      COALESCE(`of_m`.`b18`, NOT `of_chosen_0`.`k` IS NULL) AS `b18`,
      COALESCE(`of_m`.`b19`, NOT `of_chosen_1`.`k` IS NULL) AS `b19`,
      COALESCE(
        `of_m`.`b20`,
        COALESCE(
          CASE
            WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST(`of_customers`.`x_marketing_consent` AS STRING)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END,
          FALSE
        )
      ) AS `b20`,
      COALESCE(
        `of_m`.`b21`,
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
      ) AS `b21`,
      SUBSTRING(
        TO_HEX(
          SHA256(
            CONCAT('spring:', CAST(COALESCE(`of_persons`.`p`, `of_customers`.`k`) AS STRING))
          )
        ),
        1,
        8
      ) < '20000000' AS `u0`
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
        `s4`,
        `s5`,
        `t0`,
        `t1`
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
        `s4`,
        `s5`,
        `t0`,
        `t1`
      FROM facts_merged AS of_facts_merged
    ) AS of_f
      ON `of_f`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
    LEFT JOIN facts_tally_0 AS of_facts_tally_0
      ON `of_facts_tally_0`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
    LEFT JOIN facts_followed AS of_g
      ON `of_g`.`k` = COALESCE(`of_persons`.`p`, `of_customers`.`k`)
    LEFT JOIN keys_3bd4006d5e5a AS of_chosen_0
      ON `of_chosen_0`.`k` = CAST(`of_customers`.`k` AS STRING)
    LEFT JOIN facts_query_0 AS of_chosen_1
      ON `of_chosen_1`.`k` = CAST(`of_customers`.`k` AS STRING)
    LEFT JOIN facts_traits AS of_m
      ON `of_m`.`k` = `of_persons`.`p`
  ) AS of_l
) AS of_p;

