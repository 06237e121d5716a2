/** Black is an LED that is off: the highest contrast there is, the least power, and no glow at night. */
export const INK = {
  ground: '#000000',
  heading: '#ffc933',
  body: '#ffffff',
  mark: '#ffc933',
  faint: '#5c4a12',
} as const;
