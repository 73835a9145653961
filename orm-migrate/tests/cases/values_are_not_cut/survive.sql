SELECT number::text, document::text, feels::text, said::text, bits::text, numbers::text, list::text, again, agains, higher, made, mades::text, pair::text, pairs::text FROM t
