//! pgvector: values by each way, distances, functions, and indexes that are used.

use crate::support::{differences, with_extension};
use futures_util::TryStreamExt as _;
use orm::ErrorKind;
use orm::func;
use orm::func::pgvector::{binary_quantize, l2_norm, l2_normalize, subvector, vector_dims};
use orm::prelude::*;
use orm::types::{Bits, HalfVector, SparseVector, Vector};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "document",
    has_many(passages: Passage),
    index(embedding ops "vector_cosine_ops", method = hnsw, with(m = 8, ef_construction = 32)),
    index(half ops "halfvec_l2_ops", method = hnsw),
    index("by_bits", bits ops "bit_hamming_ops", method = hnsw),
    index("by_list", embedding ops "vector_l2_ops", method = ivfflat, with(lists = 1)),
)]
struct Document {
    #[column(primary_key)]
    id: i64,
    #[column(data_type = "vector(3)")]
    embedding: Vector,
    #[column(data_type = "halfvec(3)")]
    half: Option<HalfVector>,
    #[column(data_type = "sparsevec(5)")]
    sparse: Option<SparseVector>,
    any: Option<Vector>,
    many: Vec<Vector>,
    #[column(data_type = "vector(2)[]")]
    pairs: Vec<Option<Vector>>,
    #[column(data_type = "bit(3)")]
    bits: Bits,
    loose: Option<Bits>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "passage")]
struct Passage {
    #[column(primary_key)]
    id: i64,
    #[column(references = Document::id)]
    document_id: i64,
}

async fn database() -> Option<(TestDatabase, Db)> {
    let (database, db) = with_extension("vector").await?;
    database.create(&[Document::TABLE, Passage::TABLE]).await;
    Some((database, db))
}

fn document(id: i64, embedding: [f32; 3]) -> Document {
    Document {
        id,
        embedding: Vector::from(embedding),
        half: Some(HalfVector::rounded(embedding)),
        sparse: SparseVector::new(5, [(4, embedding[0]), (0, embedding[1])]).ok(),
        any: None,
        many: vec![],
        pairs: vec![],
        bits: embedding.iter().map(|number| *number > 0.0).collect(),
        loose: "1100".parse().ok(),
    }
}

fn full() -> Document {
    Document {
        any: Some(Vector::from([f32::MIN_POSITIVE, -0.0])),
        many: vec![Vector::from([1.0]), Vector::from([f32::MAX, f32::MIN])],
        pairs: vec![Some(Vector::from([0.1, -1e-45])), None],
        ..document(1, [1.0, 0.25, -3.5])
    }
}

async fn insert(db: &Db, documents: Vec<Document>) {
    orm::Insert::values(documents).execute(db).await.unwrap();
}

#[tokio::test]
async fn vectors_come_back_as_they_went() {
    let Some((_database, db)) = database().await else { return };
    let one = full();
    insert(&db, vec![one.clone()]).await;
    // Several rows are sent as arrays, or a row at a time where they have arrays.
    insert(&db, vec![document(2, [0.0, 1.0, 0.0]), document(3, [1.0, 1.0, 1.0])]).await;
    assert_eq!(Document::query().find(1).one(&db).await.unwrap(), one);
    let text: String = db
        .query_one("SELECT (embedding, half, sparse, \"any\", many, pairs)::text FROM document WHERE id = 1", &[])
        .await
        .unwrap();
    assert_eq!(
        text,
        r#"("[1,0.25,-3.5]","[1,0.25,-3.5]","{1:0.25,5:1}/5","[1.1754944e-38,-0]","{[1],""[3.4028235e+38,-3.4028235e+38]""}","{""[0.1,-1e-45]"",NULL}")"#
    );

    // Within a record, and within an array of them.
    Passage::insert().id(1).document_id(1).execute(&db).await.unwrap();
    let passage = Passage::query().with(Passage::document).one(&db).await.unwrap();
    assert_eq!(passage.document, one);

    // As a parameter.
    let same = Document::query()
        .filter(Document::embedding.eq(one.embedding.clone()))
        .filter(Document::half.eq(one.half.clone().unwrap()))
        .filter(Document::sparse.eq(one.sparse.clone().unwrap()))
        .filter(Document::any.is_not_distinct_from(one.any.clone()))
        .filter(Document::many.eq(one.many.clone()))
        .filter(Document::embedding.is_in([Vector::from([0.0; 3]), one.embedding.clone()]));
    assert_eq!(same.count(&db).await.unwrap(), 1);

    // COPY in and out.
    let copied: Vec<Document> = vec![Document { id: 4, ..one.clone() }, document(5, [7.0; 3])];
    orm::copy_in::<Document>(&db, copied.clone()).await.unwrap();
    let read = Document::query().filter(Document::id.ge(4)).order_by(Document::id.asc());
    assert_eq!(read.all(&db).await.unwrap(), copied);
    let out: Vec<Document> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(out.len(), 5);
    assert_eq!(out[3..], copied);
}

