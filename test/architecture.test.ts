import { type ICruiseResult, type IForbiddenRuleType, cruise } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';

const ROOMS = ['controller', 'devices', 'firmware-sim', 'schedules', 'web-console'] as const;

/** What each room may import of ours, as in the README's table. */
const MAY_IMPORT: Record<(typeof ROOMS)[number], readonly string[]> = {
  devices: [],
  schedules: ['devices'],
  controller: ['devices', 'schedules'],
  'firmware-sim': ['devices'],
  'web-console': ['devices', 'schedules'],
};

const forbidden: IForbiddenRuleType[] = [
  ...ROOMS.map((room) => ({
    name: `${room} imports only ${MAY_IMPORT[room].join(', ') || 'nothing of ours'}`,
    severity: 'error' as const,
    from: { path: `^${room}/` },
    to: {
      path: `^(${[...ROOMS, 'test'].filter((other) => other !== room && !MAY_IMPORT[room].includes(other)).join('|')})/`,
      // The console may know the types of the HTTP contract, and nothing else of the controller.
      ...(room === 'web-console' && { pathNot: '^controller/http/contract/' }),
    },
  })),
  {
    name: 'the console takes types alone from the HTTP contract',
    severity: 'error',
    from: { path: '^web-console/' },
    to: { path: '^controller/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'the contract and the timetable are pure: no node:, no clock, no I/O',
    severity: 'error',
    from: { path: '^(devices|schedules)/' },
    to: { dependencyTypes: ['core'] },
  },
  { name: 'no import circles', severity: 'error', from: {}, to: { circular: true } },
];

async function violations(): Promise<string[]> {
  const { output } = await cruise(
    [...ROOMS],
    {
      validate: true,
      ruleSet: { forbidden },
      tsPreCompilationDeps: true,
      parser: 'swc',
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^dist/|\\.css$|node_modules)' },
      outputType: 'json',
    },
    { conditionNames: ['loa-source', 'import'], extensions: ['.ts', '.tsx', '.js'] },
  );
  const result: ICruiseResult = JSON.parse(String(output));
  expect(result.modules.length, 'the tree was read').toBeGreaterThan(60);
  const unresolved = result.modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ couldNotResolve, module }) => couldNotResolve && module.startsWith('#'))
      .map(({ module }) => `${source} → ${module} (unresolved)`),
  );
  return [
    ...unresolved,
    ...result.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`),
  ];
}

describe('the house', () => {
  test('keeps its rooms apart, so that a device can be ported without the controller', async () => {
    expect(await violations()).toEqual([]);
  });
});
