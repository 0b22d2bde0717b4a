import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../src/crc32c.ts'
import { parseProxyHeader } from '../src/proxy-header.ts'

const v1 = (line: string): Buffer => Buffer.from(`PROXY ${line}\r\n`)
const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** A version 2 header, of raw parts. */
function v2(versionAndCommand: number, family: number, body: Uint8Array): Buffer {
  const fixed = Buffer.from([versionAndCommand, family, body.length >> 8, body.length & 255])
  return Buffer.concat([SIGNATURE, fixed, body])
}

function tlv(type: number, value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([type, bytes.length >> 8, bytes.length & 255]), bytes])
}

const IPV4_BODY = Buffer.from([192, 0, 2, 1, 198, 51, 100, 2, 0x1f, 0x90, 0x0f, 0xa0])
const IPV6_BODY = Buffer.concat([
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from('00000000000000000000000000000001', 'hex'),
  Buffer.from([0, 1, 0xff, 0xff]),
])

/** A header with a checksum, made as the specification says: over itself, with zeros in the checksum's place. */
function withChecksum(body: Buffer): Buffer {
  const header = v2(0x21, 0x11, Buffer.concat([body, tlv(3, new Uint8Array(4))]))
  header.writeUInt32BE(crc32c(header), header.length - 4)
  return header
}

