import { zoneOf } from '#schedules/zone';
import { CAP_NAMESPACE } from './cap-schema.ts';

/** One message of an own incident, to be told to others. Times are epoch milliseconds. */
export interface OwnMessage {
  readonly identifier: string;
  readonly sender: string;
  readonly sent: number;
  readonly status: 'Actual' | 'Exercise';
  readonly msgType: 'Alert' | 'Update' | 'Cancel';
  /** Those of the same incident that came before. */
  readonly references: readonly { readonly identifier: string; readonly sent: number }[];
  readonly language: string;
  readonly event: string;
  readonly headline: string;
  readonly description: string;
  readonly expires: number | null;
  readonly senderName: string;
  readonly web: string;
  readonly areaText: string;
  readonly geocodes: readonly { readonly valueName: string; readonly value: string }[];
}

/** Whoever sounds sirens means it; over is what was cancelled. */
const WEIGHT = {
  going: { urgency: 'Immediate', severity: 'Severe', certainty: 'Observed' },
  over: { urgency: 'Past', severity: 'Minor', certainty: 'Observed' },
} as const;

/** CAP 1.2, valid by its schema. @param zone in whose time it is written (IANA). */
export function writeMessage(message: OwnMessage, zone: string): string {
  const { sender, references, msgType } = message;
  const time = (at: number): string => capTime(at, zone);
  const weight = msgType === 'Cancel' ? WEIGHT.over : WEIGHT.going;
  const info = [
    element('language', message.language),
    element('category', 'Safety'),
    element('event', message.event),
    ...(msgType === 'Cancel' ? [element('responseType', 'AllClear')] : []),
    ...Object.entries(weight).map(([name, value]) => element(name, value)),
    element('effective', time(message.sent)),
    ...(message.expires === null ? [] : [element('expires', time(Math.max(message.expires, message.sent)))]),
    element('senderName', message.senderName),
    element('headline', message.headline),
    element('description', message.description),
    element('web', message.web),
    `<area>${element('areaDesc', message.areaText)}${message.geocodes
      .map(
        ({ valueName, value }) =>
          `<geocode>${element('valueName', valueName)}${element('value', value)}</geocode>`,
      )
      .join('')}</area>`,
  ];
  const named = references.map(({ identifier, sent }) => `${sender},${identifier},${time(sent)}`).join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<alert xmlns="${CAP_NAMESPACE}">`,
    element('identifier', message.identifier),
    element('sender', sender),
    element('sent', time(message.sent)),
    element('status', message.status),
    element('msgType', msgType),
    element('scope', 'Public'),
    ...(references.length === 0 ? [] : [element('references', named)]),
    `<info>${info.join('')}</info>`,
    '</alert>\n',
  ].join('');
}

/** `2026-11-24T06:00:00+07:00`: never with Z, which CAP forbids (section 3.3.2). */
export function capTime(at: number, zone: string): string {
  const whole = Math.floor(at / 1_000) * 1_000;
  const local = zoneOf(zone).toLocal(whole);
  const minutes = Math.round((local - whole) / 60_000);
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${new Date(local).toISOString().slice(0, 19)}${offset}`;
}

export const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`;

/** What XML 1.0 cannot hold at all is left out: control characters, halves of pairs, and two that are none. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
