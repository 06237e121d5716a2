/** Which devices keep a programme for the moments in which they have nothing else to show is asked at every download. */
export const boardSettings = `
CREATE INDEX device_board ON device(id) WHERE board IS NOT NULL;
`;
