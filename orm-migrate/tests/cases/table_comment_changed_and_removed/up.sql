-- change column "id" of "b": comment
-- lock: SHARE UPDATE EXCLUSIVE on "b"
COMMENT ON COLUMN "public"."b"."id" IS NULL;

-- change the comment on "b"
-- lock: SHARE UPDATE EXCLUSIVE on "b"
COMMENT ON TABLE "public"."b" IS NULL;

-- change the comment on "user"
-- lock: SHARE UPDATE EXCLUSIVE on "user"
COMMENT ON TABLE "public"."user" IS 'new';
