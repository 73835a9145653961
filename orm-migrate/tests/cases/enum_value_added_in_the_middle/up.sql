-- change enum "public"."mood"
ALTER TYPE "public"."mood" ADD VALUE 'meh' AFTER 'sad';