#[tokio::test]
async fn a_vector_of_other_dimensions_is_not_sent() {
    let Some((_database, db)) = database().await else { return };
    let wrong = Document { embedding: Vector::from([1.0, 2.0]), ..full() };
    let error = orm::Insert::values([wrong.clone()]).execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert!(
        error.to_string().contains(
            r#"column "document"."embedding" (vector(3)): a vector of 2 dimensions for a vector(3), which has 3"#
        ),
        "{error}"
    );
    let error = orm::Insert::values([wrong.clone(), full()]).execute(&db).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("\"embedding\"") && text.contains("a vector(3), which has 3"), "{text}");
    let error = orm::copy_in::<Document>(&db, [wrong]).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("\"embedding\"") && text.contains("a vector(3), which has 3"), "{text}");
    let distance = Document::embedding.l2_distance(Vector::from([1.0]));
    let error = Document::query().select(distance).all(&db).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("\"embedding\"") && text.contains("a vector(3), which has 3"), "{text}");
    assert_eq!(Document::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn distances_are_selected_filtered_by_and_sorted_by() {
    let Some((_database, db)) = database().await else { return };
    insert(&db, vec![document(1, [3.0, 4.0, 0.0]), document(2, [1.0, 0.0, 0.0])]).await;
    let zero = || Vector::from([0.0; 3]);
    let x = || Vector::from([2.0, 0.0, 0.0]);
    let query = Document::query()
        .filter(Document::embedding.l2_distance(zero()).lt(10.0))
        .order_by(Document::embedding.cosine_distance(x()).asc())
        .select((
            Document::id,
            Document::embedding.l2_distance(zero()),
            Document::embedding.negative_inner_product(x()),
            Document::embedding.cosine_distance(x()),
            Document::embedding.l1_distance(zero()),
        ));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], (2, 1.0, -2.0, 0.0, 1.0));
    let (id, l2, inner, cosine, l1) = rows[1];
    assert_eq!((id, l2, inner, l1), (1, 5.0, -6.0, 7.0));
    assert!((cosine - 0.4).abs() < 1e-9, "{cosine}");

    // NULL where one of them is; of halves, of sparse vectors, of two columns.
    let half = HalfVector::rounded([3.0, 0.0, 0.0]);
    let sparse = SparseVector::new(5, [(4, 3.0)]).unwrap();
    let rows: Vec<(Option<f64>, Option<f64>, f64)> = Document::query()
        .order_by(Document::id.asc())
        .select((
            Document::half.l2_distance(half),
            Document::sparse.l1_distance(sparse),
            Document::embedding.l2_distance(Document::embedding),
        ))
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows[0], (Some(4.0), Some(4.0), 0.0));
    let bits = || "111".parse::<Bits>().unwrap();
    let rows = Document::query().order_by(Document::bits.hamming_distance(bits()).asc()).select((
        Document::id,
        Document::bits.hamming_distance(bits()),
        Document::bits.jaccard_distance(bits()),
        Document::loose.hamming_distance("1010".parse::<Bits>().unwrap()),
        binary_quantize(Document::embedding).hamming_distance(Document::bits),
    ));
    let (near, far) = (1.0 - 2.0 / 3.0, 1.0 - 1.0 / 3.0);
    assert_eq!(
        rows.all(&db).await.unwrap(),
        [(1, 1.0, near, Some(2.0), 0.0), (2, 2.0, far, Some(2.0), 0.0)]
    );
    let prepared = orm::prepare(|near: orm::Placeholder<Vector>| {
        Document::query()
            .order_by(Document::embedding.l2_distance(near).asc())
            .limit(1)
            .select(Document::id)
    });
    assert_eq!(prepared.first(&db, x()).await.unwrap(), Some(2));
}

