CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
