CREATE TABLE "facts" AS
SELECT
  "k",
  COUNT(*) AS "n",
  BITOR_AGG(
    (
      BITOR(
        COALESCE(
          CAST(GET(
            ARRAY_CONSTRUCT(1, 0, 5, 8),
            (
              LEAST_IGNORE_NULLS("slot", 1) + 1 + CASE "kind" WHEN 'buy' THEN 0 WHEN 'cart' THEN 2 END
            ) - 1
          ) AS BIGINT),
          0
        ),
        CASE
          WHEN "kind" = 'buy'
          AND NOT CASE
            WHEN "x coupon" >= '!' AND "x coupon" < '\x7f'
            THEN "x coupon"
            ELSE CASE
              WHEN TRIM("x coupon", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE "x coupon"
            END
          END IS NULL
          AND COALESCE(
            TRY_TO_DECIMAL(TRIM(CAST("x amount" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18) > CAST('9.99' AS DECIMAL(38, 18)),
            FALSE
          )
          THEN CAST(GET(ARRAY_CONSTRUCT(2, 0), (
            LEAST_IGNORE_NULLS("slot", 1) + 1
          ) - 1) AS BIGINT)
          ELSE 0
        END
      )
    )
  ) AS "b0",
  COUNT_IF(
    "kind" = 'view'
    AND (
      "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND "t" > CAST('2026-11-18 18:00:00.000000' AS TIMESTAMPNTZ)
    )
  ) AS "c0",
  COUNT_IF("kind" = 'buy') AS "c1",
  COUNT_IF("kind" = 'cart') AS "c2",
  COALESCE(SUM("v0"), CAST(0 AS DECIMAL(38, 18))) AS "s0",
  COALESCE(SUM("v1"), CAST(0 AS DECIMAL(38, 18))) AS "s1",
  COUNT("v1") AS "s2",
  MIN("v0") AS "s3",
  MAX("v0") AS "s4",
  COALESCE(SUM("v2"), CAST(0 AS DECIMAL(38, 18))) AS "s5",
  MAX(CASE WHEN "kind" = 'cart' THEN "t" END) AS "t0",
  MAX(CASE WHEN "kind" = 'buy' THEN "t" END) AS "t1"
FROM (
  SELECT
    *,
    CASE WHEN "kind" = 'buy' THEN "u0" ELSE NULL END AS "v0",
    CASE
      WHEN "kind" = 'buy'
      AND (
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
      )
      THEN "u0"
      ELSE NULL
    END AS "v1",
    CASE WHEN "kind" = 'cart' THEN "u0" ELSE NULL END AS "v2"
  FROM (
    SELECT
      *,
      TRY_TO_DECIMAL(TRIM(CAST("x amount" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18) AS "u0"
    FROM (
      SELECT
        "k",
        "kind",
        "t",
        "x amount",
        "x coupon",
        (
          CAST((
            (
              DATE_PART(EPOCH_MICROSECOND, CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)) - DATE_PART(EPOCH_MICROSECOND, "t")
            ) - MOD(
              (
                DATE_PART(EPOCH_MICROSECOND, CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)) - DATE_PART(EPOCH_MICROSECOND, "t")
              ),
              604800000000
            )
          ) / 604800000000 AS BIGINT)
        ) AS "slot"
      FROM "happened"
      WHERE
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND (
          "kind" IN ('buy', 'cart')
          OR (
            "kind" = 'view' AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
          )
        )
    ) AS "r"
  ) AS "r"
) AS "e"
GROUP BY
  "k";

CREATE TABLE "facts_tally_0" AS
SELECT
  "k",
  MAX("n0") AS "q0_0",
  COUNT_IF("n1" > 0) AS "q0_1"
FROM (
  SELECT
    COALESCE("persons"."p", "e"."k") AS "k",
    CASE
      WHEN "x category" >= '!' AND "x category" < '\x7f'
      THEN "x category"
      ELSE CASE
        WHEN TRIM("x category", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x category"
      END
    END AS "v",
    COUNT_IF(
      "kind" = 'view'
      AND (
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
      )
    ) AS "n0",
    COUNT_IF("kind" = 'buy') AS "n1"
  FROM (
    SELECT
      "k",
      "kind",
      "t",
      "x category"
    FROM "happened"
    WHERE
      "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND (
        "kind" = 'buy'
        OR (
          "kind" = 'view' AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
        )
      )
  ) AS "e"
  LEFT JOIN "persons"
    ON "persons"."k" = "e"."k"
  WHERE
    NOT CASE
      WHEN "x category" >= '!' AND "x category" < '\x7f'
      THEN "x category"
      ELSE CASE
        WHEN TRIM("x category", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x category"
      END
    END IS NULL
  GROUP BY
    1,
    2
) AS "v"
GROUP BY
  "k";

CREATE TABLE "facts_followed" AS
SELECT
  "f"."k" AS "k",
  BOOLOR_AGG(
    COALESCE(
      (
        "e"."kind" = 'buy'
        OR (
          "e"."kind" = 'cart'
          AND (
            DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t0")
          ) > 0
        )
      )
      AND (
        DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t0")
      ) >= 0
      AND (
        DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t0")
      ) < 3600000000,
      FALSE
    )
  ) AS "g0"
FROM (
  SELECT
    "k",
    "kind",
    "t"
  FROM "happened"
  WHERE
    "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
    AND "kind" IN ('buy', 'cart')
) AS "e"
LEFT JOIN "persons"
  ON "persons"."k" = "e"."k"
JOIN (
  SELECT
    "k",
    "n",
    "b0",
    "c0",
    "c1",
    "c2",
    "s0",
    "s1",
    "s2",
    "s3",
    "s4",
    "s5",
    "t0",
    "t1"
  FROM "facts"
  WHERE
    NOT "k" IN (
      SELECT
        "k"
      FROM "persons"
    )
  UNION ALL
  SELECT
    "k",
    "n",
    "b0",
    "c0",
    "c1",
    "c2",
    "s0",
    "s1",
    "s2",
    "s3",
    "s4",
    "s5",
    "t0",
    "t1"
  FROM "facts_merged"
) AS "f"
  ON "f"."k" = COALESCE("persons"."p", "e"."k")
WHERE
  (
    DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t0")
  ) >= 0
  AND (
    DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t0")
  ) < 3600000000
GROUP BY
  "f"."k";

CREATE TABLE "facts_traits" AS
SELECT
  "persons"."p" AS "k",
  BOOLOR_AGG(COALESCE("customers"."x unsubscribed" = TRUE, FALSE)) AS "b0",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
        THEN "customers"."x tier"
        ELSE CASE
          WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE "customers"."x tier"
        END
      END = 'gold'
      OR CASE
        WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
        THEN "customers"."x tier"
        ELSE CASE
          WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE "customers"."x tier"
        END
      END = 'silver',
      FALSE
    )
  ) AS "b1",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
        THEN "customers"."x tier"
        ELSE CASE
          WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE "customers"."x tier"
        END
      END <> 'gold',
      FALSE
    )
  ) AS "b2",
  BOOLOR_AGG(
    NOT CASE
      WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
      THEN "customers"."x tier"
      ELSE CASE
        WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "customers"."x tier"
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
        THEN "customers"."x tier"
        ELSE CASE
          WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE "customers"."x tier"
        END
      END <> 'gold',
      FALSE
    )
  ) AS "b3",
  BOOLOR_AGG(
    COALESCE(
      CONTAINS(
        CASE
          WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
          THEN "customers"."x tier"
          ELSE CASE
            WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE "customers"."x tier"
          END
        END,
        'ol'
      ),
      FALSE
    )
  ) AS "b4",
  BOOLOR_AGG(
    COALESCE(
      STARTSWITH(
        CASE
          WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
          THEN "customers"."x tier"
          ELSE CASE
            WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE "customers"."x tier"
          END
        END,
        'g'
      ),
      FALSE
    )
  ) AS "b5",
  BOOLOR_AGG(
    NOT CASE
      WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
      THEN "customers"."x tier"
      ELSE CASE
        WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "customers"."x tier"
      END
    END IS NULL
  ) AS "b6",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN REGEXP_LIKE(
          "customers"."x score",
          '[ \t\n\r\x0b\f]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+|([0-9]{1,20}([.][0-9]{0,18})?|[.][0-9]{1,18})[eE][+-]?[0-9]{1,2})[ \t\n\r\x0b\f]*'
        )
        THEN TRY_TO_DECIMAL(TRIM(CAST("customers"."x score" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18)
        ELSE NULL
      END <= CAST('12.5' AS DECIMAL(38, 18)),
      FALSE
    )
  ) AS "b7",
  BOOLOR_AGG(
    COALESCE(
      TRY_TO_DECIMAL(TRIM(CAST("customers"."x visits" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18) < CAST('3' AS DECIMAL(38, 18)),
      FALSE
    )
  ) AS "b8",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END = FALSE,
      FALSE
    )
  ) AS "b9",
  BOOLOR_AGG(
    NOT CASE
      WHEN "customers"."x support_case" >= '!' AND "customers"."x support_case" < '\x7f'
      THEN "customers"."x support_case"
      ELSE CASE
        WHEN TRIM("customers"."x support_case", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "customers"."x support_case"
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END = FALSE,
      FALSE
    )
  ) AS "b10",
  BOOLOR_AGG(
    COALESCE(
      ARRAY_CONTAINS(
        TO_VARIANT(TRUE),
        TRANSFORM(
          "customers"."x tags",
          "element" -> COALESCE(
            CASE
              WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
              THEN CAST("element" AS VARCHAR)
              ELSE CASE
                WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE CAST("element" AS VARCHAR)
              END
            END = 'new',
            FALSE
          )
        )
      ),
      FALSE
    )
  ) AS "b11",
  BOOLOR_AGG(
    COALESCE(
      ARRAY_CONTAINS(
        TO_VARIANT(TRUE),
        TRANSFORM(
          "customers"."x tags",
          "element" -> COALESCE(
            CASE
              WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
              THEN CAST("element" AS VARCHAR)
              ELSE CASE
                WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE CAST("element" AS VARCHAR)
              END
            END <> 'new',
            FALSE
          )
        )
      ),
      FALSE
    )
  ) AS "b12",
  BOOLOR_AGG(
    COALESCE(
      ARRAY_CONTAINS(
        TO_VARIANT(TRUE),
        TRANSFORM(
          "customers"."x tags",
          "element" -> NOT CASE
            WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
            THEN CAST("element" AS VARCHAR)
            ELSE CASE
              WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE CAST("element" AS VARCHAR)
            END
          END IS NULL
          AND NOT COALESCE(
            CASE
              WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
              THEN CAST("element" AS VARCHAR)
              ELSE CASE
                WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE CAST("element" AS VARCHAR)
              END
            END <> 'new',
            FALSE
          )
        )
      ),
      FALSE
    )
  ) AS "b13",
  BOOLOR_AGG(
    COALESCE(
      ARRAY_CONTAINS(
        TO_VARIANT(TRUE),
        TRANSFORM(
          "customers"."x tags",
          "element" -> NOT CASE
            WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
            THEN CAST("element" AS VARCHAR)
            ELSE CASE
              WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE CAST("element" AS VARCHAR)
            END
          END IS NULL
        )
      ),
      FALSE
    )
  ) AS "b14",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN REGEXP_LIKE(
          "customers"."x signed_up",
          '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
        )
        THEN CAST(CONVERT_TIMEZONE(
          'UTC',
          CAST(CASE
            WHEN REGEXP_LIKE(
              CAST(CASE
                WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING("customers"."x signed_up", 1, 10),
                  'T00:00:00',
                  SUBSTRING("customers"."x signed_up", 11)
                )
                ELSE "customers"."x signed_up"
              END AS VARCHAR),
              '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
            )
            THEN TRY_TO_TIMESTAMP_TZ(
              CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_SUBSTR(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_SUBSTR(
                        CAST(CASE
                          WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING("customers"."x signed_up", 1, 10),
                            'T00:00:00',
                            SUBSTRING("customers"."x signed_up", 11)
                          )
                          ELSE "customers"."x signed_up"
                        END AS VARCHAR),
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
              ),
              'AUTO'
            )
            ELSE NULL
          END AS TIMESTAMPTZ)
        ) AS TIMESTAMPNTZ)
        ELSE NULL
      END <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND CASE
        WHEN REGEXP_LIKE(
          "customers"."x signed_up",
          '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
        )
        THEN CAST(CONVERT_TIMEZONE(
          'UTC',
          CAST(CASE
            WHEN REGEXP_LIKE(
              CAST(CASE
                WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING("customers"."x signed_up", 1, 10),
                  'T00:00:00',
                  SUBSTRING("customers"."x signed_up", 11)
                )
                ELSE "customers"."x signed_up"
              END AS VARCHAR),
              '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
            )
            THEN TRY_TO_TIMESTAMP_TZ(
              CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_SUBSTR(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_SUBSTR(
                        CAST(CASE
                          WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING("customers"."x signed_up", 1, 10),
                            'T00:00:00',
                            SUBSTRING("customers"."x signed_up", 11)
                          )
                          ELSE "customers"."x signed_up"
                        END AS VARCHAR),
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
              ),
              'AUTO'
            )
            ELSE NULL
          END AS TIMESTAMPTZ)
        ) AS TIMESTAMPNTZ)
        ELSE NULL
      END > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ),
      FALSE
    )
  ) AS "b15",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN REGEXP_LIKE(
          "customers"."x signed_up",
          '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
        )
        THEN CAST(CONVERT_TIMEZONE(
          'UTC',
          CAST(CASE
            WHEN REGEXP_LIKE(
              CAST(CASE
                WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                THEN CONCAT(
                  SUBSTRING("customers"."x signed_up", 1, 10),
                  'T00:00:00',
                  SUBSTRING("customers"."x signed_up", 11)
                )
                ELSE "customers"."x signed_up"
              END AS VARCHAR),
              '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
            )
            THEN TRY_TO_TIMESTAMP_TZ(
              CONCAT(
                SUBSTRING(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  1,
                  10
                ),
                'T',
                COALESCE(
                  NULLIF(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      12,
                      5
                    ),
                    ''
                  ),
                  '00:00'
                ),
                SUBSTRING(
                  COALESCE(
                    REGEXP_SUBSTR(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      ':[0-9]{2}:[0-9.]+'
                    ),
                    ':00:00'
                  ),
                  4
                ),
                REGEXP_REPLACE(
                  REPLACE(
                    COALESCE(
                      REGEXP_SUBSTR(
                        CAST(CASE
                          WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                          THEN CONCAT(
                            SUBSTRING("customers"."x signed_up", 1, 10),
                            'T00:00:00',
                            SUBSTRING("customers"."x signed_up", 11)
                          )
                          ELSE "customers"."x signed_up"
                        END AS VARCHAR),
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
              ),
              'AUTO'
            )
            ELSE NULL
          END AS TIMESTAMPTZ)
        ) AS TIMESTAMPNTZ)
        ELSE NULL
      END <= CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
      FALSE
    )
  ) AS "b16",
  BOOLOR_AGG(
    COALESCE(
      CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x renewal" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) >= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x renewal" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) < CAST('2026-11-28 18:00:00.000000' AS TIMESTAMPNTZ),
      FALSE
    )
  ) AS "b17",
  BOOLOR_AGG(NOT "chosen_0"."k" IS NULL) AS "b18",
  BOOLOR_AGG(NOT "chosen_1"."k" IS NULL) AS "b19",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END,
      FALSE
    )
  ) AS "b20",
  BOOLOR_AGG(
    NOT CASE
      WHEN "customers"."x marketing_consent" >= '!'
      AND "customers"."x marketing_consent" < '\x7f'
      THEN "customers"."x marketing_consent"
      ELSE CASE
        WHEN TRIM(
          "customers"."x marketing_consent",
          ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　'
        ) = ''
        THEN NULL
        ELSE "customers"."x marketing_consent"
      END
    END IS NULL
    AND NOT COALESCE(
      CASE
        WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
        THEN TRUE
        WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
        THEN FALSE
      END,
      FALSE
    )
  ) AS "b21"