#[tokio::test]
async fn functions_and_operators_of_vectors() {
    let Some((_database, db)) = database().await else { return };
    insert(&db, vec![document(1, [3.0, 4.0, 0.0]), document(2, [1.0, 0.0, 2.0])]).await;
    let first = Document::query().filter(Document::id.eq(1));
    let numbers = first.clone().select((
        vector_dims(Document::embedding),
        l2_norm(Document::embedding),
        l2_norm(Document::half),
        l2_norm(Document::sparse),
        l2_norm(Vector::from([0.0, 2.0])),
        l2_norm(HalfVector::rounded([2.0])),
        l2_norm(SparseVector::from_dense(&[0.0, 3.0])),
        vector_dims(None::<Vector>),
    ));
    assert_eq!(
        numbers.one(&db).await.unwrap(),
        (3, 5.0, Some(5.0), Some(5.0), 2.0, 2.0, 3.0, None)
    );
    let half = HalfVector::rounded([1.0, 1.0, 1.0]);
    let vectors = first.select((
        l2_normalize(Vector::from([0.0, 2.0])),
        subvector(Document::embedding, 2, 2),
        Document::embedding + Vector::from([1.0, 1.0, 1.0]),
        Document::embedding - Document::embedding,
        Document::half * half,
        Document::embedding.concat(Vector::from([9.0])),
        Document::embedding.cast::<HalfVector>(),
        Document::embedding.cast::<Vec<f32>>(),
    ));
    assert_eq!(
        vectors.one(&db).await.unwrap(),
        (
            Vector::from([0.0, 1.0]),
            Vector::from([4.0, 0.0]),
            Vector::from([4.0, 5.0, 1.0]),
            Vector::from([0.0; 3]),
            Some(HalfVector::rounded([3.0, 4.0, 0.0])),
            Vector::from([3.0, 4.0, 0.0, 9.0]),
            HalfVector::rounded([3.0, 4.0, 0.0]),
            vec![3.0, 4.0, 0.0],
        )
    );
    let sums = Document::query().select((
        func::avg(Document::embedding),
        func::sum(Document::embedding),
        func::sum(Document::half),
    ));
    assert_eq!(
        sums.one(&db).await.unwrap(),
        (
            Some(Vector::from([2.0, 2.0, 1.0])),
            Some(Vector::from([4.0, 4.0, 2.0])),
            Some(HalfVector::rounded([4.0, 4.0, 2.0])),
        )
    );
}

#[tokio::test]
async fn the_nearest_rows_are_found_by_the_index() {
    let Some((database, db)) = database().await else { return };
    database
        .execute(
            "INSERT INTO document (id, embedding, many, pairs, bits)
             SELECT i, ARRAY[cos(i), sin(i), i / 3000.0]::vector, '{}', '{}', (i % 8)::bit(3) FROM generate_series(1, 3000) AS i;
             ANALYZE document",
        )
        .await;
    let nearest = Document::query()
        .order_by(Document::embedding.cosine_distance(Vector::from([1.0, 0.0, 0.5])).asc())
        .limit(5)
        .select(Document::id);
    let plan = nearest.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("Index Scan using document_embedding_idx on document"), "{plan}");
    let found = nearest.clone().all(&db).await.unwrap();
    database.execute("DROP INDEX document_embedding_idx").await;
    let exact = nearest.all(&db).await.unwrap();
    assert_eq!(found[0], exact[0]);
    let nearest = Document::query()
        .order_by(Document::embedding.l2_distance(Vector::from([1.0, 0.0, 0.5])).asc())
        .limit(5)
        .select(Document::id);
    let plan = nearest.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("Index Scan using by_list on document"), "{plan}");
    let nearest = Document::query()
        .order_by(Document::bits.hamming_distance("101".parse::<Bits>().unwrap()).asc())
        .limit(5)
        .select(Document::id);
    let plan = nearest.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("Index Scan using by_bits on document"), "{plan}");
}

#[tokio::test]
async fn declared_indexes_of_vectors_are_made_and_then_do_not_differ() {
    let Some((database, _db)) = database().await else { return };
    let tables = [Document::TABLE, Passage::TABLE];
    assert_eq!(differences(&database, "vector", &tables).await, Vec::<String>::new());
    database
        .execute(
            "DROP INDEX document_half_idx; DROP INDEX by_list;
             CREATE INDEX document_half_idx ON document USING hnsw (half halfvec_ip_ops);
             CREATE INDEX by_list ON document USING ivfflat (embedding vector_l2_ops) WITH (lists = 2)",
        )
        .await;
    assert_eq!(
        differences(&database, "vector", &tables).await,
        [
            r#"drop index "document_half_idx" of "document""#,
            r#"change index "by_list" of "document""#,
            r#"add index "document_half_idx" to "document""#,
        ]
    );
}
