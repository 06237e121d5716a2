import './board.css';
import { z } from 'zod';
import { ClockNotes } from './clock-notes.ts';
import { type Database, DURABLE, openDatabase } from './database.ts';
import { DrawingTrouble } from './drawing-trouble.ts';
import { loadIdentity } from './identity.ts';
import { keepCurrent } from './keep-current.ts';
import { alone, keepAwake, keepStorage, unfit } from './manners.ts';
import { brokersFor, capabilitiesOf, optionsIn } from './options.ts';
import { PairedBoard } from './paired-board.ts';
import { keptPairing, pair } from './pairing.ts';
import { pause } from './pause.ts';
import { Screen, wholeScreen } from './screen.ts';
import { Sign } from './sign.ts';

// No code is made of text here: the page's policy forbids it.
z.config({ jitless: true });

/** Put in at the build. */
declare const __LOA_VERSION__: string;
const FIRMWARE = `board-page ${__LOA_VERSION__}`;
const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};
const sign = new Sign(element('sign'));
/** Begins the page anew; once there is a board, after all of it is written. */
let restart = (): void => location.reload();

async function begin(): Promise<void> {
  const why = await unfit();
  if (why !== null) {
    sign.show(why, { detail: location.origin });
    return;
  }
  await alone(() => sign.show('twice'));
  keepAwake();
  const database = await openDatabase();
  void keepStorage();
  keepCurrent(() => restart());
  const options = optionsIn(location.search);
  const identity = await loadIdentity(database);
  const kept = await keptPairing(database);
  if (kept === null) sign.show('starting');
  const show = (name: 'waiting' | 'refused' | 'unreachable') => (): void =>
    sign.show(name, { code: identity.code, detail: `${identity.serial} · ${location.origin}` });
  const pairing =
    kept ??
    (await pair({
      ...{ database, identity, firmware: FIRMWARE, http: location.origin },
      capabilities: () => capabilitiesOf(wholeScreen(), options),
      ...{ onWaiting: show('waiting'), onRefused: show('refused'), onUnreachable: show('unreachable') },
    }));
  if (brokersFor(pairing.brokers, location.origin).length === 0) {
    sign.show('no-door', { detail: pairing.brokers.join(' ') });
    return;
  }
  const notes = new ClockNotes(database);
  const trouble = new DrawingTrouble(() => restart());
  const board = new PairedBoard({
    ...{ database, identity, pairing, options, notes, firmware: FIRMWARE },
    screen: new Screen(element('screen')),
    clock: await notes.begin(),
    boot: await countBoot(database),
    reloaded: wasReloaded(),
    identify,
    restart: () => restart(),
    onDrawingFailed: (error) => {
      board.fault('renderer-frozen');
      trouble.met(error);
    },
  });
  restart = (): void => {
    void Promise.race([board.stop(), pause(2_000)]).then(() => location.reload());
  };
  window.addEventListener('resize', () => board.refit());
  window.addEventListener('online', () => board.online());
  document.addEventListener('visibilitychange', () => board.refit());
  sign.hide();
  await board.start();
  if (board.supplied) return;
  sign.show('unsupplied', { detail: `${pairing.device} · ${location.origin}` });
  while (!board.supplied) await pause(200);
  sign.hide();
}

/** Counts this start of the page: on the disk before anything is numbered by it. */
async function countBoot(database: Database): Promise<number> {
  const change = database.transaction('facts', 'readwrite', DURABLE);
  const last = z
    .number()
    .int()
    .min(0)
    .safeParse(await change.store.get('boot'));
  const boot = (last.success ? last.data : 0) + 1;
  await change.store.put(boot, 'boot');
  await change.done;
  return boot;
}

function wasReloaded(): boolean {
  const [how] = performance.getEntriesByType('navigation');
  return how instanceof PerformanceNavigationTiming && how.type === 'reload';
}

async function identify(name: string, seconds: number): Promise<void> {
  const place = element('identity');
  place.textContent = name;
  place.hidden = false;
  await pause(seconds * 1_000);
  place.hidden = true;
}

begin().catch((error: unknown) => {
  sign.show('broken', { detail: error instanceof Error ? error.message : String(error) });
  // A database that a full disk closed, a browser that ran out of memory: what helps is to begin anew.
  setTimeout(() => location.reload(), 30_000);
});