FROM "persons"
JOIN "customers" AS "customers"
  ON "persons"."k" = "customers"."k"
LEFT JOIN "keys_3bd4006d5e5a" AS "chosen_0"
  ON "chosen_0"."k" = CAST("customers"."k" AS VARCHAR)
LEFT JOIN "facts_query_0" AS "chosen_1"
  ON "chosen_1"."k" = CAST("customers"."k" AS VARCHAR)
GROUP BY
  "persons"."p";

CREATE TABLE "people" AS
SELECT
  "k",
  "p",
  "e0",
  "r0",
  "e1",
  "r1",
  "e2",
  "r2",
  "e3",
  "r3",
  CASE WHEN "k" = "p" THEN "n" ELSE 0 END AS "n",
  "b20" AND NOT "b21" AS "c",
  CAST((
    BITOR(
      (
        BITOR(
          (
            BITOR(
              (
                BITOR(
                  (
                    BITOR((
                      BITAND("m0", 1536)
                    ), CASE WHEN TRUE THEN 1 ELSE 0 END)
                  ),
                  (
                    BITOR(CASE WHEN "b1" THEN 2 ELSE 0 END, CASE WHEN "b2" AND NOT "b3" THEN 4 ELSE 0 END)
                  )
                )
              ),
              (
                BITOR(
                  (
                    BITOR(CASE WHEN "b4" THEN 8 ELSE 0 END, CASE WHEN "b5" THEN 16 ELSE 0 END)
                  ),
                  (
                    BITOR(CASE WHEN NOT "b6" THEN 32 ELSE 0 END, CASE WHEN "b7" THEN 64 ELSE 0 END)
                  )
                )
              )
            )
          ),
          (
            BITOR(
              (
                BITOR(
                  (
                    BITOR(
                      CASE WHEN "b8" THEN 128 ELSE 0 END,
                      CASE WHEN "b9" AND NOT "b10" THEN 256 ELSE 0 END
                    )
                  ),
                  (
                    BITOR(
                      CASE WHEN "c0" >= 2 THEN 2048 ELSE 0 END,
                      CASE
                        WHEN COALESCE(
                          "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                          AND "t0" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ),
                          FALSE
                        )
                        AND NOT COALESCE("t1" >= "t0", FALSE)
                        THEN 4096
                        ELSE 0
                      END
                    )
                  )
                )
              ),
              (
                BITOR(
                  (
                    BITOR(
                      CASE WHEN COALESCE("s0" >= 100, FALSE) THEN 68719484928 ELSE 0 END,
                      CASE WHEN "b11" THEN 16384 ELSE 0 END
                    )
                  ),
                  (
                    BITOR(
                      CASE WHEN "b12" AND NOT "b13" THEN 32768 ELSE 0 END,
                      (
                        BITOR(CASE WHEN NOT "b14" THEN 65536 ELSE 0 END, CASE WHEN "b15" THEN 131072 ELSE 0 END)
                      )
                    )
                  )
                )
              )
            )
          )
        )
      ),
      (
        BITOR(
          (
            BITOR(
              (
                BITOR(
                  (
                    BITOR(CASE WHEN "b16" THEN 262144 ELSE 0 END, CASE WHEN "b17" THEN 524288 ELSE 0 END)
                  ),
                  (
                    BITOR(
                      CASE
                        WHEN (
                          BITAND("m1", 1)
                        ) <> 0 AND NOT (
                          BITAND("m1", 2)
                        ) <> 0
                        THEN 1048576
                        ELSE 0
                      END,
                      CASE
                        WHEN COALESCE("t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ), FALSE)
                        AND "g0"
                        THEN 2097152
                        ELSE 0
                      END
                    )
                  )
                )
              ),
              (
                BITOR(
                  (
                    BITOR(
                      CASE
                        WHEN COALESCE("t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ), FALSE)
                        AND COALESCE(
                          "t1" >= "t0"
                          AND (
                            DATE_PART(EPOCH_MICROSECOND, "t1") - DATE_PART(EPOCH_MICROSECOND, "t0")
                          ) >= 3600000000,
                          FALSE
                        )
                        THEN 4194304
                        ELSE 0
                      END,
                      CASE WHEN "q0_0" >= 2 THEN 8388608 ELSE 0 END
                    )
                  ),
                  (
                    BITOR(
                      CASE
                        WHEN COALESCE(
                          "s2" <> 0
                          AND CAST("s1" AS DECIMAL(38, 18)) >= CAST((
                            CAST('12.5' AS DECIMAL(3, 1)) * CAST("s2" AS DECIMAL(12, 0))
                          ) AS DECIMAL(38, 18)),
                          FALSE
                        )
                        THEN 16777216
                        ELSE 0
                      END,
                      (
                        BITOR(
                          CASE WHEN COALESCE("s3" >= 1, FALSE) THEN 33554432 ELSE 0 END,
                          CASE WHEN COALESCE("s4" >= 1, FALSE) THEN 67108864 ELSE 0 END
                        )
                      )
                    )
                  )
                )
              )
            )
          ),
          (
            BITOR(
              (
                BITOR(
                  (
                    BITOR(
                      CASE WHEN COALESCE("q0_1" >= 2, FALSE) THEN 134217728 ELSE 0 END,
                      CASE
                        WHEN COALESCE(
                          "c2" <> 0
                          AND CAST("c1" AS DECIMAL(38, 18)) >= CAST((
                            CAST('0.3' AS DECIMAL(1, 1)) * CAST("c2" AS DECIMAL(12, 0))
                          ) AS DECIMAL(38, 18)),
                          FALSE
                        )
                        THEN 268435456
                        ELSE 0
                      END
                    )
                  ),
                  (
                    BITOR(
                      CASE
                        WHEN COALESCE(
                          "s5" <> 0
                          AND CASE
                            WHEN ABS("s1") < 1000000000 AND ABS("s5") < 1000000000
                            THEN CAST(CASE WHEN "s5" < 0 THEN -(
                              "s1"
                            ) ELSE "s1" END AS DECIMAL(38, 19)) >= CAST((
                              CAST('0.3' AS DECIMAL(1, 1)) * CAST(ABS("s5") AS DECIMAL(27, 18))
                            ) AS DECIMAL(38, 19))
                            ELSE NOT (
                              CAST((
                                CAST(CASE WHEN "s5" < 0 THEN -(
                                  "s1"
                                ) ELSE "s1" END AS DECIMAL(38, 18)) - (
                                  CAST(CASE WHEN "s5" < 0 THEN -(
                                    "s1"
                                  ) ELSE "s1" END AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                )
                              ) AS DECIMAL(38, 0)) < CAST((
                                CAST((
                                  (
                                    CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                      CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                        CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                      )
                                    ) AS DECIMAL(20, 0))
                                  ) - (
                                    (
                                      CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                        CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                        )
                                      ) AS DECIMAL(20, 0))
                                    ) % CAST(1 AS DECIMAL(1, 0))
                                  )
                                ) AS DECIMAL(38, 0)) + CAST((
                                  (
                                    CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                      CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                    ) AS DECIMAL(18, 18))
                                  ) - (
                                    (
                                      CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                        CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                      ) AS DECIMAL(18, 18))
                                    ) % CAST(1 AS DECIMAL(1, 0))
                                  )
                                ) AS DECIMAL(38, 0)) + CAST((
                                  (
                                    (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                          )
                                        ) AS DECIMAL(20, 0))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    ) + (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                        ) AS DECIMAL(18, 18))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    )
                                  ) - (
                                    (
                                      (
                                        (
                                          CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                              CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                            )
                                          ) AS DECIMAL(20, 0))
                                        ) % CAST(1 AS DECIMAL(1, 0))
                                      ) + (
                                        (
                                          CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                          ) AS DECIMAL(18, 18))
                                        ) % CAST(1 AS DECIMAL(1, 0))
                                      )
                                    ) % CAST(1 AS DECIMAL(1, 0))
                                  )
                                ) AS DECIMAL(38, 0))
                              ) AS DECIMAL(38, 0))
                              OR (
                                CAST((
                                  CAST(CASE WHEN "s5" < 0 THEN -(
                                    "s1"
                                  ) ELSE "s1" END AS DECIMAL(38, 18)) - (
                                    CAST(CASE WHEN "s5" < 0 THEN -(
                                      "s1"
                                    ) ELSE "s1" END AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                  )
                                ) AS DECIMAL(38, 0)) = CAST((
                                  CAST((
                                    (
                                      CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                        CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                        )
                                      ) AS DECIMAL(20, 0))
                                    ) - (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                          )
                                        ) AS DECIMAL(20, 0))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    )
                                  ) AS DECIMAL(38, 0)) + CAST((
                                    (
                                      CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                        CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                      ) AS DECIMAL(18, 18))
                                    ) - (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                        ) AS DECIMAL(18, 18))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    )
                                  ) AS DECIMAL(38, 0)) + CAST((
                                    (
                                      (
                                        (
                                          CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                              CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                            )
                                          ) AS DECIMAL(20, 0))
                                        ) % CAST(1 AS DECIMAL(1, 0))
                                      ) + (
                                        (
                                          CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                          ) AS DECIMAL(18, 18))
                                        ) % CAST(1 AS DECIMAL(1, 0))
                                      )
                                    ) - (
                                      (
                                        (
                                          (
                                            CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                              CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                                CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                              )
                                            ) AS DECIMAL(20, 0))
                                          ) % CAST(1 AS DECIMAL(1, 0))
                                        ) + (
                                          (
                                            CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                              CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                            ) AS DECIMAL(18, 18))
                                          ) % CAST(1 AS DECIMAL(1, 0))
                                        )
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    )
                                  ) AS DECIMAL(38, 0))
                                ) AS DECIMAL(38, 0))
                                AND CAST((
                                  CAST(CASE WHEN "s5" < 0 THEN -(
                                    "s1"
                                  ) ELSE "s1" END AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                ) AS DECIMAL(37, 36)) < CAST((
                                  (
                                    (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) - (
                                            CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                          )
                                        ) AS DECIMAL(20, 0))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    ) + (
                                      (
                                        CAST('0.3' AS DECIMAL(1, 1)) * CAST((
                                          CAST(ABS("s5") AS DECIMAL(38, 18)) % CAST(1 AS DECIMAL(1, 0))
                                        ) AS DECIMAL(18, 18))
                                      ) % CAST(1 AS DECIMAL(1, 0))
                                    )
                                  ) % CAST(1 AS DECIMAL(1, 0))
                                ) AS DECIMAL(37, 36))
                              )
                            )
                          END,
                          FALSE
                        )
                        THEN 536870912
                        ELSE 0
                      END,
                      CASE WHEN "u0" THEN 1073741824 ELSE 0 END
                    )
                  )
                )
              ),
              (
                BITOR(
                  (
                    BITOR(
                      CASE WHEN "b18" THEN 2147483648 ELSE 0 END,
                      CASE WHEN "b19" THEN 4294967296 ELSE 0 END
                    )
                  ),
                  (
                    BITOR(
                      CASE WHEN "in0" THEN 8589934592 ELSE 0 END,
                      (
                        BITOR(
                          CASE
                            WHEN COALESCE(
                              "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                              AND "t0" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
                              FALSE
                            )
                            AND NOT COALESCE("t1" >= "t0", FALSE)
                            THEN 17179869184
                            ELSE 0
                          END,
                          CASE
                            WHEN COALESCE("t0" <= CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ), FALSE)
                            AND NOT COALESCE("t1" >= "t0", FALSE)
                            THEN 34359738368
                            ELSE 0
                          END
                        )
                      )
                    )
                  )
                )
              )
            )
          )
        )
      )
    )
  ) AS BIGINT) AS "wq0",
  CAST((
    BITOR(CASE WHEN "b0" THEN 1 ELSE 0 END, CASE WHEN "in1" THEN 8589934592 ELSE 0 END)
  ) AS BIGINT) AS "wn0",
  CAST((
    BITOR(
      CASE WHEN "c0" >= 2 THEN 68719476736 ELSE 0 END,
      CASE WHEN TRUE THEN 137438953472 ELSE 0 END
    )
  ) AS BIGINT) AS "aq0",
  CAST(0 AS BIGINT) AS "an0"
