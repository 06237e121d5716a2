/**
 * What stood on boards, once for each scene: what the public web board tells of the last days, and the names that the
 * yearly report needs when programmes are long gone. `boards` is JSON of names, `words` what a screen reader says.
 */
export const publicItems = `
CREATE TABLE public_board_item (
  id TEXT PRIMARY KEY, scene_sha256 TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL, words TEXT NOT NULL,
  priority TEXT NOT NULL, boards TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX public_board_item_last ON public_board_item(last_at);
`;
