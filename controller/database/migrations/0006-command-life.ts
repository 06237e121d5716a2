/** Commands end by their time: asked every few seconds for those still open, of a table that remembers a year. */
export const commandLife = `
CREATE INDEX command_open ON command(expires_at) WHERE state = 'issued';
CREATE INDEX command_issued ON command(issued_at);
`;
