import type { Duplex } from 'node:stream';
import { Ask } from '#devices/messages/ask';
import type { Tell } from '#devices/messages/tell';
import { downTopic } from '#devices/topics';
import { steadyClock } from './steady-clock.ts';

/**
 * Answers "what time is it?" from the broker's own thread, where no query and no report delays it, and stamps the
 * answer last, as its bytes go into the socket. QoS 0: a lost answer is asked for again, a late one is useless.
 * @param arrivedAt when the question's bytes came in, epoch ms by {@link steadyClock}.
 * @returns false when the question was malformed.
 */
export function answerTime(
  device: string,
  payload: string | Uint8Array,
  arrivedAt: number,
  out: Duplex,
): boolean {
  const ask = Ask.safeParse(parse(payload));
  if (!ask.success) return false;
  const { id, t1 } = ask.data;
  const topic = downTopic(device, 'tell');
  const t2 = micro(arrivedAt);
  const answer: Tell = { v: 1, type: 'time', id, t1, t2, t3: micro(steadyClock.now()) };
  out.write(publishPacket(topic, JSON.stringify(answer)));
  return true;
}

/** To the microsecond: what is finer is noise, and costs bytes. */
const micro = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** A PUBLISH of QoS 0, not retained (MQTT 3.1.1 §3.3). */
function publishPacket(topic: string, payload: string): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.from(payload);
  let rest = 2 + name.length + body.length;
  const header = [0x30];
  do {
    header.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([...header, name.length >> 8, name.length & 0xff]), name, body]);
}

function parse(payload: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
