/** Orders identifiers by code unit, the same on every machine: what is signed must not depend on a locale. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
