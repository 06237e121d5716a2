import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  addDevice,
  addGroup,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  openSite,
  type Site,
} from '../support/timetable-site.ts';

type Report = (row: { name: string; figure: number; unit: string; limit: number; ok: boolean }) => void;

const DEVICES = 1_000;
const LIMIT_S = 2;

/** Plans for 1,000 devices × 30 days × 6 occurrences a day: compiled, signed and stored, in a file, as in real use. */
export default async function planBench(report: Report): Promise<void> {
  await inSite('every plan different', async (site) => {
    for (let index = 0; index < DEVICES; index += 1) {
      const own = [{ kind: 'device' as const, id: deviceName(index) }];
      const times = daily(`05:${pad(index)}`, `11:${pad(index)}`, `14:30`, `17:00`);
      site.schedules.create(bodyOf('p1', { targets: own, timetable: times }), true, 'bench');
    }
    site.schedules.create(bodyOf('p2', { timetable: daily('06:30', '18:30') }), true, 'bench');
  });
  await inSite('shared by groups', async (site) => {
    for (let group = 0; group < 20; group += 1) {
      const members = Array.from({ length: DEVICES / 20 }, (_, index) =>
        deviceName(group * (DEVICES / 20) + index),
      );
      const targets = [{ kind: 'group' as const, id: addGroup(site, `g-${group}`, members) }];
      const times = daily('05:00', '09:00', '11:00', '17:00', '19:00');
      site.schedules.create(bodyOf('p1', { targets, timetable: times }), true, 'bench');
    }
    site.schedules.create(bodyOf('p2', { timetable: daily('06:30') }), true, 'bench');
  });

  async function inSite(name: string, fill: (site: Site) => Promise<void>): Promise<void> {
    const directory = await mkdtemp(path.join(tmpdir(), 'loa-plan-'));
    const site = await openSite({ file: path.join(directory, 'loa.sqlite') });
    try {
      addProgramme(site, 'p1');
      addProgramme(site, 'p2');
      site.store.sqlite.transaction(() => {
        for (let index = 0; index < DEVICES; index += 1) addDevice(site, deviceName(index));
      })();
      await fill(site);
      await site.planner.start();
      let longest = 0;
      let last = performance.now();
      const watch = setInterval(() => {
        longest = Math.max(longest, performance.now() - last - 5);
        last = performance.now();
      }, 5);
      const began = performance.now();
      await site.planner.flush();
      const seconds = (performance.now() - began) / 1000;
      clearInterval(watch);
      const occurrences = site.store.sqlite
        .prepare('SELECT min(p.occurrences) FROM device_plan d JOIN plan p ON p.sha256 = d.plan_sha256')
        .pluck()
        .get();
      if (occurrences !== 180)
        throw new Error(`A plan has ${String(occurrences)} occurrences instead of 180.`);
      report({
        name: `plans of ${DEVICES} devices × 30 days × 6 a day, ${name}`,
        figure: seconds,
        unit: 's',
        limit: LIMIT_S,
        ok: seconds <= LIMIT_S,
      });
      report({
        name: `longest wait of everything else meanwhile, ${name}`,
        figure: longest,
        unit: 'ms',
        limit: 500,
        ok: longest <= 500,
      });
      await oneChange(site, name);
    } finally {
      await site.planner.stop();
      await site.store.close();
      await rm(directory, { recursive: true, force: true });
    }
  }

  async function oneChange(site: Site, name: string): Promise<void> {
    const [schedule] = site.schedules.list(undefined).filter(({ devices }) => devices < DEVICES);
    if (schedule === undefined) throw new Error('There is no schedule to change.');
    site.clock.at += DAY / 2;
    site.schedules.change(schedule.id, { gainDb: -3 }, true);
    const began = performance.now();
    const { changed } = await site.planner.flush();
    report({
      name: `devices re-planned beyond the ${schedule.devices} that one change concerns, ${name}`,
      figure: changed.length - schedule.devices,
      unit: 'devices',
      limit: 0,
      ok: changed.length === schedule.devices,
    });
    const seconds = (performance.now() - began) / 1000;
    report({
      name: `re-planning after one change, ${name}`,
      figure: seconds,
      unit: 's',
      limit: 0.5,
      ok: seconds <= 0.5,
    });
  }
}

const deviceName = (index: number): string => `speaker-${index}`;
const pad = (index: number): string => String(index % 60).padStart(2, '0');
