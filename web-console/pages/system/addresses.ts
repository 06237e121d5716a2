/** Whether it is a whole http or https address. */
export function isWebAddress(typed: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(typed).protocol);
  } catch {
    return false;
  }
}

const NAME = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/i;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
const RANGE = /^[0-9a-f:.]+\/\d{1,3}$/i;

/** Whether it names a host: `host`, `host:port`, `*.host`, or an address or range of addresses. */
export const isHost = (typed: string): boolean =>
  NAME.test(typed) || ADDRESS.test(typed) || RANGE.test(typed) || /^[0-9a-f]*:[0-9a-f:.]+$/i.test(typed);
