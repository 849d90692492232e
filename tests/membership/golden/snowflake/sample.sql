CREATE VIEW "customers" AS
SELECT
  "customer_id" AS "k",
  "email" AS "x email",
  "customer_id" AS "x customer_id",
  "marketing_consent" AS "x marketing_consent",
  "interests" AS "x interests",
  "member_until" AS "x member_until",
  "tier" AS "x tier",
  "unsubscribed" AS "x unsubscribed",
  "support_case" AS "x support_case"
FROM (
  SELECT
    *
  FROM given.customers
) AS "declared";

CREATE VIEW "events" AS
SELECT
  0 AS "s",
  "customer_id" AS "k",
  CAST("event" AS VARCHAR) AS "kind",
  CAST(CONVERT_TIMEZONE('UTC', CAST("occurred_at" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) AS "t",
  "customer_id" AS "x customer_id",
  "event" AS "x event",
  "occurred_at" AS "x occurred_at",
  "order_email" AS "x order_email",
  "product_id" AS "x product_id",
  "amount" AS "x amount",
  "category" AS "x category",
  "coupon" AS "x coupon"
FROM (
  SELECT
    *
  FROM given.events
) AS "declared";

SELECT
  COUNT(*),
  COUNT(
    CASE
      WHEN "k" >= '!' AND "k" < '\x7f'
      THEN "k"
      ELSE CASE
        WHEN TRIM("k", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "k"
      END
    END
  ),
  COUNT(DISTINCT HASH("k"))
FROM "customers";

CREATE TABLE "odd" (
  "raw" VARCHAR,
  "e" VARCHAR,
  "r" VARCHAR
);

CREATE VIEW "addressed" AS
SELECT
  *,
  CASE
    WHEN "r0" IS NULL
    THEN CASE
      WHEN OCTET_LENGTH(CAST("x email" AS VARCHAR)) = LENGTH(CAST("x email" AS VARCHAR))
      THEN "ue0"
      ELSE "se0"
    END
    ELSE NULL
  END AS "e0"
FROM (
  SELECT
    *,
    CASE
      WHEN "ve0"
      THEN NULL
      ELSE CASE
        WHEN OCTET_LENGTH(COALESCE(CAST("x email" AS VARCHAR), '')) = LENGTH(COALESCE(CAST("x email" AS VARCHAR), ''))
        THEN CASE
          WHEN "ue0" = ''
          THEN 'blank'
          WHEN REGEXP_LIKE("ue0", '([0-9a-f]{32}){1,2}')
          THEN 'hash'
          WHEN NOT CONTAINS("ue0", '@')
          THEN 'no_at'
          WHEN REGEXP_LIKE("ue0", '.*@.*@.*', 's')
          THEN 'several_at'
          WHEN REGEXP_INSTR("ue0", '[[:cntrl:] ]') > 0
          THEN 'space'
          WHEN NOT REGEXP_LIKE("ue0", '[^@]{1,64}@.*')
          THEN 'local'
          WHEN NOT REGEXP_LIKE(
            "ue0",
            '[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])'
          )
          OR REGEXP_LIKE("ue0", '.*\\.[0-9]+')
          THEN 'domain'
          WHEN LENGTH("ue0") > 254
          THEN 'too_long'
        END
        ELSE "re0"
      END
    END AS "r0"
  FROM (
    SELECT
      *,
      LOWER(CASE WHEN "ve0" THEN "ze0" ELSE TRIM("ze0", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f') END) AS "ue0"
    FROM (
      SELECT
        *,
        CASE
          WHEN "be0"
          THEN "be0"
          ELSE LENGTH("ze0") <= 64
          AND REGEXP_LIKE("ze0", '[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+')
        END AS "ve0"
      FROM (
        SELECT
          *,
          CASE
            WHEN "be0"
            THEN CAST("x email" AS VARCHAR)
            ELSE COALESCE(TRIM(CAST("x email" AS VARCHAR)), '')
          END AS "ze0"
        FROM (
          SELECT
            *,
            LENGTH(CAST("x email" AS VARCHAR)) <= 64
            AND REGEXP_LIKE(
              CAST("x email" AS VARCHAR),
              '[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+'
            ) AS "be0"
          FROM (
            SELECT
              "a".*,
              "s0"."e" AS "se0",
              "s0"."r" AS "re0"
            FROM "customers" AS "a"
            LEFT JOIN "odd" AS "s0"
              ON "s0"."raw" = CAST("x email" AS VARCHAR)
          ) AS "a"
        ) AS "a"
      ) AS "a"
    ) AS "a"
  ) AS "a"
) AS "a";

CREATE TABLE "told_by" AS
SELECT
  "k",
  "e0" AS "e"
FROM "addressed"
WHERE
  NOT "e0" IS NULL;

CREATE TABLE "shared_by" AS
SELECT
  "e",
  MIN("k") AS "p",
  COUNT(*) AS "n"
FROM "told_by"
GROUP BY
  "e"
HAVING
  COUNT(*) > 1;

CREATE TABLE "persons" AS
SELECT
  "t"."k",
  "s"."p"
FROM "told_by" AS "t"
JOIN "shared_by" AS "s"
  ON "t"."e" = "s"."e"
WHERE
  "s"."n" <= 20;

DROP TABLE IF EXISTS "told_by";

SELECT
  SUM(CASE WHEN NOT "n" > 20 THEN "n" END),
  COUNT_IF(NOT "n" > 20),
  COUNT_IF("n" > 20)
FROM "shared_by";

CREATE TABLE "guests_0" AS
SELECT DISTINCT
  "g" AS "k",
  "x order_email"
FROM (
  SELECT
    "e".*,
    "c"."k" AS "known",
    CASE
      WHEN "c"."k" IS NULL
      THEN COALESCE(CAST("e"."x order_email" AS VARCHAR), '')
      ELSE NULL
    END AS "g"
  FROM "events" AS "e"
  LEFT JOIN "customers" AS "c"
    ON "e"."k" = "c"."k"
) AS "e"
WHERE
  NOT "g" IS NULL
  AND "kind" IN (
    'cart_added',
    'checkout_started',
    'product_viewed',
    'purchase',
    'support_opened',
    'support_resolved'
  )
  AND NOT "x order_email" IS NULL;

CREATE VIEW "guests_0_addressed" AS
SELECT
  *,
  CASE
    WHEN "r0" IS NULL
    THEN CASE
      WHEN OCTET_LENGTH(CAST("x order_email" AS VARCHAR)) = LENGTH(CAST("x order_email" AS VARCHAR))
      THEN "ue0"
      ELSE "se0"
    END
    ELSE NULL
  END AS "e0"
FROM (
  SELECT
    *,
    CASE
      WHEN "ve0"
      THEN NULL
      ELSE CASE
        WHEN OCTET_LENGTH(COALESCE(CAST("x order_email" AS VARCHAR), '')) = LENGTH(COALESCE(CAST("x order_email" AS VARCHAR), ''))
        THEN CASE
          WHEN "ue0" = ''
          THEN 'blank'
          WHEN REGEXP_LIKE("ue0", '([0-9a-f]{32}){1,2}')
          THEN 'hash'
          WHEN NOT CONTAINS("ue0", '@')
          THEN 'no_at'
          WHEN REGEXP_LIKE("ue0", '.*@.*@.*', 's')
          THEN 'several_at'
          WHEN REGEXP_INSTR("ue0", '[[:cntrl:] ]') > 0
          THEN 'space'
          WHEN NOT REGEXP_LIKE("ue0", '[^@]{1,64}@.*')
          THEN 'local'
          WHEN NOT REGEXP_LIKE(
            "ue0",
            '[^@]*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])'
          )
          OR REGEXP_LIKE("ue0", '.*\\.[0-9]+')
          THEN 'domain'
          WHEN LENGTH("ue0") > 254
          THEN 'too_long'
        END
        ELSE "re0"
      END
    END AS "r0"
  FROM (
    SELECT
      *,
      LOWER(CASE WHEN "ve0" THEN "ze0" ELSE TRIM("ze0", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f') END) AS "ue0"
    FROM (
      SELECT
        *,
        CASE
          WHEN "be0"
          THEN "be0"
          ELSE LENGTH("ze0") <= 64
          AND REGEXP_LIKE("ze0", '[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+')
        END AS "ve0"
      FROM (
        SELECT
          *,
          CASE
            WHEN "be0"
            THEN CAST("x order_email" AS VARCHAR)
            ELSE COALESCE(TRIM(CAST("x order_email" AS VARCHAR)), '')
          END AS "ze0"
        FROM (
          SELECT
            *,
            LENGTH(CAST("x order_email" AS VARCHAR)) <= 64
            AND REGEXP_LIKE(
              CAST("x order_email" AS VARCHAR),
              '[!-?A-~]+@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z][A-Za-z]+'
            ) AS "be0"
          FROM (
            SELECT
              "a".*,
              "s0"."e" AS "se0",
              "s0"."r" AS "re0"
            FROM "guests_0" AS "a"
            LEFT JOIN "odd" AS "s0"
              ON "s0"."raw" = CAST("x order_email" AS VARCHAR)
          ) AS "a"
        ) AS "a"
      ) AS "a"
    ) AS "a"
  ) AS "a"
) AS "a";

SELECT
  COUNT_IF("r" IN ('hash', 'plain')),
  COUNT(*)
FROM (
  SELECT
    "r0" AS "r"
  FROM "guests_0_addressed"
) AS "a";

CREATE TABLE "found_0" AS
SELECT DISTINCT
  "g"."k" AS "g",
  COALESCE("p"."p", "c"."k") AS "k"
FROM (
  SELECT
    "e0" AS "e",
    CAST(0 AS SMALLINT) AS "i",
    "k"
  FROM "guests_0_addressed"
  WHERE
    NOT "e0" IS NULL
) AS "g"
JOIN (
  SELECT
    "e0" AS "e",
    CAST(0 AS SMALLINT) AS "i",
    "k"
  FROM "addressed"
  WHERE
    NOT "e0" IS NULL
) AS "c"
  ON "g"."e" = "c"."e" AND "g"."i" = "c"."i"
LEFT JOIN "persons" AS "p"
  ON "p"."k" = "c"."k";

CREATE VIEW "happened" AS
SELECT
  "s",
  COALESCE("e"."known", "f"."k") AS "k",
  "kind",
  "t",
  "x amount" AS "x amount",
  "x category" AS "x category",
  "x coupon" AS "x coupon",
  "x customer_id" AS "x customer_id",
  "x event" AS "x event",
  "x occurred_at" AS "x occurred_at",
  "x order_email" AS "x order_email",
  "x product_id" AS "x product_id"
FROM (
  SELECT
    "e".*,
    "c"."k" AS "known",
    CASE
      WHEN "c"."k" IS NULL
      THEN COALESCE(CAST("e"."x order_email" AS VARCHAR), '')
      ELSE NULL
    END AS "g"
  FROM "events" AS "e"
  LEFT JOIN "customers" AS "c"
    ON "e"."k" = "c"."k"
) AS "e"
LEFT JOIN "found_0" AS "f"
  ON "e"."g" = "f"."g";

DROP TABLE IF EXISTS "facts";

CREATE TABLE "facts" AS
SELECT
  "k",
  COUNT(*) AS "n",
  BITOR_AGG(
    (
      BITOR(
        COALESCE(
          CAST(GET(
            ARRAY_CONSTRUCT(
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
            ),
            (
              LEAST_IGNORE_NULLS("slot", 35) + 1 + CASE "kind"
                WHEN 'cart_added'
                THEN 0
                WHEN 'checkout_started'
                THEN 36
                WHEN 'product_viewed'
                THEN 72
                WHEN 'purchase'
                THEN 108
              END
            ) - 1
          ) AS BIGINT),
          0
        ),
        CASE
          WHEN "kind" = 'purchase'
          AND COALESCE(
            CASE
              WHEN "x category" >= '!' AND "x category" < '\x7f'
              THEN "x category"
              ELSE CASE
                WHEN TRIM("x category", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE "x category"
              END
            END = 'refill',
            FALSE
          )
          THEN CAST(GET(
            ARRAY_CONSTRUCT(
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
            ),
            (
              LEAST_IGNORE_NULLS("slot", 35) + 1
            ) - 1
          ) AS BIGINT)
          ELSE 0
        END
      )
    )
  ) AS "b0",
  COUNT_IF(
    "kind" = 'product_viewed'
    AND (
      "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND "t" > CAST('2026-11-18 18:00:00.000000' AS TIMESTAMPNTZ)
    )
  ) AS "c0",
  COUNT_IF(
    "kind" = 'purchase'
    AND NOT CASE
      WHEN "x coupon" >= '!' AND "x coupon" < '\x7f'
      THEN "x coupon"
      ELSE CASE
        WHEN TRIM("x coupon", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x coupon"
      END
    END IS NULL
  ) AS "c1",
  COUNT_IF("kind" = 'purchase') AS "c2",
  COALESCE(SUM("v0"), CAST(0 AS DECIMAL(38, 18))) AS "s0",
  COALESCE(SUM("v1"), CAST(0 AS DECIMAL(38, 18))) AS "s1",
  COALESCE(SUM("v2"), CAST(0 AS DECIMAL(38, 18))) AS "s2",
  COUNT("v2") AS "s3",
  MAX(CASE WHEN "kind" = 'support_opened' THEN "t" END) AS "t0",
  MAX(CASE WHEN "kind" = 'support_resolved' THEN "t" END) AS "t1",
  MAX(CASE WHEN "kind" IN ('cart_added', 'checkout_started') THEN "t" END) AS "t2",
  MAX(CASE WHEN "kind" = 'purchase' THEN "t" END) AS "t3",
  MAX(CASE WHEN "kind" = 'cart_added' THEN "t" END) AS "t4"
FROM (
  SELECT
    *,
    CASE
      WHEN "kind" = 'cart_added'
      AND (
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ)
      )
      THEN "u0"
      ELSE NULL
    END AS "v0",
    CASE
      WHEN "kind" = 'purchase'
      AND (
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t" > CAST('2026-07-24 18:00:00.000000' AS TIMESTAMPNTZ)
      )
      THEN "u0"
      ELSE NULL
    END AS "v1",
    CASE WHEN "kind" = 'purchase' THEN "u0" ELSE NULL END AS "v2"
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
        "x category",
        "x coupon",
        (
          CAST((
            (
              DATE_PART(EPOCH_MICROSECOND, CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)) - DATE_PART(EPOCH_MICROSECOND, "t")
            ) - MOD(
              (
                DATE_PART(EPOCH_MICROSECOND, CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)) - DATE_PART(EPOCH_MICROSECOND, "t")
              ),
              86400000000
            )
          ) / 86400000000 AS BIGINT)
        ) AS "slot"
      FROM "happened"
      WHERE
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND (
          (
            "kind" IN ('cart_added', 'checkout_started')
            AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
          )
          OR (
            "kind" IN ('product_viewed', 'support_opened', 'support_resolved')
            AND "t" > CAST('2026-10-22 18:00:00.000000' AS TIMESTAMPNTZ)
          )
          OR "kind" = 'purchase'
        )
    ) AS "r"
  ) AS "r"
) AS "e"
GROUP BY
  "k";

DROP TABLE IF EXISTS "facts_merged";

CREATE TABLE "facts_merged" AS
SELECT
  "persons"."p" AS "k",
  CAST(SUM("f"."n") AS BIGINT) AS "n",
  BITOR_AGG("f"."b0") AS "b0",
  CAST(SUM("f"."c0") AS BIGINT) AS "c0",
  CAST(SUM("f"."c1") AS BIGINT) AS "c1",
  CAST(SUM("f"."c2") AS BIGINT) AS "c2",
  SUM("f"."s0") AS "s0",
  SUM("f"."s1") AS "s1",
  SUM("f"."s2") AS "s2",
  CAST(SUM("f"."s3") AS BIGINT) AS "s3",
  MAX("f"."t0") AS "t0",
  MAX("f"."t1") AS "t1",
  MAX("f"."t2") AS "t2",
  MAX("f"."t3") AS "t3",
  MAX("f"."t4") AS "t4"
FROM "persons"
JOIN "facts" AS "f"
  ON "persons"."k" = "f"."k"
GROUP BY
  "persons"."p";

DROP TABLE IF EXISTS "facts_tally_0";

CREATE TABLE "facts_tally_0" AS
SELECT
  "k",
  MAX("n0") AS "q0_0"
FROM (
  SELECT
    COALESCE("persons"."p", "e"."k") AS "k",
    CASE
      WHEN "x product_id" >= '!' AND "x product_id" < '\x7f'
      THEN "x product_id"
      ELSE CASE
        WHEN TRIM("x product_id", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x product_id"
      END
    END AS "v",
    COUNT_IF(
      "kind" = 'product_viewed'
      AND (
        "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
        AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
      )
    ) AS "n0"
  FROM (
    SELECT
      "k",
      "kind",
      "t",
      "x product_id"
    FROM "happened"
    WHERE
      "t" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND (
        "kind" = 'product_viewed'
        AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
      )
      AND "t" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ)
  ) AS "e"
  LEFT JOIN "persons"
    ON "persons"."k" = "e"."k"
  WHERE
    NOT CASE
      WHEN "x product_id" >= '!' AND "x product_id" < '\x7f'
      THEN "x product_id"
      ELSE CASE
        WHEN TRIM("x product_id", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x product_id"
      END
    END IS NULL
  GROUP BY
    1,
    2
) AS "v"
GROUP BY
  "k";

DROP TABLE IF EXISTS "facts_followed";

CREATE TABLE "facts_followed" AS
SELECT
  "f"."k" AS "k",
  BOOLOR_AGG(
    COALESCE(
      "e"."kind" = 'checkout_started'
      AND (
        DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t4")
      ) >= 0
      AND (
        DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t4")
      ) < 7200000000,
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
    AND (
      "kind" = 'checkout_started'
      AND "t" > CAST('2026-11-18 18:00:00.000000' AS TIMESTAMPNTZ)
    )
    AND "t" > CAST('2026-11-18 18:00:00.000000' AS TIMESTAMPNTZ)
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
    "t0",
    "t1",
    "t2",
    "t3",
    "t4"
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
    "t0",
    "t1",
    "t2",
    "t3",
    "t4"
  FROM "facts_merged"
) AS "f"
  ON "f"."k" = COALESCE("persons"."p", "e"."k")
WHERE
  (
    DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t4")
  ) >= 0
  AND (
    DATE_PART(EPOCH_MICROSECOND, "e"."t") - DATE_PART(EPOCH_MICROSECOND, "f"."t4")
  ) < 7200000000
GROUP BY
  "f"."k";

DROP TABLE IF EXISTS "facts_traits";

CREATE TABLE "facts_traits" AS
SELECT
  "persons"."p" AS "k",
  BOOLOR_AGG(COALESCE("customers"."x unsubscribed" = TRUE, FALSE)) AS "b0",
  BOOLOR_AGG(
    COALESCE(
      CASE
        WHEN "customers"."x support_case" >= '!' AND "customers"."x support_case" < '\x7f'
        THEN "customers"."x support_case"
        ELSE CASE
          WHEN TRIM("customers"."x support_case", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
          THEN NULL
          ELSE "customers"."x support_case"
        END
      END = 'open',
      FALSE
    )
  ) AS "b1",
  BOOLOR_AGG(
    COALESCE(
      CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x member_until" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) >= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      AND CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x member_until" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) < CAST('2026-12-21 18:00:00.000000' AS TIMESTAMPNTZ),
      FALSE
    )
  ) AS "b2",
  BOOLOR_AGG(
    COALESCE(
      ARRAY_CONTAINS(
        TO_VARIANT(TRUE),
        TRANSFORM(
          "customers"."x interests",
          "element" -> COALESCE(
            CASE
              WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
              THEN CAST("element" AS VARCHAR)
              ELSE CASE
                WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE CAST("element" AS VARCHAR)
              END
            END = 'camping'
            OR CASE
              WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
              THEN CAST("element" AS VARCHAR)
              ELSE CASE
                WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE CAST("element" AS VARCHAR)
              END
            END = 'hiking',
            FALSE
          )
        )
      ),
      FALSE
    )
  ) AS "b3",
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
      END = 'vip',
      FALSE
    )
  ) AS "b4",
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
  ) AS "b5",
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
  ) AS "b6"
FROM "persons"
JOIN "customers" AS "customers"
  ON "persons"."k" = "customers"."k"
GROUP BY
  "persons"."p";

CREATE TABLE "people" AS
SELECT
  "k",
  "p",
  "e0",
  "r0",
  CASE WHEN "k" = "p" THEN "n" ELSE 0 END AS "n",
  "b5" AND NOT "b6" AS "c",
  CAST((
    BITOR(
      (
        BITOR(
          (
            BITOR(
              (
                BITOR((
                  BITAND("m0", 2048)
                ), CASE WHEN "c0" >= 3 THEN 1 ELSE 0 END)
              ),
              (
                BITOR(
                  CASE
                    WHEN COALESCE(
                      "t2" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                      AND "t2" > CAST('2026-11-21 14:00:00.000000' AS TIMESTAMPNTZ),
                      FALSE
                    )
                    AND NOT COALESCE("t3" >= "t2", FALSE)
                    THEN 2
                    ELSE 0
                  END,
                  CASE
                    WHEN COALESCE(
                      "t2" <= CAST('2026-11-21 14:00:00.000000' AS TIMESTAMPNTZ)
                      AND "t2" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
                      FALSE
                    )
                    AND NOT COALESCE("t3" >= "t2", FALSE)
                    THEN 4
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
                    WHEN COALESCE(
                      "t2" <= CAST('2026-11-19 18:00:00.000000' AS TIMESTAMPNTZ)
                      AND "t2" > CAST('2026-11-14 18:00:00.000000' AS TIMESTAMPNTZ),
                      FALSE
                    )
                    AND NOT COALESCE("t3" >= "t2", FALSE)
                    THEN 8
                    ELSE 0
                  END,
                  CASE
                    WHEN COALESCE(
                      "t4" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                      AND "t4" > CAST('2026-11-18 18:00:00.000000' AS TIMESTAMPNTZ),
                      FALSE
                    )
                    AND NOT COALESCE("t3" >= "t4", FALSE)
                    AND "g0"
                    THEN 16
                    ELSE 0
                  END
                )
              ),
              (
                BITOR(
                  CASE WHEN "b2" THEN 32 ELSE 0 END,
                  (
                    BITOR(
                      CASE
                        WHEN "c1" >= 2
                        AND COALESCE(
                          "c2" <> 0
                          AND CAST("c1" AS DECIMAL(38, 18)) > CAST((
                            CAST('0.5' AS DECIMAL(1, 1)) * CAST("c2" AS DECIMAL(12, 0))
                          ) AS DECIMAL(38, 18)),
                          FALSE
                        )
                        THEN 64
                        ELSE 0
                      END,
                      CASE
                        WHEN (
                          BITAND("m1", 4)
                        ) <> 0 AND NOT (
                          BITAND("m1", 8)
                        ) <> 0
                        THEN 128
                        ELSE 0
                      END
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
                  CASE
                    WHEN COALESCE("s0" >= 150, FALSE)
                    AND (
                      COALESCE(
                        "t2" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                        AND "t2" > CAST('2026-11-20 18:00:00.000000' AS TIMESTAMPNTZ),
                        FALSE
                      )
                      AND NOT COALESCE("t3" >= "t2", FALSE)
                    )
                    THEN 256
                    ELSE 0
                  END,
                  CASE
                    WHEN COALESCE(
                      "t3" <= CAST('2026-11-07 18:00:00.000000' AS TIMESTAMPNTZ)
                      AND "t3" > CAST('2026-10-07 18:00:00.000000' AS TIMESTAMPNTZ),
                      FALSE
                    )
                    AND "c2" = 1
                    THEN 512
                    ELSE 0
                  END
                )
              ),
              (
                BITOR(
                  CASE WHEN "b3" AND (
                    BITAND("m1", 16)
                  ) <> 0 THEN 1024 ELSE 0 END,
                  (
                    BITOR(
                      CASE
                        WHEN (
                          BITAND("m1", 32)
                        ) <> 0 AND NOT (
                          BITAND("m1", 64)
                        ) <> 0
                        THEN 4096
                        ELSE 0
                      END,
                      CASE WHEN "q0_0" >= 2 THEN 8192 ELSE 0 END
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
                  CASE
                    WHEN (
                      COALESCE(
                        "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
                        AND "t0" > CAST('2026-10-22 18:00:00.000000' AS TIMESTAMPNTZ),
                        FALSE
                      )
                      AND NOT COALESCE("t1" >= "t0", FALSE)
                    )
                    OR "b1"
                    THEN 16384
                    ELSE 0
                  END,
                  CASE WHEN "b0" THEN 32768 ELSE 0 END
                )
              ),
              (
                BITOR(
                  CASE
                    WHEN "b4"
                    OR COALESCE("s1" >= 500, FALSE)
                    OR (
                      "c2" >= 2
                      AND COALESCE(
                        "s3" <> 0
                        AND CAST("s2" AS DECIMAL(38, 18)) >= CAST((
                          CAST('120' AS DECIMAL(3, 0)) * CAST("s3" AS DECIMAL(12, 0))
                        ) AS DECIMAL(38, 18)),
                        FALSE
                      )
                    )
                    THEN 65536
                    ELSE 0
                  END,
                  (
                    BITOR(
                      CASE
                        WHEN COALESCE(
                          "t3" <= CAST('2026-09-22 18:00:00.000000' AS TIMESTAMPNTZ)
                          AND "t3" > CAST('2026-07-24 18:00:00.000000' AS TIMESTAMPNTZ),
                          FALSE
                        )
                        AND "c2" >= 2
                        THEN 131072
                        ELSE 0
                      END,
                      CASE WHEN "u0" THEN 262144 ELSE 0 END
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
    BITOR(
      (
        BITOR(
          CASE WHEN (
            BITAND("m1", 1)
          ) <> 0 OR "in2" OR "in3" THEN 1 ELSE 0 END,
          CASE WHEN "in2" OR "in3" THEN 1310 ELSE 0 END
        )
      ),
      (
        BITOR(
          CASE WHEN "in2" THEN 201376 ELSE 0 END,
          CASE WHEN (
            BITAND("m1", 128)
          ) <> 0 OR "in2" OR "in3" THEN 8192 ELSE 0 END
        )
      )
    )
  ) AS BIGINT) AS "wn0",
  CAST(0 AS BIGINT) AS "aq0",
  CAST(0 AS BIGINT) AS "an0"
FROM (
  SELECT
    *,
    "in0" OR "in1" AS "in2"
  FROM (
    SELECT
      *,
      "b0" AS "in0",
      (
        COALESCE(
          "t0" <= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
          AND "t0" > CAST('2026-10-22 18:00:00.000000' AS TIMESTAMPNTZ),
          FALSE
        )
        AND NOT COALESCE("t1" >= "t0", FALSE)
      )
      OR "b1" AS "in1",
      (
        BITAND("m1", 2)
      ) <> 0 AS "in3"
    FROM (
      SELECT
        "customers"."k",
        COALESCE("persons"."p", "customers"."k") AS "p",
        "customers"."e0" AS "e0",
        "customers"."r0" AS "r0",
        COALESCE("f"."n", 0) AS "n",
        COALESCE("f"."c0", 0) AS "c0",
        COALESCE("f"."c1", 0) AS "c1",
        COALESCE("f"."c2", 0) AS "c2",
        COALESCE("f"."s0", 0) AS "s0",
        COALESCE("f"."s1", 0) AS "s1",
        COALESCE("f"."s2", 0) AS "s2",
        COALESCE("f"."s3", 0) AS "s3",
        "f"."t0",
        "f"."t1",
        "f"."t2",
        "f"."t3",
        "f"."t4",
        (
          (
            BITAND(COALESCE("f"."b0", 0), 1)
          ) * 2048
        ) AS "m0",
        (
          CAST((
            (
              BITAND(COALESCE("f"."b0", 0), 510)
            ) - MOD((
              BITAND(COALESCE("f"."b0", 0), 510)
            ), 2)
          ) / 2 AS BIGINT)
        ) AS "m1",
        COALESCE("facts_tally_0"."q0_0", 0) AS "q0_0",
        COALESCE("g"."g0", FALSE) AS "g0",
        COALESCE("m"."b0", COALESCE("customers"."x unsubscribed" = TRUE, FALSE)) AS "b0",
        COALESCE(
          "m"."b1",
          COALESCE(
            CASE
              WHEN "customers"."x support_case" >= '!' AND "customers"."x support_case" < '\x7f'
              THEN "customers"."x support_case"
              ELSE CASE
                WHEN TRIM("customers"."x support_case", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE "customers"."x support_case"
              END
            END = 'open',
            FALSE
          )
        ) AS "b1",
        COALESCE(
          "m"."b2",
          COALESCE(
            CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x member_until" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) >= CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
            AND CAST(CONVERT_TIMEZONE('UTC', CAST("customers"."x member_until" AS TIMESTAMPTZ)) AS TIMESTAMPNTZ) < CAST('2026-12-21 18:00:00.000000' AS TIMESTAMPNTZ),
            FALSE
          )
        ) AS "b2",
        COALESCE(
          "m"."b3",
          COALESCE(
            ARRAY_CONTAINS(
              TO_VARIANT(TRUE),
              TRANSFORM(
                "customers"."x interests",
                "element" -> COALESCE(
                  CASE
                    WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                    THEN CAST("element" AS VARCHAR)
                    ELSE CASE
                      WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                      THEN NULL
                      ELSE CAST("element" AS VARCHAR)
                    END
                  END = 'camping'
                  OR CASE
                    WHEN CAST("element" AS VARCHAR) >= '!' AND CAST("element" AS VARCHAR) < '\x7f'
                    THEN CAST("element" AS VARCHAR)
                    ELSE CASE
                      WHEN TRIM(CAST("element" AS VARCHAR), ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                      THEN NULL
                      ELSE CAST("element" AS VARCHAR)
                    END
                  END = 'hiking',
                  FALSE
                )
              )
            ),
            FALSE
          )
        ) AS "b3",
        COALESCE(
          "m"."b4",
          COALESCE(
            CASE
              WHEN "customers"."x tier" >= '!' AND "customers"."x tier" < '\x7f'
              THEN "customers"."x tier"
              ELSE CASE
                WHEN TRIM("customers"."x tier", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
                THEN NULL
                ELSE "customers"."x tier"
              END
            END = 'vip',
            FALSE
          )
        ) AS "b4",
        COALESCE(
          "m"."b5",
          COALESCE(
            CASE
              WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
              THEN TRUE
              WHEN LOWER(CAST("customers"."x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
              THEN FALSE
            END,
            FALSE
          )
        ) AS "b5",
        COALESCE(
          "m"."b6",
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
        ) AS "b6",
        SUBSTRING(
          SHA2_HEX(CONCAT('winback:', CAST(COALESCE("persons"."p", "customers"."k") AS VARCHAR)), 256),
          1,
          8
        ) < '0ccccccd' AS "u0"
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
          "t0",
          "t1",
          "t2",
          "t3",
          "t4"
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
          "t0",
          "t1",
          "t2",
          "t3",
          "t4"
        FROM "facts_merged"
      ) AS "f"
        ON "f"."k" = COALESCE("persons"."p", "customers"."k")
      LEFT JOIN "facts_tally_0"
        ON "facts_tally_0"."k" = COALESCE("persons"."p", "customers"."k")
      LEFT JOIN "facts_followed" AS "g"
        ON "g"."k" = COALESCE("persons"."p", "customers"."k")
      LEFT JOIN "facts_traits" AS "m"
        ON "m"."k" = "persons"."p"
    ) AS "l"
  ) AS "l"
) AS "p";

SELECT
  "r",
  COUNT(*)
FROM (
  SELECT
    "r0" AS "r"
  FROM "people"
) AS "a"
GROUP BY
  "r";

SELECT
  "kind",
  COUNT(*),
  COUNT_IF("t" > CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)),
  MAX(
    CASE
      WHEN "t" BETWEEN CAST('0001-01-01 00:00:00.000000' AS TIMESTAMPNTZ) AND CAST('2026-11-21 18:00:00.000000' AS TIMESTAMPNTZ)
      THEN "t"
    END
  )
FROM "events"
GROUP BY
  "kind";

SELECT
  SUM("n")
FROM "facts";

SELECT
  SUM("n")
FROM "people";

SELECT
  COUNT_IF(
    NOT CASE
      WHEN "x marketing_consent" >= '!' AND "x marketing_consent" < '\x7f'
      THEN "x marketing_consent"
      ELSE CASE
        WHEN TRIM("x marketing_consent", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x marketing_consent"
      END
    END IS NULL
    AND CASE
      WHEN LOWER(CAST("x marketing_consent" AS VARCHAR)) IN ('true', 't', 'yes', 'y', '1')
      THEN TRUE
      WHEN LOWER(CAST("x marketing_consent" AS VARCHAR)) IN ('false', 'f', 'no', 'n', '0')
      THEN FALSE
    END IS NULL
  )
FROM "customers";

SELECT
  COUNT_IF(
    CASE
      WHEN "x marketing_consent" >= '!' AND "x marketing_consent" < '\x7f'
      THEN "x marketing_consent"
      ELSE CASE
        WHEN TRIM("x marketing_consent", ' \t\n\r\x0b\f\x1c\x1d\x1e\x1f                 　') = ''
        THEN NULL
        ELSE "x marketing_consent"
      END
    END IS NULL
  )
FROM "customers";

CREATE TABLE "ledger" AS
SELECT
  CAST('' AS VARBINARY) AS "h",
  CAST(0 AS SMALLINT) AS "i",
  CAST(0 AS BIGINT) AS "i0"
WHERE
  FALSE;

CREATE TABLE "doubts" AS
SELECT
  "h",
  "i",
  BITOR_AGG("d0") AS "d0"
FROM (
  SELECT
    CAST('' AS VARBINARY) AS "h",
    CAST(0 AS SMALLINT) AS "i",
    CAST(0 AS BIGINT) AS "d0"
  WHERE
    FALSE
) AS "u"
GROUP BY
  "h",
  "i";

CREATE TABLE "shared" AS
SELECT
  HASH("e") AS "x"
FROM (
  SELECT
    "e0" AS "e",
    CAST(0 AS SMALLINT) AS "i",
    "wq0" AS "wq0",
    (
      BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
    ) AS "wd0",
    "aq0" AS "aq0",
    (
      BITOR("an0", 0)
    ) AS "ad0"
  FROM "people"
  WHERE
    NOT "e0" IS NULL
    AND (
      "wq0" <> 0
      OR (
        BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
      ) <> 0
      OR "aq0" <> 0
      OR (
        BITOR("an0", 0)
      ) <> 0
    )
) AS "a"
GROUP BY
  HASH("e")
HAVING
  COUNT(*) > 1;

CREATE TABLE "members" AS
SELECT
  SHA2_BINARY("e", 256) AS "h",
  "i",
  HASH("e") AS "x",
  (
    BITAND("wq0", BITNOT((
      "wd0"
    )))
  ) AS "w0",
  (
    BITAND("aq0", BITNOT((
      "ad0"
    )))
  ) AS "a0"
FROM (
  SELECT
    "e0" AS "e",
    CAST(0 AS SMALLINT) AS "i",
    "wq0" AS "wq0",
    (
      BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
    ) AS "wd0",
    "aq0" AS "aq0",
    (
      BITOR("an0", 0)
    ) AS "ad0"
  FROM "people"
  WHERE
    NOT "e0" IS NULL
    AND (
      "wq0" <> 0
      OR (
        BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
      ) <> 0
      OR "aq0" <> 0
      OR (
        BITOR("an0", 0)
      ) <> 0
    )
) AS "c"
WHERE
  NOT HASH("e") IN (
    SELECT
      "x"
    FROM "shared"
  )
  AND (
    (
      BITAND("wq0", BITNOT((
        "wd0"
      )))
    ) <> 0
    OR (
      BITAND("aq0", BITNOT((
        "ad0"
      )))
    ) <> 0
  )
UNION ALL
SELECT
  "h",
  "i",
  "x",
  (
    BITAND(
      "w0",
      BITNOT(
        (
          (
            BITOR(
              CASE WHEN (
                BITAND("w0", 2)
              ) <> 0 THEN 12 ELSE 0 END,
              CASE WHEN (
                BITAND("w0", 4)
              ) <> 0 THEN 8 ELSE 0 END
            )
          )
        )
      )
    )
  ) AS "w0",
  (
    BITAND(
      "a0",
      BITNOT(
        (
          (
            BITOR(
              CASE WHEN (
                BITAND("a0", 2)
              ) <> 0 THEN 12 ELSE 0 END,
              CASE WHEN (
                BITAND("a0", 4)
              ) <> 0 THEN 8 ELSE 0 END
            )
          )
        )
      )
    )
  ) AS "a0"
FROM (
  SELECT
    SHA2_BINARY("e", 256) AS "h",
    "i",
    HASH("e") AS "x",
    (
      BITAND("wq0", BITNOT((
        "wd0"
      )))
    ) AS "w0",
    (
      BITAND("aq0", BITNOT((
        "ad0"
      )))
    ) AS "a0"
  FROM (
    SELECT
      "e",
      "i",
      BITOR_AGG("wq0") AS "wq0",
      BITOR_AGG("wd0") AS "wd0",
      BITOR_AGG("aq0") AS "aq0",
      BITOR_AGG("ad0") AS "ad0"
    FROM (
      SELECT
        "e0" AS "e",
        CAST(0 AS SMALLINT) AS "i",
        "wq0" AS "wq0",
        (
          BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
        ) AS "wd0",
        "aq0" AS "aq0",
        (
          BITOR("an0", 0)
        ) AS "ad0"
      FROM "people"
      WHERE
        NOT "e0" IS NULL
        AND (
          "wq0" <> 0
          OR (
            BITOR("wn0", CASE WHEN NOT "c" THEN 212991 ELSE 0 END)
          ) <> 0
          OR "aq0" <> 0
          OR (
            BITOR("an0", 0)
          ) <> 0
        )
    ) AS "b"
    WHERE
      HASH("e") IN (
        SELECT
          "x"
        FROM "shared"
      )
    GROUP BY
      "e",
      "i"
  ) AS "c"
  WHERE
    TRUE
    AND (
      (
        BITAND("wq0", BITNOT((
          "wd0"
        )))
      ) <> 0
      OR (
        BITAND("aq0", BITNOT((
          "ad0"
        )))
      ) <> 0
    )
) AS "y";

CREATE TABLE "joined" AS
SELECT
  *
FROM (
  SELECT
    COALESCE("m"."h", "l"."h", "x"."h") AS "h",
    COALESCE("m"."i", "l"."i", "x"."i") AS "i",
    (
      BITAND(COALESCE("l"."i0", 0), 524287)
    ) AS "i0",
    COALESCE("m"."w0", 0) AS "w0",
    (
      BITOR(0, COALESCE("m"."a0", 0))
    ) AS "a0",
    (
      BITAND(COALESCE("x"."d0", 0), 524287)
    ) AS "d0"
  FROM "members" AS "m"
  FULL JOIN "ledger" AS "l"
    ON "m"."h" = "l"."h" AND "m"."i" = "l"."i"
  FULL JOIN "doubts" AS "x"
    ON COALESCE("m"."h", "l"."h") = "x"."h" AND COALESCE("m"."i", "l"."i") = "x"."i"
) AS "j"
WHERE
  (
    "i0" <> "w0" OR "i0" <> "a0"
  ) OR "d0" <> 0;

SELECT
  COUNT(*),
  COUNT_IF((
    BITAND("i0", BITNOT((
      "w0"
    )))
  ) <> 0)
FROM "joined";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    "i0" AS "w",
    COUNT(*) AS "n"
  FROM "ledger"
  GROUP BY
    "i0"
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    "w0" AS "w",
    COUNT(*) AS "n"
  FROM "members"
  GROUP BY
    "w0"
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND((
        BITAND("w0", BITNOT((
          "i0"
        )))
      ), 9223372036854562848)
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND((
        BITAND("w0", BITNOT((
          "i0"
        )))
      ), 9223372036854562848)
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND((
        BITAND((
          BITAND("w0", "i0")
        ), "d0")
      ), 9223372036854562848)
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND((
        BITAND((
          BITAND("w0", "i0")
        ), "d0")
      ), 9223372036854562848)
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND(
        (
          BITAND((
            BITAND("d0", BITNOT((
              "w0"
            )))
          ), BITNOT((
            "i0"
          )))
        ),
        9223372036854562848
      )
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND(
        (
          BITAND((
            BITAND("d0", BITNOT((
              "w0"
            )))
          ), BITNOT((
            "i0"
          )))
        ),
        9223372036854562848
      )
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND("w0", BITNOT((
        "a0"
      )))
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND("w0", BITNOT((
        "a0"
      )))
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND("a0", BITNOT((
        "w0"
      )))
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND("a0", BITNOT((
        "w0"
      )))
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND("a0", BITNOT((
        "i0"
      )))
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND("a0", BITNOT((
        "i0"
      )))
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND("i0", BITNOT((
        "a0"
      )))
    ) AS "w",
    COUNT(*) AS "n"
  FROM "joined"
  GROUP BY
    (
      BITAND("i0", BITNOT((
        "a0"
      )))
    )
) AS "g";

CREATE TABLE "persons_merged" AS
SELECT
  BOOLOR_AGG("c") AS "c",
  BOOLOR_AGG("reached") AS "reached",
  BOOLOR_AGG("tried") AS "tried",
  MAX("wq0") AS "wq0",
  MAX("wn0") AS "wn0"
FROM (
  SELECT
    "k",
    "p",
    "c",
    "wq0",
    "wn0",
    NOT "e0" IS NULL AS "reached",
    COALESCE("r0" <> 'blank', FALSE) AS "tried"
  FROM "people"
) AS "r"
WHERE
  "k" IN (
    SELECT
      "k"
    FROM "persons"
  )
GROUP BY
  "p";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND("wq0", "wn0")
    ) AS "w",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM (
      SELECT
        "k",
        "p",
        "c",
        "wq0",
        "wn0",
        NOT "e0" IS NULL AS "reached",
        COALESCE("r0" <> 'blank', FALSE) AS "tried"
      FROM "people"
    ) AS "r"
    WHERE
      NOT "k" IN (
        SELECT
          "k"
        FROM "persons"
      )
    UNION ALL
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM "persons_merged"
  ) AS "p"
  GROUP BY
    (
      BITAND("wq0", "wn0")
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    CASE
      WHEN "c"
      THEN 0
      ELSE (
        BITAND((
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ), 212991)
      )
    END AS "w",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM (
      SELECT
        "k",
        "p",
        "c",
        "wq0",
        "wn0",
        NOT "e0" IS NULL AS "reached",
        COALESCE("r0" <> 'blank', FALSE) AS "tried"
      FROM "people"
    ) AS "r"
    WHERE
      NOT "k" IN (
        SELECT
          "k"
        FROM "persons"
      )
    UNION ALL
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM "persons_merged"
  ) AS "p"
  GROUP BY
    CASE
      WHEN "c"
      THEN 0
      ELSE (
        BITAND((
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ), 212991)
      )
    END
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND(
        (
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ),
        BITNOT(
          (
            CASE
              WHEN "c"
              THEN 0
              ELSE (
                BITAND((
                  BITAND("wq0", BITNOT((
                    "wn0"
                  )))
                ), 212991)
              )
            END
          )
        )
      )
    ) AS "w",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM (
      SELECT
        "k",
        "p",
        "c",
        "wq0",
        "wn0",
        NOT "e0" IS NULL AS "reached",
        COALESCE("r0" <> 'blank', FALSE) AS "tried"
      FROM "people"
    ) AS "r"
    WHERE
      NOT "k" IN (
        SELECT
          "k"
        FROM "persons"
      )
    UNION ALL
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM "persons_merged"
  ) AS "p"
  WHERE
    NOT "reached" AND NOT "tried"
  GROUP BY
    (
      BITAND(
        (
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ),
        BITNOT(
          (
            CASE
              WHEN "c"
              THEN 0
              ELSE (
                BITAND((
                  BITAND("wq0", BITNOT((
                    "wn0"
                  )))
                ), 212991)
              )
            END
          )
        )
      )
    )
) AS "g";

SELECT
  SUM(CASE WHEN (
    BITAND("w", 1)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 64)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 128)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 256)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 512)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 1024)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 2048)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 4096)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 8192)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 16384)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 32768)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 65536)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 131072)
  ) <> 0 THEN "n" END),
  SUM(CASE WHEN (
    BITAND("w", 262144)
  ) <> 0 THEN "n" END)
