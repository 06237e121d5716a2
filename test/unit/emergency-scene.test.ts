import { expect, test } from 'vitest';
import { emergencyScene } from '#controller/incidents/emergency-scene';
import { Scene } from '#devices/scene';

test('a drill with the longest words that may be sent loses none of them on the boards', () => {
  const heading = 'H'.repeat(200);
  const text = `${'a'.repeat(1_990)} hết lời.`;
  const scene = emergencyScene({
    ...{ heading, text, title: 'Diễn tập', language: 'vi', drill: true },
    frame: 'ĐÂY LÀ DIỄN TẬP',
  });
  expect(Scene.parse(scene)).toMatchObject({
    pages: [
      { zones: [{ item: { level: 'drill', heading: 'ĐÂY LÀ DIỄN TẬP', text: `${heading}\n${text}` } }] },
    ],
  });
});
