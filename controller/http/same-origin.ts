/**
 * Whether an `Origin` header names the very host that was asked (RFC 6454). Browsers send it with every request
 * that changes something, so a page from elsewhere cannot ride on a session cookie.
 */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
