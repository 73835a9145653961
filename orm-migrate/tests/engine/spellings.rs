//! The server's words for what an author wrote are never a difference.