FROM (
  SELECT
    *,
    (
      COALESCE(
        "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t0" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
        FALSE
      )
      AND NOT COALESCE("t1" >= "t0", FALSE)
    )
    OR (
      COALESCE("t0" <= CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ), FALSE)
      AND NOT COALESCE("t1" >= "t0", FALSE)
    ) AS "in0",
    COALESCE(
      "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND "t0" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
      FALSE
    )
    AND NOT COALESCE("t1" >= "t0", FALSE) AS "in1"
  FROM (
    SELECT
      "customers"."k",
      COALESCE("persons"."p", "customers"."k") AS "p",
      "customers"."e0" AS "e0",
      "customers"."r0" AS "r0",
      "customers"."e1" AS "e1",
      "customers"."r1" AS "r1",
      "customers"."e2" AS "e2",
      "customers"."r2" AS "r2",
      "customers"."e3" AS "e3",
      "customers"."r3" AS "r3",
      COALESCE("f"."n", 0) AS "n",
      COALESCE("f"."c0", 0) AS "c0",
      COALESCE("f"."c1", 0) AS "c1",
      COALESCE("f"."c2", 0) AS "c2",
      COALESCE("f"."s0", 0) AS "s0",
      COALESCE("f"."s1", 0) AS "s1",
      COALESCE("f"."s2", 0) AS "s2",
      "f"."s3",
      "f"."s4",
      COALESCE("f"."s5", 0) AS "s5",
      "f"."t0",
      "f"."t1",
      (
        (
          BITAND(COALESCE("f"."b0", 0), 3)
        ) * 512
      ) AS "m0",
      (
        CAST((
          (
            BITAND(COALESCE("f"."b0", 0), 12)
          ) - MOD((
            BITAND(COALESCE("f"."b0", 0), 12)
          ), 4)
        ) / 4 AS BIGINT)
      ) AS "m1",
      COALESCE("facts_tally_0"."q0_0", 0) AS "q0_0",
      COALESCE("facts_tally_0"."q0_1", 0) AS "q0_1",
      COALESCE("g"."g0", FALSE) AS "g0",
      COALESCE("m"."b0", COALESCE("customers"."x unsubscribed" = TRUE, FALSE)) AS "b0",
      COALESCE(
        "m"."b1",
        COALESCE(
          CASE
            WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
            THEN "customers"."x tier"
            ELSE CASE
              WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE "customers"."x tier"
            END
          END = 'gold'
          OR CASE
            WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
            THEN "customers"."x tier"
            ELSE CASE
              WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE "customers"."x tier"
            END
          END = 'silver',
          FALSE
        )
      ) AS "b1",
      COALESCE(
        "m"."b2",
        COALESCE(
          CASE
            WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
            THEN "customers"."x tier"
            ELSE CASE
              WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE "customers"."x tier"
            END
          END <> 'gold',
          FALSE
        )
      ) AS "b2",
      COALESCE(
        "m"."b3",
        NOT CASE
          WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
          THEN "customers"."x tier"
          ELSE CASE
            WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE "customers"."x tier"
          END
        END IS NULL
        AND NOT COALESCE(
          CASE
            WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
            THEN "customers"."x tier"
            ELSE CASE
              WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
              THEN NULL
              ELSE "customers"."x tier"
            END
          END <> 'gold',
          FALSE
        )
      ) AS "b3",
      COALESCE(
        "m"."b4",
        COALESCE(
          CONTAINS(
            CASE
              WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
              THEN "customers"."x tier"
              ELSE CASE
                WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE "customers"."x tier"
              END
            END,
            'ol'
          ),
          FALSE
        )
      ) AS "b4",
      COALESCE(
        "m"."b5",
        COALESCE(
          STARTSWITH(
            CASE
              WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
              THEN "customers"."x tier"
              ELSE CASE
                WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE "customers"."x tier"
              END
            END,
            'g'
          ),
          FALSE
        )
      ) AS "b5",
      COALESCE(
        "m"."b6",
        NOT CASE
          WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
          THEN "customers"."x tier"
          ELSE CASE
            WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE "customers"."x tier"
          END
        END IS NULL
      ) AS "b6",
      COALESCE(
        "m"."b7",
        COALESCE(
          CASE
            WHEN REGEXP_LIKE(
              "customers"."x score",
              '[ \t\n\r\x0b\f]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+|([0-9]{1,20}([.][0-9]{0,18})?|[.][0-9]{1,18})[eE][+-]?[0-9]{1,2})[ \t\n\r\x0b\f]*'
            )
            THEN TRY_TO_DECIMAL(TRIM(CAST("customers"."x score" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18)
            ELSE NULL
          END <= CAST('12.5' AS DECIMAL(38, 18)),
          FALSE
        )
      ) AS "b7",
      COALESCE(
        "m"."b8",
        COALESCE(
          TRY_TO_DECIMAL(TRIM(CAST("customers"."x visits" AS VARCHAR), ' \t\n\r\x0b\f'), 38, 18) < CAST('3' AS DECIMAL(38, 18)),
          FALSE
        )
      ) AS "b8",
      COALESCE(
        "m"."b9",
        COALESCE(
          CASE
            WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END = FALSE,
          FALSE
        )
      ) AS "b9",
      COALESCE(
        "m"."b10",
        NOT CASE
          WHEN "customers"."x support_case" >= '!' AND "customers"."x support_case" < '\x7f'
          THEN "customers"."x support_case"
          ELSE CASE
            WHEN TRIM("customers"."x support_case", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
            THEN NULL
            ELSE "customers"."x support_case"
          END
        END IS NULL
        AND NOT COALESCE(
          CASE
            WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST("customers"."x support_case" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END = FALSE,
          FALSE
        )
      ) AS "b10",
      COALESCE(
        "m"."b11",
        COALESCE(
          ARRAY_CONTAINS(
            TO_VARIANT(TRUE),
            TRANSFORM(
              "customers"."x tags",
              "element" -> COALESCE(
                CASE
                  WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                  THEN CAST("element" AS VARCHAR)
                  ELSE CASE
                    WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                    THEN NULL
                    ELSE CAST("element" AS VARCHAR)
                  END
                END = 'new',
                FALSE
              )
            )
          ),
          FALSE
        )
      ) AS "b11",
      COALESCE(
        "m"."b12",
        COALESCE(
          ARRAY_CONTAINS(
            TO_VARIANT(TRUE),
            TRANSFORM(
              "customers"."x tags",
              "element" -> COALESCE(
                CASE
                  WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                  THEN CAST("element" AS VARCHAR)
                  ELSE CASE
                    WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                    THEN NULL
                    ELSE CAST("element" AS VARCHAR)
                  END
                END <> 'new',
                FALSE
              )
            )
          ),
          FALSE
        )
      ) AS "b12",
      COALESCE(
        "m"."b13",
        COALESCE(
          ARRAY_CONTAINS(
            TO_VARIANT(TRUE),
            TRANSFORM(
              "customers"."x tags",
              "element" -> NOT CASE
                WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                THEN CAST("element" AS VARCHAR)
                ELSE CASE
                  WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                  THEN NULL
                  ELSE CAST("element" AS VARCHAR)
                END
              END IS NULL
              AND NOT COALESCE(
                CASE
                  WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                  THEN CAST("element" AS VARCHAR)
                  ELSE CASE
                    WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                    THEN NULL
                    ELSE CAST("element" AS VARCHAR)
                  END
                END <> 'new',
                FALSE
              )
            )
          ),
          FALSE
        )
      ) AS "b13",
      COALESCE(
        "m"."b14",
        COALESCE(
          ARRAY_CONTAINS(
            TO_VARIANT(TRUE),
            TRANSFORM(
              "customers"."x tags",
              "element" -> NOT CASE
                WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                THEN CAST("element" AS VARCHAR)
                ELSE CASE
                  WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                  THEN NULL
                  ELSE CAST("element" AS VARCHAR)
                END
              END IS NULL
            )
          ),
          FALSE
        )
      ) AS "b14",
      COALESCE(
        "m"."b15",
        COALESCE(
          CASE
            WHEN REGEXP_LIKE(
              "customers"."x signed_up",
              '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
            )
            THEN CAST(CONVERT_TIMEZONE(
              'UTC',
              CAST(CASE
                WHEN REGEXP_LIKE(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
                )
                THEN TRY_TO_TIMESTAMP_TZ(
                  CONCAT(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      1,
                      10
                    ),
                    'T',
                    COALESCE(
                      NULLIF(
                        SUBSTRING(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          12,
                          5
                        ),
                        ''
                      ),
                      '00:00'
                    ),
                    SUBSTRING(
                      COALESCE(
                        REGEXP_SUBSTR(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          ':[0-9]{2}:[0-9.]+'
                        ),
                        ':00:00'
                      ),
                      4
                    ),
                    REGEXP_REPLACE(
                      REPLACE(
                        COALESCE(
                          REGEXP_SUBSTR(
                            CAST(CASE
                              WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                              THEN CONCAT(
                                SUBSTRING("customers"."x signed_up", 1, 10),
                                'T00:00:00',
                                SUBSTRING("customers"."x signed_up", 11)
                              )
                              ELSE "customers"."x signed_up"
                            END AS VARCHAR),
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
                  ),
                  'AUTO'
                )
                ELSE NULL
              END AS TIMESTAMPTZ)
            ) AS TIMESTAMPNTZ)
            ELSE NULL
          END <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
          AND CASE
            WHEN REGEXP_LIKE(
              "customers"."x signed_up",
              '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
            )
            THEN CAST(CONVERT_TIMEZONE(
              'UTC',
              CAST(CASE
                WHEN REGEXP_LIKE(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
                )
                THEN TRY_TO_TIMESTAMP_TZ(
                  CONCAT(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      1,
                      10
                    ),
                    'T',
                    COALESCE(
                      NULLIF(
                        SUBSTRING(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          12,
                          5
                        ),
                        ''
                      ),
                      '00:00'
                    ),
                    SUBSTRING(
                      COALESCE(
                        REGEXP_SUBSTR(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          ':[0-9]{2}:[0-9.]+'
                        ),
                        ':00:00'
                      ),
                      4
                    ),
                    REGEXP_REPLACE(
                      REPLACE(
                        COALESCE(
                          REGEXP_SUBSTR(
                            CAST(CASE
                              WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                              THEN CONCAT(
                                SUBSTRING("customers"."x signed_up", 1, 10),
                                'T00:00:00',
                                SUBSTRING("customers"."x signed_up", 11)
                              )
                              ELSE "customers"."x signed_up"
                            END AS VARCHAR),
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
                  ),
                  'AUTO'
                )
                ELSE NULL
              END AS TIMESTAMPTZ)
            ) AS TIMESTAMPNTZ)
            ELSE NULL
          END > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ),
          FALSE
        )
      ) AS "b15",
      COALESCE(
        "m"."b16",
        COALESCE(
          CASE
            WHEN REGEXP_LIKE(
              "customers"."x signed_up",
              '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?'
            )
            THEN CAST(CONVERT_TIMEZONE(
              'UTC',
              CAST(CASE
                WHEN REGEXP_LIKE(
                  CAST(CASE
                    WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                    THEN CONCAT(
                      SUBSTRING("customers"."x signed_up", 1, 10),
                      'T00:00:00',
                      SUBSTRING("customers"."x signed_up", 11)
                    )
                    ELSE "customers"."x signed_up"
                  END AS VARCHAR),
                  '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
                )
                THEN TRY_TO_TIMESTAMP_TZ(
                  CONCAT(
                    SUBSTRING(
                      CAST(CASE
                        WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                        THEN CONCAT(
                          SUBSTRING("customers"."x signed_up", 1, 10),
                          'T00:00:00',
                          SUBSTRING("customers"."x signed_up", 11)
                        )
                        ELSE "customers"."x signed_up"
                      END AS VARCHAR),
                      1,
                      10
                    ),
                    'T',
                    COALESCE(
                      NULLIF(
                        SUBSTRING(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          12,
                          5
                        ),
                        ''
                      ),
                      '00:00'
                    ),
                    SUBSTRING(
                      COALESCE(
                        REGEXP_SUBSTR(
                          CAST(CASE
                            WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                            THEN CONCAT(
                              SUBSTRING("customers"."x signed_up", 1, 10),
                              'T00:00:00',
                              SUBSTRING("customers"."x signed_up", 11)
                            )
                            ELSE "customers"."x signed_up"
                          END AS VARCHAR),
                          ':[0-9]{2}:[0-9.]+'
                        ),
                        ':00:00'
                      ),
                      4
                    ),
                    REGEXP_REPLACE(
                      REPLACE(
                        COALESCE(
                          REGEXP_SUBSTR(
                            CAST(CASE
                              WHEN SUBSTRING("customers"."x signed_up", 11, 1) IN ('Z', '+', '-')
                              THEN CONCAT(
                                SUBSTRING("customers"."x signed_up", 1, 10),
                                'T00:00:00',
                                SUBSTRING("customers"."x signed_up", 11)
                              )
                              ELSE "customers"."x signed_up"
                            END AS VARCHAR),
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
                  ),
                  'AUTO'
                )
                ELSE NULL
              END AS TIMESTAMPTZ)
            ) AS TIMESTAMPNTZ)
            ELSE NULL
          END <= CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
          FALSE
        )
      ) AS "b16",
      COALESCE(
        "m"."b17",
        COALESCE(
          CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x renewal" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) >= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
          AND CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x renewal" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) < CAST('2026-11-28 18:00:00.000000' AS TIMESTAMPNTZ),
          FALSE
        )
      ) AS "b17",
      COALESCE("m"."b18", NOT "chosen_0"."k" IS NULL) AS "b18",
      COALESCE("m"."b19", NOT "chosen_1"."k" IS NULL) AS "b19",
      COALESCE(
        "m"."b20",
        COALESCE(
          CASE
            WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END,
          FALSE
        )
      ) AS "b20",
      COALESCE(
        "m"."b21",
        NOT CASE
          WHEN "customers"."x marketing_consent" >= '!'
          AND "customers"."x marketing_consent" < '\x7f'
          THEN "customers"."x marketing_consent"
          ELSE CASE
            WHEN TRIM(
              "customers"."x marketing_consent",
              ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　'
            ) = ''
            THEN NULL
            ELSE "customers"."x marketing_consent"
          END
        END IS NULL
        AND NOT COALESCE(
          CASE
            WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
            THEN TRUE
            WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
            THEN FALSE
          END,
          FALSE
        )
      ) AS "b21",
      SUBSTRING(
        SHA2_HEX(CONCAT('spring:', CAST(COALESCE("persons"."p", "customers"."k") AS VARCHAR)), 256),
        1,
        8
      ) < '20000000' AS "u0"
    FROM "addressed" AS "customers"
    LEFT JOIN "persons"
      ON "persons"."k" = "customers"."k"
    LEFT JOIN (
      SELECT
        "k",
        "n",
        "b0",
        "c0",
        "c1",
        "c2",
        "s0",
        "s1",
        "s2",
        "s3",
        "s4",
        "s5",
        "t0",
        "t1"
      FROM "facts"
      WHERE
        NOT "k" IN (
          SELECT
            "k"
          FROM "persons"
        )
      UNION ALL
      SELECT
        "k",
        "n",
        "b0",
        "c0",
        "c1",
        "c2",
        "s0",
        "s1",
        "s2",
        "s3",
        "s4",
        "s5",
        "t0",
        "t1"
      FROM "facts_merged"
    ) AS "f"
      ON "f"."k" = COALESCE("persons"."p", "customers"."k")
    LEFT JOIN "facts_tally_0"
      ON "facts_tally_0"."k" = COALESCE("persons"."p", "customers"."k")
    LEFT JOIN "facts_followed" AS "g"
      ON "g"."k" = COALESCE("persons"."p", "customers"."k")
    LEFT JOIN "keys_3bd4006d5e5a" AS "chosen_0"
      ON "chosen_0"."k" = CAST("customers"."k" AS VARCHAR)
    LEFT JOIN "facts_query_0" AS "chosen_1"
      ON "chosen_1"."k" = CAST("customers"."k" AS VARCHAR)
    LEFT JOIN "facts_traits" AS "m"
      ON "m"."k" = "persons"."p"
  ) AS "l"
) AS "p";

