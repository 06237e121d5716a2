/** How often the public web board was looked at and shared, by the day: counts, and nothing about anybody. */
export const publicBoard = `
CREATE TABLE public_board_day (
  day TEXT NOT NULL, what TEXT NOT NULL CHECK (what IN ('view','share')), item TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (day, what, item)
) STRICT, WITHOUT ROWID;
`;
