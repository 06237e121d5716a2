import { CrowdMember, type EarCount } from './live-crowd-member.ts';
import { seededCredential, seededDevice } from './seed.ts';

/**
 * A crowd of ears as a process of its own: `live-crowd.ts PORT BROADCAST FROM COUNT`. Says `ready` over IPC when all
 * listen; counts from the message `begin` to `end`, and answers with what they heard together.
 */
export interface CrowdCount extends EarCount {
  readonly ears: number;
}

const [port, broadcast, from, count] = process.argv.slice(2);
const indices = Array.from({ length: Number(count) }, (_, index) => Number(from) + index);
const members: CrowdMember[] = [];
for (const index of indices) {
  const device = seededDevice(index);
  const bearer = `${device}.${seededCredential(device)}`;
  members.push(await CrowdMember.join(Number(port), broadcast ?? '', bearer));
}
process.on('message', (word) => {
  if (word === 'begin') for (const member of members) member.begin();
  if (word !== 'end') return;
  for (const member of members) member.end();
  const counts = members.map((member) => member.count);
  const sum = (of: (one: EarCount) => number): number => counts.reduce((total, one) => total + of(one), 0);
  const heard: CrowdCount = {
    ears: members.length,
    frames: sum(({ frames }) => frames),
    late: sum(({ late }) => late),
    missing: sum(({ missing }) => missing),
    leastAheadMs: Math.min(...counts.map(({ leastAheadMs }) => leastAheadMs)),
  };
  process.send?.(heard);
});
process.send?.('ready');
