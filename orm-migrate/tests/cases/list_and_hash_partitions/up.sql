-- create table "h" (1 columns)
CREATE TABLE "public"."h" (
    "k" integer
) PARTITION BY HASH (k);

-- create table "l" (1 columns)
CREATE TABLE "public"."l" (
    "k" text
) PARTITION BY LIST (k);

-- create table "h_0" (1 columns)
CREATE TABLE "public"."h_0" PARTITION OF "public"."h" FOR VALUES WITH (modulus 2, remainder 0);

-- create table "h_1" (1 columns)
CREATE TABLE "public"."h_1" PARTITION OF "public"."h" FOR VALUES WITH (modulus 2, remainder 1);

-- create table "l_ab" (1 columns)
CREATE TABLE "public"."l_ab" PARTITION OF "public"."l" FOR VALUES IN ('a', 'b', NULL);
