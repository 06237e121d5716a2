import { expect, test } from 'vitest';
import type { PlanBlob } from '#devices/plan';
import { boardOn, brokersFor, capabilitiesOf, optionsIn } from '../../web-console/board/options.ts';
import { blobsFor } from '../../web-console/board/plan-blobs.ts';

test('a screen reaches the broker by the address that its page came from, whatever name the controller knows itself by', () => {
  const told = ['mqtt://loa.local:1883', 'ws://loa.local:8080/mqtt'];
  expect(brokersFor(told, 'http://192.0.2.10:8080')).toEqual([
    'ws://192.0.2.10:8080/mqtt',
    'ws://loa.local:8080/mqtt',
  ]);
  expect(brokersFor(told, 'https://loa.example')).toEqual([
    'wss://loa.example/mqtt',
    'ws://loa.local:8080/mqtt',
  ]);
  // A broker elsewhere is where it is.
  expect(brokersFor(['wss://mqtt.example/ws'], 'https://loa.example')).toEqual(['wss://mqtt.example/ws']);
  expect(brokersFor(['mqtts://loa.local:8883'], 'https://loa.example')).toEqual([]);
});

test('what the address says of the panel is taken, and what cannot be is not', () => {
  expect(optionsIn('?pitch=2.5')).toEqual({ pitchMm: 2.5 });
  expect(optionsIn('?pitch=2,5')).toEqual({ pitchMm: 2.5 });
  for (const wrong of ['', '?pitch=', '?pitch=0', '?pitch=abc', '?pitch=-3'])
    expect(optionsIn(wrong)).toEqual({ pitchMm: 0.5 });
});

test('the board is the screen, or the rectangle of it that an LED panel mirrors', () => {
  const screen = { width: 1_920, height: 1_080 };
  const rectangle = { x: 10, y: 20, width: 192, height: 96 };
  expect(boardOn(screen, undefined)).toEqual({ x: 0, y: 0, ...screen });
  expect(boardOn(screen, rectangle)).toEqual(rectangle);
  expect(capabilitiesOf(rectangle, { pitchMm: 5 })).toMatchObject({
    display: 'lcd',
    panel: { width: 192, height: 96, pitchMm: 5 },
  });
});

test('only the pictures that were made for a board of its size are fetched', () => {
  const blob = (sha256: string, panels?: PlanBlob['panels']): PlanBlob => ({
    ...{ sha256, bytes: 1, type: 'image/png' as const },
    ...(panels === undefined ? {} : { panels }),
  });
  const led = { width: 192, height: 96 };
  const blobs = [blob('all'), blob('led', [led]), blob('wall', [{ width: 3_840, height: 2_160 }])];
  expect(blobsFor(blobs, led).map(({ sha256 }) => sha256)).toEqual(['all', 'led']);
});
