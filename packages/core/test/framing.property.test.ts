import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CloseReason,
  formatAddress,
  ipAddress,
  type SocketHandlers,
  type SocketOptions,
} from '../src/index.ts'
import type { MemoryOptions } from '../src/memory/index.ts'
import { connected, setUp } from './support/setup.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Any bytes at all, with more line ends and beginnings of characters than chance would have. */
const hostile: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom([10], [13], [13, 10], [13, 0], [0]) },
      { weight: 2, arbitrary: fc.constantFrom([0xc3, 0xa9], [0xe2, 0x82, 0xac], [0xf0, 0x9d, 0x84, 0x9e]) },
      {
        weight: 2,
        arbitrary: fc.constantFrom([0xc3], [0xe2, 0x82], [0xf0, 0x9d], [0xf8], [0xed, 0xa0, 0x80]),
      },
      { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => [...bytes]) },
    ),
    { maxLength: 16 },
  )
  .map((parts) => Uint8Array.from(parts.flat()))

/** The lines of a stream as bytes, and whether the last one has an end. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  // Latin-1 has one unit for each byte.
  const parts = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\r\0|\r|\n/)
  if (parts[parts.length - 1] === '') parts.pop()
  return parts.map((part) => new Uint8Array(Buffer.from(part, 'latin1')))
}

interface Heard {
  readonly items: (string | Uint8Array)[]
  readonly close: CloseReason | undefined
  readonly read: number
}

type Mode = 'line' | 'text' | 'bytes'

/** What an owner in this mode hears of these chunks, until the peer ends. */
async function hear(
  chunks: readonly (string | Uint8Array)[],
  mode: Mode,
  options: SocketOptions & MemoryOptions = {},
): Promise<Heard> {
  const bench = setUp(options)
  const items: (string | Uint8Array)[] = []
  let close: CloseReason | undefined
  const handlers = {
    [mode]: (item: string | Uint8Array) => items.push(item),
    close: (reason: CloseReason) => {
      close = reason
    },
  } as SocketHandlers
  const { socket, peer } = await connected(bench, bench.driver.owner('reader'), handlers, options)
  for (const chunk of chunks) peer.send(chunk)
  peer.close()
  bench.clock.run()
  expect(bench.errors).toEqual([])
  return { items, close, read: socket.position.read }
}

function joined(items: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(items.map((item) => Buffer.from(item)))
}

describe('any bytes', () => {
  it('are the same lines, text and bytes at every split', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (bytes) => {
        const lines = linesOf(bytes).map((line) => decoder.decode(line))
        for (let at = 0; at <= bytes.length; at += 1) {
          const halves = [bytes.slice(0, at), bytes.slice(at)]
          const asLines = await hear(halves, 'line')
          expect(asLines.items, `cut at ${at}`).toEqual(lines)
          expect(joined((await hear(halves, 'bytes')).items).equals(bytes)).toBe(true)
          expect((await hear(halves, 'text')).items.join('')).toBe(decoder.decode(bytes))
          expect(asLines).toMatchObject({ read: bytes.length, close: { kind: 'end' } })
        }
      }),
      { numRuns: 100 },
    )
  })

  it('never make a line that is longer than the limit, wherever they are cut', async () => {
    const limit = fc.integer({ min: 1, max: 12 })
    await fc.assert(
      fc.asyncProperty(hostile, fc.integer({ min: 1, max: 5 }), limit, async (bytes, size, lineLimit) => {
        const chunks: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size))
        const lines = linesOf(bytes)
        const tooLong = lines.findIndex((line) => line.byteLength > lineLimit)
        const heard = await hear(chunks, 'line', { lineLimit })
        const allowed = tooLong < 0 ? lines : lines.slice(0, tooLong)
        expect(heard.items).toEqual(allowed.map((line) => decoder.decode(line)))
        expect(heard.close?.code).toBe(tooLong < 0 ? 'end' : 'line-too-long')
      }),
    )
  })

  it('as messages keep the borders of messages, in every mode', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 5 }), async (messages) => {
        const options = { shape: 'message' } as const
        const lines = messages.flatMap((message) => (message.length === 0 ? [message] : linesOf(message)))
        const asLines = await hear(messages, 'line', options)
        expect(asLines.items).toEqual(lines.map((line) => decoder.decode(line)))
        expect((await hear(messages, 'text', options)).items).toEqual(
          messages.map((message) => decoder.decode(message)),
        )
        const asBytes = await hear(messages, 'bytes', options)
        expect(asBytes.items.map((item) => Buffer.from(item))).toEqual(
          messages.map((item) => Buffer.from(item)),
        )
        expect(asLines.read).toBe(asBytes.read)
      }),
    )
  })

  it('are held up to the limit and no further, whatever the pieces they come in', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1_000, max: 8_000 }), async (pieces, heldLimit) => {
        const bench = setUp()
        const { socket, peer } = await connected(
          bench,
          bench.driver.owner('reader'),
          // The first line makes it pause; the rest of the burst has been read already.
          { bytes: () => socket.pause() },
          { heldLimit },
        )
        peer.burst([new Uint8Array(1), ...pieces.map((size) => new Uint8Array(size))])
        bench.clock.run()
        const held = pieces.reduce((sum, size) => sum + size, 0)
        expect(socket.state).toBe(held > heldLimit ? 'closed' : 'open')
        expect(socket.position.read).toBe(1)
      }),
    )
  })
})

it('any text can be told as an address, and any address as text', () => {
  const text = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map((ip) => `::ffff:${ip}`),
  )
  fc.assert(
    fc.property(text, fc.nat(65_535), (host, port) => {
      const address = ipAddress(host, port)
      expect(address.port).toBe(port)
      expect(host.endsWith(address.address)).toBe(true)
      const told = formatAddress(address)
      expect(told.endsWith(`:${port}`)).toBe(true)
      expect(told.includes(address.address)).toBe(true)
      expect(formatAddress({ family: 'unix', address: host })).toBe(host)
    }),
  )
})
