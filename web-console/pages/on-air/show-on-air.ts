const ID = 'on-air-now';
/** Where everything on the air stands on the page. */
export const onAirPlace = { id: ID } as const;

/** Takes the eye there, after something was put on the air. */
export function showOnAir(): void {
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  document.getElementById(ID)?.scrollIntoView({ behavior, block: 'start' });
}
