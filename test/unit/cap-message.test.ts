import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { circleOf, distanceKm, inCircle, inPolygon, polygonOf } from '#controller/cap/geometry';
import { readMessage } from '#controller/cap/message';
import { CapRefusal } from '#controller/cap/refusal';
import { xmlText } from '#controller/cap/safe-xml';
import { wordsOf } from '#controller/cap/spoken';
import { AMBER, EARTHQUAKE_UPDATE, HOMELAND_SECURITY, THUNDERSTORM } from '../support/cap-examples.ts';

const MOST = 256 * 1024;
const read = (text: string) => readMessage(xmlText(Buffer.from(text), MOST));

/** The code of the refusal; anything else that is thrown fails the test. */
function refusalOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof CapRefusal) return error.refusal;
    throw error;
  }
}

describe("the standard's own examples are read as they were meant", () => {
  test('the advisory, the storm, the earthquake and the abduction', () => {
    const advisory = read(HOMELAND_SECURITY);
    expect(advisory).toMatchObject({ identifier: '43b080713727', sender: 'hsas@dhs.gov', status: 'Actual' });
    expect(advisory.sent).toBe(Date.UTC(2003, 3, 2, 19, 39, 1));
    expect(advisory.infos[0]?.areas).toEqual([
      { description: 'U.S. nationwide and interests worldwide', polygons: [], circles: [], geocodes: [] },
    ]);
    const storm = read(THUNDERSTORM);
    expect(storm.infos[0]?.expires).toBe(Date.UTC(2003, 5, 17, 23));
    expect(storm.infos[0]?.areas[0]?.polygons[0]).toHaveLength(5);
    expect(storm.infos[0]?.areas[0]?.geocodes.map(({ value }) => value)).toEqual([
      '006109',
      '006009',
      '006003',
    ]);
    const quake = read(EARTHQUAKE_UPDATE);
    expect(quake.references).toEqual([
      { sender: 'trinet@caltech.edu', identifier: 'TRI13970876.1', sent: Date.UTC(2003, 5, 12, 3, 30) },
    ]);
    expect(quake.infos[0]?.areas[0]?.circles[0]).toEqual({
      centre: { latitude: 32.9525, longitude: -115.5527 },
      radiusKm: 0,
    });
    expect(read(AMBER).infos.map(({ language }) => language)).toEqual(['en-US', 'es-US']);
  });
});