describe('a PROXY header', () => {
  it.each([
    ['TCP4 192.0.2.1 198.51.100.2 8080 4000', 'IPv4', '192.0.2.1', 8080, '198.51.100.2', 4000],
    ['TCP6 2001:db8::1 ::1 1 65535', 'IPv6', '2001:db8::1', 1, '::1', 65535],
    ['TCP6 ::ffff:192.0.2.1 ::1 0 0', 'IPv4', '192.0.2.1', 0, '::1', 0],
    ['TCP6 ::FFFF:c000:201 0:0::1 0 0', 'IPv4', '192.0.2.1', 0, '::1', 0],
    ['TCP6 2001:DB8:0::1 ::1 0 0', 'IPv6', '2001:db8::1', 0, '::1', 0],
  ])('of version 1: %s', (line, family, address, port, local, localPort) => {
    const bytes = v1(line)
    expect(parseProxyHeader(bytes)).toMatchObject({
      state: 'complete',
      header: {
        length: bytes.length,
        source: { family, address, port },
        destination: { address: local, port: localPort },
      },
    })
  })

  it('of version 1 may know nothing', () => {
    for (const line of ['UNKNOWN', 'UNKNOWN ffff:f...f:ffff 1 2 3']) {
      expect(parseProxyHeader(v1(line))).toMatchObject({ state: 'complete', header: { source: undefined } })
    }
  })

  it.each([
    'TCP4 192.0.2.1 198.51.100.2 8080',
    'TCP4 192.0.2.1 198.51.100.2 8080 4000 5',
    'TCP4 2001:db8::1 ::1 1 2',
    'TCP6 192.0.2.1 198.51.100.2 1 2',
    'TCP4 192.0.2.1 198.51.100.2 08080 4000',
    'TCP4 192.0.2.1 198.51.100.2 65536 4000',
    'TCP4 192.0.2.1 198.51.100.2 -1 4000',
    'TCP4 192.0.2.256 198.51.100.2 1 2',
    'TCP6 fe80::1%eth0 ::1 1 2',
    'UDP4 192.0.2.1 198.51.100.2 1 2',
    'TCP4  192.0.2.1 198.51.100.2 1 2',
    '',
  ])('of version 1 is refused: %j', (line) => {
    expect(parseProxyHeader(v1(line)).state).toBe('invalid')
  })

  it('of version 1 ends within 107 bytes, with CR LF and nothing less', () => {
    expect(parseProxyHeader(Buffer.from(`PROXY UNKNOWN ${'x'.repeat(93)}`)).state).toBe('invalid')
    expect(parseProxyHeader(Buffer.from('PROXY UNKNOWN\n')).state).toBe('invalid')
    expect(parseProxyHeader(Buffer.from('PROXY UNKNOWN\rX')).state).toBe('invalid')
    expect(parseProxyHeader(Buffer.from('PROXY UNKNOWN\r')).state).toBe('incomplete')
  })

  it('of version 2 has addresses of three families', () => {
    expect(parseProxyHeader(v2(0x21, 0x11, IPV4_BODY))).toMatchObject({
      state: 'complete',
      header: {
        length: 28,
        source: { family: 'IPv4', address: '192.0.2.1', port: 8080 },
        destination: { family: 'IPv4', address: '198.51.100.2', port: 4000 },
      },
    })
    expect(parseProxyHeader(v2(0x21, 0x21, IPV6_BODY))).toMatchObject({
      header: {
        source: { family: 'IPv6', address: '2001:db8::1', port: 1 },
        destination: { address: '::1', port: 65535 },
      },
    })
    const mapped = Buffer.concat([
      Buffer.from('00000000000000000000ffffc0000201', 'hex'),
      IPV6_BODY.subarray(16),
    ])
    expect(parseProxyHeader(v2(0x21, 0x21, mapped))).toMatchObject({
      header: { source: { family: 'IPv4', address: '192.0.2.1', port: 1 } },
    })
    const paths = Buffer.alloc(216)
    paths.write('/run/client.sock', 0)
    paths.write('/run/server.sock', 108)
    expect(parseProxyHeader(v2(0x21, 0x31, paths))).toMatchObject({
      header: {
        source: { family: 'unix', address: '/run/client.sock' },
        destination: { address: '/run/server.sock' },
      },
    })
  })

  it('of version 2 may speak for the proxy itself, or know nothing', () => {
    for (const bytes of [
      v2(0x20, 0x00, Buffer.alloc(0)),
      v2(0x20, 0x11, IPV4_BODY),
      v2(0x21, 0x00, Buffer.alloc(5)),
    ]) {
      expect(parseProxyHeader(bytes)).toMatchObject({
        state: 'complete',
        header: { length: bytes.length, source: undefined, destination: undefined },
      })
    }
  })

  it('of version 2 says more behind the addresses', () => {
    const body = Buffer.concat([
      IPV4_BODY,
      tlv(0x01, 'h2'),
      tlv(0x02, 'play.example'),
      tlv(0x20, Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), tlv(0x21, 'TLSv1.3')])),
      tlv(0xee, 'unknown'),
    ])
    expect(parseProxyHeader(v2(0x21, 0x11, body))).toMatchObject({
      header: { authority: 'play.example', secure: true },
    })
  })

  it('of version 2 has a checksum that must hold', () => {
    // The check value of CRC-32C.
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    const good = withChecksum(Buffer.concat([IPV4_BODY, tlv(4, 'padding')]))
    expect(parseProxyHeader(good).state).toBe('complete')
    // Where the checksum's type stands: another type there is no checksum any more.
    const type = good.length - 7
    for (let at = 12; at < good.length; at += 1) {
      if (at === type) continue
      const broken = Buffer.from(good)
      broken[at] = (broken[at] as number) ^ 1
      expect(parseProxyHeader(broken).state, `byte ${at}`).not.toBe('complete')
    }
  })

  it.each([
    ['another version', v2(0x11, 0x11, IPV4_BODY)],
    ['another command', v2(0x22, 0x11, IPV4_BODY)],
    ['a datagram', v2(0x21, 0x12, IPV4_BODY)],
    ['another family', v2(0x21, 0x41, IPV4_BODY)],
    ['too few bytes for its addresses', v2(0x21, 0x11, IPV4_BODY.subarray(1))],
    ['an extension without a length', v2(0x21, 0x11, Buffer.concat([IPV4_BODY, Buffer.from([4, 0])]))],
    ['an extension that is cut off', v2(0x21, 0x11, Buffer.concat([IPV4_BODY, Buffer.from([4, 0, 9, 1])]))],
    ['a checksum of another length', v2(0x21, 0x11, Buffer.concat([IPV4_BODY, tlv(3, 'abc')]))],
    ['more than 4 KiB', v2(0x21, 0x11, Buffer.alloc(4 * 1024))],
  ])('of version 2 is refused: %s', (_what, bytes) => {
    expect(parseProxyHeader(bytes).state).toBe('invalid')
  })

  it('is never guessed: what does not begin like one is refused with the first byte that differs', () => {
    for (const text of ['GET / HTTP/1.1\r\n', 'look\r\n', 'PROXX', '\x16\x03\x01', '\r\n\r\n\0\r\nX']) {
      expect(parseProxyHeader(Buffer.from(text)).state).toBe('invalid')
    }
  })

  it('gives the same result however it arrives, byte by byte included', () => {
    const headers = [
      v1('TCP4 192.0.2.1 198.51.100.2 8080 4000'),
      v1('UNKNOWN'),
      v2(0x21, 0x21, IPV6_BODY),
      withChecksum(IPV4_BODY),
    ]
    for (const header of headers) {
      for (let size = 0; size < header.length; size += 1) {
        expect(parseProxyHeader(header.subarray(0, size)).state, `${size} bytes`).toBe('incomplete')
      }
      const followed = parseProxyHeader(Buffer.concat([header, Buffer.from('look\r\n')]))
      expect(followed).toEqual(parseProxyHeader(header))
    }
  })

  it('never throws, and is decided once and for all, whatever the bytes are and wherever they are cut', () => {
    const beginnings = [
      Buffer.alloc(0),
      Buffer.from('PROXY '),
      Buffer.from('PROXY TCP4 '),
      Buffer.from('PROXY TCP6 ::1 '),
      SIGNATURE,
      Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0, 12])]),
      Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x21, 0, 60]), IPV6_BODY]),
      Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x31, 0, 220])]),
      Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0, 40]), IPV4_BODY]),
    ]
    // Bytes at random, words of a header, and extensions with lengths that may not be theirs.
    const rest = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(fc.constantFrom('TCP4', 'TCP6', ' ', '::1', '1.2.3.4', '65535', '\r', '\n', '\r\n'), {
          maxLength: 20,
        })
        .map((words) => Buffer.from(words.join(''))),
      fc
        .array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 0x20), fc.nat(20), fc.uint8Array({ maxLength: 20 })))
        .map((parts) =>
          Buffer.concat(parts.map(([type, size, value]) => Buffer.from([type, 0, size, ...value]))),
        ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), rest, (beginning, end) => {
        const bytes = Buffer.concat([beginning, end])
        let decided: ReturnType<typeof parseProxyHeader> | undefined
        for (let size = 0; size <= bytes.length; size += 1) {
          const result = parseProxyHeader(bytes.subarray(0, size))
          expect(['complete', 'incomplete', 'invalid']).toContain(result.state)
          // Why it is invalid may become clearer; what it is stays.
          if (decided?.state === 'complete') expect(result).toEqual(decided)
          else if (decided) expect(result.state).toBe(decided.state)
          else if (result.state !== 'incomplete') decided = result
          if (decided?.state === 'complete') expect(decided.header.length).toBeLessThanOrEqual(size)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('is never waited for beyond the longest that may be', () => {
    const endless = fc.constantFrom(Buffer.from('PROXY '), SIGNATURE)
    fc.assert(
      fc.property(
        endless,
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.nat(255),
        (start, next, filler) => {
          const bytes = Buffer.concat([start, next, Buffer.alloc(5_000, filler)])
          expect(parseProxyHeader(bytes).state).not.toBe('incomplete')
        },
      ),
    )
  })
})
