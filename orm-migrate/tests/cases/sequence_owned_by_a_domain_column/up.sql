-- create sequence "public"."t_id_seq"
CREATE SEQUENCE "public"."t_id_seq" AS bigint;

-- create sequence "public"."u_id_seq"
CREATE SEQUENCE "public"."u_id_seq" AS bigint;

-- create table "t" (1 columns)
CREATE TABLE "public"."t" (
    "id" public.uint DEFAULT nextval('public.t_id_seq'::regclass) NOT NULL,
    CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);

-- change column "id" of "u": set default nextval('public.u_id_seq'::regclass)
-- lock: ACCESS EXCLUSIVE on "u"
ALTER TABLE "public"."u" ALTER COLUMN "id" SET DEFAULT nextval('public.u_id_seq'::regclass);

-- sequence "public"."t_id_seq" belongs to a column of "public"."t"
ALTER SEQUENCE "public"."t_id_seq" OWNED BY "public"."t"."id";

-- sequence "public"."u_id_seq" belongs to a column of "public"."u"
ALTER SEQUENCE "public"."u_id_seq" OWNED BY "public"."u"."id";