FROM (
  SELECT
    (
      BITAND(
        (
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ),
        BITNOT(
          (
            CASE
              WHEN "c"
              THEN 0
              ELSE (
                BITAND((
                  BITAND("wq0", BITNOT((
                    "wn0"
                  )))
                ), 212991)
              )
            END
          )
        )
      )
    ) AS "w",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM (
      SELECT
        "k",
        "p",
        "c",
        "wq0",
        "wn0",
        NOT "e0" IS NULL AS "reached",
        COALESCE("r0" <> 'blank', FALSE) AS "tried"
      FROM "people"
    ) AS "r"
    WHERE
      NOT "k" IN (
        SELECT
          "k"
        FROM "persons"
      )
    UNION ALL
    SELECT
      "c",
      "reached",
      "tried",
      "wq0",
      "wn0"
    FROM "persons_merged"
  ) AS "p"
  WHERE
    NOT "reached" AND "tried"
  GROUP BY
    (
      BITAND(
        (
          BITAND("wq0", BITNOT((
            "wn0"
          )))
        ),
        BITNOT(
          (
            CASE
              WHEN "c"
              THEN 0
              ELSE (
                BITAND((
                  BITAND("wq0", BITNOT((
                    "wn0"
                  )))
                ), 212991)
              )
            END
          )
        )
      )
    )
) AS "g";

