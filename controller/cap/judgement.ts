import type { AlertLevel } from '../http/contract/alerts.ts';
import type { Policy } from '../http/contract/policies.ts';
import type { Affected } from './affected.ts';
import { inOneLanguage, languageOf } from './languages.ts';
import { isHigher, levelOf } from './level.ts';
import type { CapArea, CapInfo, CapMessage } from './message.ts';
import { type AlertWords, wordsOf } from './spoken.ts';

/**
 * What is to be done with a message, before what was said earlier is looked at:
 * - `sound`: an incident at once; `ask`: one when a person says so;
 * - `inbox`: among the bulletins; `note`: nothing, but it is kept; `expire`: the same, it came too late.
 */
export type Course = 'sound' | 'ask' | 'inbox' | 'note' | 'expire';

export interface Judgement {
  readonly course: Course;
  /** Why: a code, see the contract's `Alert.reason`. */
  readonly reason: string | null;
  readonly level: AlertLevel;
  readonly drill: 'silent' | 'audible' | null;
  readonly language: string;
  readonly words: AlertWords;
  /** What it is of: the info that weighs most, of those in one language; null of a message without any. */
  readonly main: CapInfo | null;
  readonly areaText: string;
  readonly affected: Affected;
  readonly expires: number | null;
}

export interface Circumstances {
  readonly policy: Policy<'cap'>;
  /** The sender's. */
  readonly sender: 'play' | 'wait';
  readonly now: number;
  readonly affectedBy: (areas: readonly CapArea[]) => Affected;
}

/** What says nothing of its end is taken to hold for a day. */
const UNSAID_LIFE_MS = 86_400_000;
/** Clocks differ by so much; what is sent or begins later than that is not of now. */
const CLOCKS_MS = 5 * 60_000;

const NOBODY: Affected = { told: false, devices: new Set(), targets: [] };

/**
 * Judges a message by the rules of the standard and of the site. Of its infos those in one language count that have not
 * expired, and of those the ones of the highest level that concern somebody here.
 */
export function judge(message: CapMessage, around: Circumstances): Judgement {
  const { policy, now } = around;
  const spoken = inOneLanguage(message.infos, policy.languages);
  const living = spoken.filter((info) => endOf(info, message) > now);
  const rated = (living.length === 0 ? spoken : living).map((info) => ({
    info,
    level: levelOf(policy.levels, info),
    affected: around.affectedBy(info.areas),
  }));
  const here = rated.filter(({ affected }) => !affected.told || affected.devices.size > 0);
  const candidates = here.length === 0 ? rated : here;
  const level = candidates.reduce<AlertLevel>(
    (high, each) => (isHigher(each.level, high) ? each.level : high),
    'none',
  );
  const chosen = candidates.filter((each) => each.level === level);
  const infos = chosen.map(({ info }) => info);
  const [main = null] = infos;
  const affected =
    chosen.length === 1
      ? (chosen[0]?.affected ?? NOBODY)
      : around.affectedBy(infos.flatMap(({ areas }) => areas));
  const ends = infos.map(({ expires }) => expires);
  return {
    ...courseOf(message, around, { level, main, affected, living: living.length > 0 }),
    ...{ level, main, affected },
    language: main === null ? (policy.languages[0] ?? 'vi') : languageOf(main),
    words: wordsOf(infos),
    areaText: [...new Set(infos.flatMap(({ areas }) => areas.map(({ description }) => description)))].join(
      '; ',
    ),
    expires: ends.includes(null)
      ? null
      : ends.reduce<number | null>((last, end) => Math.max(last ?? 0, end ?? 0), null),
  };
}

/** Until when an info holds. */
function endOf({ expires, onset, effective }: CapInfo, { sent }: CapMessage): number {
  return expires ?? Math.max(onset ?? 0, effective ?? 0, sent) + UNSAID_LIFE_MS;
}

function courseOf(
  { status, scope, msgType, sent }: CapMessage,
  { policy, sender, now }: Circumstances,
  { level, main, affected, living }: Pick<Judgement, 'level' | 'main' | 'affected'> & { living: boolean },
): Pick<Judgement, 'course' | 'reason' | 'drill'> {
  const drill = drillOf(status);
  const note = (reason: string) => ({ course: 'note', reason, drill: null }) as const;
  const ask = (reason: string) => ({ course: 'ask', reason, drill }) as const;
  if (msgType === 'Ack' || msgType === 'Error') return note(msgType.toLowerCase());
  if (status === 'System' || status === 'Draft') return note(status.toLowerCase());
  if (drill !== null && !policy.drill) return note(status.toLowerCase());
  // What is not for everybody is for no loudspeaker.
  if (scope !== 'Public') return note(scope.toLowerCase());
  if (msgType === 'Cancel')
    return { course: sender === 'play' ? 'sound' : 'ask', reason: 'policy-wait', drill };
  if (!living)
    return { course: 'expire', reason: main?.expires === null ? 'too-old' : 'expired', drill: null };
  if (level === 'none') return note('below-level');
  if (affected.told && affected.devices.size === 0) return note('no-devices');
  if (level !== 'emergency')
    return drill === null ? { course: 'inbox', reason: 'bulletin', drill } : note('below-level');
  if (!affected.told) return ask('area-unknown');
  if (Math.max(sent, main?.effective ?? 0) > now + CLOCKS_MS) return ask('not-yet');
  return sender === 'play' ? { course: 'sound', reason: null, drill } : ask('policy-wait');
}

/** "Technical testing only" makes no sound; an exercise does (section 3.2.1). */
const drillOf = (status: CapMessage['status']): Judgement['drill'] =>
  status === 'Exercise' ? 'audible' : status === 'Test' ? 'silent' : null;
