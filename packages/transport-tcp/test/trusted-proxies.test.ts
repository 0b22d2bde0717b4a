import { isIP } from 'node:net'
import { ipAddress } from '@mudwire/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TrustedProxies } from '../src/proxy.ts'

describe('the proxies that are believed', () => {
  it.each([
    ['10.0.0.0/8', '10.9.8.7', '11.0.0.1'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.8'],
    ['fd00::/8', 'fd12::1', 'fe80::1'],
    ['::1', '::1', '::2'],
    ['10.0.0.0/8', '::ffff:10.9.8.7', '::ffff:11.0.0.1'],
  ])('%s is %s, and not %s', (entry, member, stranger) => {
    const trusted = new TrustedProxies([entry])
    expect(trusted.has(ipAddress(member, 1))).toBe(true)
    expect(trusted.has(ipAddress(stranger, 1))).toBe(false)
  })

  it('0.0.0.0/0 is everybody, and has to be said', () => {
    expect(new TrustedProxies(['0.0.0.0/0']).has(ipAddress('192.0.2.1', 1))).toBe(true)
  })

  it.each([
    ...[
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/ 8',
      '10.0.0.0/8/8',
      '10.0.0.0/0x8',
      '10.0.0.0/1e1',
    ],
    ...['::1/129', 'localhost', '', '/', '/8', '10.0.0', '*'],
  ])('%j is neither an address nor a network', (entry) => {
    expect(() => new TrustedProxies([entry])).toThrow(TypeError)
  })

  it('whatever else is said is refused with a TypeError, and whoever asks gets an answer', () => {
    const piece = fc.constantFrom(
      '10.',
      '0.0.0',
      '::',
      'fd00',
      ':1',
      '/',
      '8',
      '128',
      '%eth0',
      ' ',
      'ffff:',
      '-',
      '+',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, fc.oneof(fc.ipV4(), fc.ipV6()), (entry, address) => {
        let trusted: TrustedProxies
        try {
          trusted = new TrustedProxies([entry])
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          return
        }
        expect(entry === 'unix' || isIP(entry.split('/')[0] ?? '') > 0).toBe(true)
        expect(typeof trusted.has(ipAddress(address, 1))).toBe('boolean')
      }),
      { numRuns: 5_000 },
    )
  })
})
