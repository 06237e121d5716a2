import { describe, expect, test } from 'vitest';
import { Allowance, destinationOf } from '#controller/relay/allowance';

const names = (url: string, hosts: string[], privateHosts: string[] = []): boolean => {
  const destination = destinationOf(new URL(url));
  return destination !== null && new Allowance({ hosts, privateHosts }).names(destination);
};

describe('only hosts that an administrator listed are opened, however the address is spelt', () => {
  test.each<[string, string[]]>([
    ['http://stream.vov.vn/live', ['stream.vov.vn']],
    ['https://stream.vov.vn/live', ['stream.vov.vn']],
    ['http://STREAM.VOV.VN./live', ['stream.vov.vn']],
    ['http://stream.vov.vn:8000/live', ['stream.vov.vn:8000']],
    ['https://a.b.vov.vn/', ['*.vov.vn']],
    ['http://đài.vn/', ['xn--i-7ga0a.vn', 'đài.vn']],
    ['http://[2404:6800::1]:8000/', ['[2404:6800:0::1]:8000']],
    ['http://0x7f.1/', ['127.0.0.1']],
    ['http://2130706433/', ['127.0.0.1']],
  ])('%s is on the list %j', (url, hosts) => {
    expect(names(url, hosts)).toBe(true);
  });

  test.each<[string, string[]]>([
    ['http://stream.vov.vn:8000/live', ['stream.vov.vn']],
    ['http://stream.vov.vn/', ['stream.vov.vn:8000']],
    ['http://vov.vn/', ['*.vov.vn']],
    ['http://evilvov.vn/', ['*.vov.vn', 'vov.vn']],
    ['http://vov.vn.evil.example/', ['vov.vn', '*.vov.vn']],
    ['http://stream.vov.vn@evil.example/', ['stream.vov.vn']],
    ['http://evil.example/stream.vov.vn', ['stream.vov.vn']],
    ['http://0177.0.0.1/', ['0177.0.0.2']],
    ['http://anything.example/', ['*', '*.', '', 'http://anything.example/', 'anything.example/path']],
    ['file:///etc/passwd', ['', '*']],
    ['ftp://stream.vov.vn/', ['stream.vov.vn']],
    ['data:audio/mpeg;base64,AAAA', ['*']],
  ])('%s is not on the list %j', (url, hosts) => {
    expect(names(url, hosts)).toBe(false);
  });
});

test('a private address counts as listed by itself or by its name, on its port alone', () => {
  const allowance = new Allowance({
    hosts: ['radio.example'],
    privateHosts: ['192.168.1.5:8000', 'studio.local'],
  });
  const radio = { scheme: 'http', host: 'radio.example', port: 80 } as const;
  expect(allowance.permits(radio, '192.168.1.5')).toBe(false);
  expect(allowance.permits({ ...radio, port: 8_000 }, '192.168.1.5')).toBe(true);
  expect(allowance.permits({ ...radio, port: 8_000 }, '::ffff:192.168.1.5')).toBe(true);
  expect(allowance.permits({ ...radio, port: 8_000 }, '192.168.1.6')).toBe(false);
  expect(allowance.permits({ ...radio, host: 'studio.local' }, '10.1.2.3')).toBe(true);
  expect(allowance.permits(radio, '10.1.2.3')).toBe(false);
});
