import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { COMPOSED } from './composed.ts';
import type { Operator } from './operator.ts';

const TITLE = 'Bản tin phường Phù Vân';
const TEXT = [
  'Đài truyền thanh phường Phù Vân.',
  'Kính thưa bà con nhân dân.',
  'Sáng thứ bảy tuần này, toàn phường tổng vệ sinh đường làng ngõ xóm, bắt đầu từ sáu giờ ba mươi phút.',
  'Đề nghị mỗi gia đình cử một người tham gia.',
  'Xin trân trọng cảm ơn bà con.',
].join(' ');

const Asset = z.object({
  id: z.string(),
  state: z.string(),
  refusal: z.object({ code: z.string() }).nullable(),
});
const Titled = z.object({ id: z.string(), title: z.string() });

/** A programme that is spoken by the embedded voice and shown on the board as it was composed; made once. Returns its id. */
export async function ensureProgramme(operator: Operator): Promise<string> {
  const known = (await operator.get('/programmes', z.array(Titled))).find(({ title }) => title === TITLE);
  if (known !== undefined) return known.id;
  const speech = await operator.post('/speech', { title: TITLE, text: TEXT, language: 'vi' }, Asset);
  await untilReady(operator, speech.id);
  const format = { width: 192, height: 96, pitchMm: 5 };
  const board = { scene: COMPOSED, format, template: null, durationMs: 31_000 };
  const programme = { title: TITLE, language: 'vi', assetId: speech.id, board };
  return (await operator.post('/programmes', programme, Titled)).id;
}

async function untilReady(operator: Operator, asset: string): Promise<void> {
  for (;;) {
    const { state, refusal } = await operator.get(`/assets/${asset}`, Asset);
    if (state === 'ready') return;
    if (refusal !== null) throw new Error(`The spoken programme was refused: ${refusal.code}.`);
    await sleep(250);
  }
}

/** The time zone of the site. */
export async function zoneOfSite(operator: Operator): Promise<string> {
  const { site } = await operator.get('/session', z.object({ site: z.object({ zone: z.string() }) }));
  return site.zone;
}

/**
 * Lets the demo be heard at whatever hour it is started; a site of people has its quiet hours. Whoever changes them
 * afterwards finds them so at the next start.
 */
export async function allowAnyHour(operator: Operator): Promise<void> {
  const Policy = z.object({ value: z.looseObject({}), updatedAt: z.number().nullable() });
  const { value, updatedAt } = await operator.get('/policies/guards', Policy);
  if (updatedAt !== null) return;
  await operator.put(
    '/policies/guards',
    { ...value, allowed: [{ from: '00:00', until: '24:00' }] },
    z.unknown(),
  );
}

/** Puts a programme on every device once, at an instant that is a whole second, by the wall clock of the site. */
export async function scheduleOnce(
  operator: Operator,
  programme: string,
  at: number,
  zone: string,
): Promise<void> {
  // The Swedish locale writes ISO 8601.
  const local = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
  const [date = '', time = ''] = local.split(' ');
  await operator.post(
    '/schedules',
    {
      title: TITLE,
      content: { kind: 'programme', id: programme },
      timetable: {
        rule: { kind: 'once', date, times: [time] },
        startDate: null,
        endDate: null,
        exceptDates: [],
        repeat: { count: 1, gapMs: 0 },
      },
      targets: [{ kind: 'all', id: 'all' }],
      acceptOverlaps: true,
    },
    z.unknown(),
  );
}
