SELECT u.id, u.email, u.age, post.id AS post FROM "user" AS u LEFT JOIN post ON post.author = u.id ORDER BY 1