DROP TABLE IF EXISTS "moves";

CREATE TABLE "moves" AS
SELECT
  *
FROM (
  SELECT
    "joined"."h",
    "joined"."i",
    (
      BITAND(
        (
          BITOR(
            (
              BITAND((
                BITAND("w0", BITNOT((
                  "i0"
                )))
              ), 9223372036854562848)
            ),
            (
              BITAND((
                BITAND((
                  BITAND("w0", "i0")
                ), "d0")
              ), 9223372036854562848)
            )
          )
        ),
        524287
      )
    ) AS "add0",
    (
      BITAND(
        (
          BITAND(
            (
              BITAND((
                BITAND("d0", BITNOT((
                  "w0"
                )))
              ), BITNOT((
                "i0"
              )))
            ),
            9223372036854562848
          )
        ),
        524287
      )
    ) AS "rem0"
  FROM "joined"
) AS "m"
WHERE
  "add0" <> 0 OR "rem0" <> 0;

SELECT DISTINCT
  "i"
FROM "moves";

SELECT
  "h",
  "i",
  "add0" AS "add_0",
  "rem0" AS "rem_0"
FROM "moves";

SELECT
  COUNT(*)
FROM "moves";

SELECT
  *
FROM (
  SELECT
    COALESCE("l"."h", "m"."h") AS "h",
    COALESCE("l"."i", "m"."i") AS "i",
    (
      BITAND(
        (
          BITOR(
            (
              BITAND(COALESCE("l"."i0", 0), 524287)
            ),
            (
              BITAND(COALESCE("m"."add0", 0), 524287)
            )
          )
        ),
        BITNOT((
          (
            BITAND(COALESCE("m"."rem0", 0), 524287)
          )
        ))
      )
    ) AS "in_0"
  FROM "ledger" AS "l"
  FULL JOIN "moves" AS "m"
    ON "m"."h" = "l"."h" AND "m"."i" = "l"."i"
) AS "w"
WHERE
  "in_0" <> 0;

