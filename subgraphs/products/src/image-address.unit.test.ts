import { describe, expect, it } from 'vitest';
import { isFetchable, isPublicAddress } from './image-address.ts';

describe('an address to fetch a picture from', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'localhost',
    '',
    '1',
    '0x7f000001',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(['8.8.8.8', '172.32.0.1', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::1'])('may be %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    'http://a.example/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://a.example:8443/x',
    'https://u:p@a.example/x',
    'https://localhost/x',
    'https://printer.local/x',
    'https://metadata.google.internal/x',
    'https://intranet/x',
    'file:///etc/passwd',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'nonsense',
  ])('is not written %s', (url) => {
    expect(isFetchable(url)).toBe(false);
  });
  it('is written with https and a name', () => {
    expect(isFetchable('https://pictures.example/a.jpg?x=1')).toBe(true);
  });
});
