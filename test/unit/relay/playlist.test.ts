import { describe, expect, test } from 'vitest';
import { chooseVariant, parsePlaylist } from '#controller/relay/hls/playlist';

const media = (text: string) => {
  const playlist = parsePlaylist(text);
  if (playlist.kind !== 'media') throw new Error('a media playlist was expected');
  return playlist;
};
const master = (text: string) => {
  const playlist = parsePlaylist(text);
  if (playlist.kind !== 'master') throw new Error('a master playlist was expected');
  return playlist;
};

test('pieces are known by their numbers, with their keys, heads and ranges', () => {
  const { segments, targetMs, ended } = media(
    [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:6',
      '#EXT-X-MEDIA-SEQUENCE:41',
      '#EXT-X-MAP:URI="head.mp4",BYTERANGE="100@20"',
      '#EXT-X-KEY:METHOD=AES-128,URI="k,ey",IV=0x0000000000000000000000000000002A',
      '#EXTINF:5.5,Tựa đề, có dấu phẩy',
      '#EXT-X-BYTERANGE:1000@500',
      'a.m4s',
      '#EXTINF:6,',
      '#EXT-X-BYTERANGE:800',
      'a.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXTINF:6,',
      'b.m4s',
      '#EXT-X-ENDLIST',
    ].join('\r\n'),
  );
  const map = { uri: 'head.mp4', range: { from: 20, bytes: 100 } };
  const iv = Buffer.from('0000000000000000000000000000002a', 'hex');
  const key = { uri: 'k,ey', iv };
  expect({ targetMs, ended }).toEqual({ targetMs: 6_000, ended: true });
  expect(segments).toEqual([
    {
      sequence: 41,
      uri: 'a.m4s',
      durationMs: 5_500,
      range: { from: 500, bytes: 1_000 },
      key,
      map,
      discontinuity: false,
    },
    {
      sequence: 42,
      uri: 'a.m4s',
      durationMs: 6_000,
      range: { from: 1_500, bytes: 800 },
      key,
      map,
      discontinuity: false,
    },
    { sequence: 43, uri: 'b.m4s', durationMs: 6_000, range: null, key: null, map, discontinuity: true },
  ]);
});

describe('a loudspeaker asks for no pictures', () => {
  const variant = (uri: string, attributes: string) => `#EXT-X-STREAM-INF:${attributes}\n${uri}`;
  test('the best sound alone that is not wasted on it', () => {
    const playlist = [
      '#EXTM3U',
      variant('video', 'BANDWIDTH=300000,RESOLUTION=320x180,CODECS="avc1.42e00a,mp4a.40.2"'),
      variant('sound-64', 'BANDWIDTH=64000,CODECS="mp4a.40.2"'),
      variant('sound-128', 'BANDWIDTH=128000,CODECS="mp4a.40.2"'),
      variant('sound-320', 'BANDWIDTH=320000,CODECS="mp4a.40.2"'),
    ].join('\n');
    expect(chooseVariant(master(playlist))).toBe('sound-128');
  });
  test('else the sound that is sent beside the pictures', () => {
    const playlist = [
      '#EXTM3U',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="en.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Việt",DEFAULT=YES,URI="vi.m3u8"',
      variant('video', 'BANDWIDTH=300000,RESOLUTION=320x180,AUDIO="a"'),
    ].join('\n');
    expect(chooseVariant(master(playlist))).toBe('vi.m3u8');
  });
  test('else the smallest of all', () => {
    const playlist = [
      '#EXTM3U',
      variant('large', 'BANDWIDTH=3000000,RESOLUTION=1920x1080'),
      variant('small', 'BANDWIDTH=300000,RESOLUTION=320x180'),
    ].join('\n');
    expect(chooseVariant(master(playlist))).toBe('small');
  });
});

test.each([
  ['a web page', '<html><body>404</body></html>'],
  [
    'a licence',
    '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x"\n#EXTINF:6,\na.ts',
  ],
  ['no length', '#EXTM3U\n#EXTINF:6,\na.ts'],
  ['a length without end', '#EXTM3U\n#EXT-X-TARGETDURATION:999999\n#EXTINF:6,\na.ts'],
  ['a wrong range', '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n#EXT-X-BYTERANGE:-5\na.ts'],
])('a playlist with %s is refused, not guessed at', (_what, text) => {
  expect(() => parsePlaylist(text)).toThrow(expect.objectContaining({ kind: 'refused' }));
});