describe('what is not a CAP 1.2 alert is refused, each with its reason', () => {
  const valid = THUNDERSTORM;
  const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
    { length: 9 },
    (_, n) => `<!ENTITY l${n + 1} "${`&${n === 0 ? 'lol' : `l${n}`};`.repeat(10)}">`,
  ).join('')}]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&l9;</identifier></alert>`;
  const external = valid.replace(
    '<alert',
    '<!DOCTYPE alert [<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n<alert',
  );
  test.each([
    ['unclosed', valid.replace('</alert>', ''), 'not-xml'],
    ['a billion laughs', laughs, 'has-doctype'],
    ['an external entity', external.replace('KSTO1055887203', '&secret;'), 'has-doctype'],
    ['an entity that nobody declared', valid.replace('KSTO1055887203', '&secret;'), 'not-xml'],
    ['CAP 1.1', valid.replace('cap:1.2', 'cap:1.1'), 'not-cap'],
    ['no namespace', valid.replace(/ xmlns = "[^"]*"/, ''), 'not-cap'],
    ['nothing', '', 'not-xml'],
    ['JSON', '{"alert":{}}', 'not-xml'],
    ['deeper than anybody writes', '<a>'.repeat(5_000), 'not-xml'],
    ['a status that there is not', valid.replace('Actual', 'Maybe'), 'not-valid'],
    ['an element too many', valid.replace('<scope>', '<surprise/><scope>'), 'not-valid'],
    ['a moment without a zone', valid.replace('14:57:00-07:00', '14:57:00'), 'not-valid'],
    ['Z for a zone, which CAP forbids', valid.replace('14:57:00-07:00', '21:57:00Z'), 'not-valid'],
    ['the 31st of June', valid.replace('2003-06-17T14', '2003-06-31T14'), 'not-valid'],
    ['no urgency', valid.replace(/<urgency>.*<\/urgency>/, ''), 'not-valid'],
    ['an identifier with a comma', valid.replace('KSTO1055887203', 'KSTO,1'), 'not-consistent'],
    ['an update of nothing', valid.replace('>Alert<', '>Update<'), 'not-consistent'],
    ['private without addresses', valid.replace('>Public<', '>Private<'), 'not-consistent'],
    ['restricted without saying to whom', valid.replace('>Public<', '>Restricted<'), 'not-consistent'],
    ['a polygon that is open', valid.replace(' 38.47,-120.14</polygon>', '</polygon>'), 'not-consistent'],
    ['longitude before latitude', valid.replace('38.34,-119.95', '-119.95,38.34'), 'not-consistent'],
    ['UTF-16 by its declaration', valid.replace('UTF-8', 'UTF-16'), 'not-utf8'],
  ])('%s', (_name, text, code) => {
    expect(refusalOf(() => read(text))).toBe(code);
  });

  test('UTF-16, in which a document type could hide, and bytes that are no text', () => {
    expect(refusalOf(() => xmlText(Buffer.from(`\uFEFF${external}`, 'utf16le'), MOST))).toBe('not-utf8');
    expect(refusalOf(() => xmlText(Buffer.from([0x3c, 0xff, 0xfe, 0x00]), MOST))).toBe('not-utf8');
  });

  test('more than the limit, before anything is read', () => {
    const large = valid.replace('TAKE COVER', 'TAKE COVER '.repeat(30_000));
    expect(refusalOf(() => read(large))).toBe('too-large');
  });

  test('a hint at a schema elsewhere is not followed, and does no harm', () => {
    const hint =
      ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"';
    expect(read(valid.replace('<alert', `<alert${hint}`)).identifier).toBe('KSTO1055887203');
  });
});

describe('whatever comes, the answer is a message or a refusal', () => {
  test('text at random', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        refusalOf(() => read(text));
      }),
      { numRuns: 300 },
    );
  });

  test('bytes at random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        refusalOf(() => readMessage(xmlText(bytes, MOST)));
      }),
      { numRuns: 300 },
    );
  });

  test('a true alert with something else somewhere in it', () => {
    const examples = fc.constantFrom(HOMELAND_SECURITY, THUNDERSTORM, EARTHQUAKE_UPDATE, AMBER);
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '<',
        '>',
        '&',
        ']]>',
        '<!--',
        '<![CDATA[',
        '</info>',
        '<info>',
        '&#0;',
        '-',
        ',',
        ' ',
        '9'.repeat(400),
      ),
    );
    fc.assert(
      fc.property(examples, fc.nat(3_000), fc.nat(40), noise, (text, at, cut, put) => {
        const where = at % text.length;
        refusalOf(() => read(text.slice(0, where) + put + text.slice(where + cut)));
      }),
      { numRuns: 1_500 },
    );
  });

  test('polygons and circles at random', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.tuple(fc.double(), fc.double()).map(([a, b]) => `${a},${b}`),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        refusalOf(() => polygonOf(words.join(' ')));
        refusalOf(() => circleOf(words.join(' ')));
      }),
      { numRuns: 500 },
    );
  });
});

describe('who lies in an area is found, and who lies beside it is not', () => {
  // About Phù Vân: latitude first.
  const square = polygonOf('20.50,105.90 20.50,105.94 20.54,105.94 20.54,105.90 20.50,105.90');

  test('inside, outside, on the line and at the corner', () => {
    expect(inPolygon(square, { latitude: 20.52, longitude: 105.92 })).toBe(true);
    expect(inPolygon(square, { latitude: 20.55, longitude: 105.92 })).toBe(false);
    expect(inPolygon(square, { latitude: 20.52, longitude: 105.95 })).toBe(false);
    expect(inPolygon(square, { latitude: 20.5, longitude: 105.92 })).toBe(true);
    expect(inPolygon(square, { latitude: 20.54, longitude: 105.94 })).toBe(true);
  });

  test('in the notch of a shape that is not convex', () => {
    const notched = polygonOf('0,0 0,4 4,4 4,3 1,3 1,1 4,1 4,0 0,0');
    expect(inPolygon(notched, { latitude: 3, longitude: 2 })).toBe(false);
    expect(inPolygon(notched, { latitude: 0.5, longitude: 2 })).toBe(true);
    expect(inPolygon(notched, { latitude: 3, longitude: 0.5 })).toBe(true);
  });

  test('direction and first corner of a polygon do not matter', () => {
    const degree = fc.double({ min: -1, max: 1, noNaN: true });
    const turned = polygonOf('20.54,105.94 20.54,105.90 20.50,105.90 20.50,105.94 20.54,105.94');
    const mirrored = [...square].reverse();
    fc.assert(
      fc.property(degree, degree, (north, east) => {
        const point = { latitude: 20.52 + north * 0.04, longitude: 105.92 + east * 0.04 };
        const inside = inPolygon(square, point);
        expect(inPolygon(turned, point)).toBe(inside);
        expect(inPolygon(mirrored, point)).toBe(inside);
      }),
    );
  });

  test('a circle in kilometres; one without a radius holds who stands there', () => {
    const centre = { latitude: 20.52, longitude: 105.92 };
    const near = { latitude: 20.53, longitude: 105.92 };
    expect(distanceKm(centre, near)).toBeCloseTo(1.112, 2);
    expect(inCircle(circleOf('20.52,105.92 1.2'), near)).toBe(true);
    expect(inCircle(circleOf('20.52,105.92 1.0'), near)).toBe(false);
    expect(inCircle(circleOf('20.52,105.92 0'), centre)).toBe(true);
    expect(inCircle(circleOf('20.52,105.92 0'), near)).toBe(false);
  });
});

test('what is said has the headline, what happens and what to do, once each, and ends with a sentence', () => {
  const [info] = read(THUNDERSTORM).infos;
  if (info === undefined) throw new Error('no info');
  const { title, text } = wordsOf([info]);
  expect(title).toBe('SEVERE THUNDERSTORM WARNING');
  expect(text).toMatch(/^SEVERE THUNDERSTORM WARNING\. AT 254 PM PDT\. NATIONAL/);
  expect(text).toMatch(/UNTIL THE STORM PASSES\.$/);
  const long = wordsOf([{ ...info, description: 'Một câu dài vừa phải để đọc. '.repeat(200) }]);
  expect(long.text.length).toBeLessThanOrEqual(1_500);
  expect(long.text).toMatch(/\.$/);
});
