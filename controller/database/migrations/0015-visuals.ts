/** Pictures and films of the library, and the files that were made of them for zones of boards. */
export const visuals = `
CREATE TABLE visual (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('image','video')), title TEXT NOT NULL, filename TEXT,
  alt TEXT NOT NULL, bytes INTEGER, width INTEGER, height INTEGER, duration_ms INTEGER,
  source_sha256 TEXT REFERENCES blob(sha256), thumbnail_sha256 TEXT REFERENCES blob(sha256),
  film_sha256 TEXT REFERENCES blob(sha256),
  state TEXT NOT NULL CHECK (state IN ('receiving','queued','working','ready','refused','cancelled')),
  progress REAL NOT NULL DEFAULT 0, refusal TEXT,
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

-- file is JSON of the contract's PictureFile or FilmFile.
CREATE TABLE visual_fit (
  visual_id TEXT NOT NULL REFERENCES visual(id), width INTEGER NOT NULL, height INTEGER NOT NULL, fit TEXT NOT NULL,
  file_sha256 TEXT NOT NULL REFERENCES blob(sha256), file TEXT NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (visual_id, width, height, fit)
) STRICT, WITHOUT ROWID;
CREATE INDEX visual_fit_file ON visual_fit(file_sha256);
`;
