import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What the page of a board may load: its own files, the device interface below its own address, and the broker. No style
 * and no script in the page, no picture from elsewhere, nobody who frames it.
 * @param brokers addresses of a broker that is not behind our own door; only WebSockets are of use to a browser.
 */
export function boardPolicy(brokers: readonly (string | undefined)[], secure: boolean): RequestHandler {
  const elsewhere = brokers.flatMap((broker) => {
    const url = broker === undefined ? null : new URL(broker);
    return url !== null && /^wss?:$/.test(url.protocol) ? [`${url.protocol}//${url.host}`] : [];
  });
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:'],
      mediaSrc: ['blob:'],
      connectSrc: ["'self'", ...elsewhere],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: secure ? [] : null,
    },
  });
}
