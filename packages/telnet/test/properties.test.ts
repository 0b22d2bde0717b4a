import { deflateSync } from 'node:zlib'
import { createDriver, type Owner, type Socket, type SocketHandlers } from '@mudwire/core'
import { drivenClock, memory } from '@mudwire/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { telnet } from '../src/index.ts'
import { Negotiator } from '../src/negotiator.ts'
import { connected, until } from './support/bench.ts'
import { WireDecoder, WireEncoder } from './support/wire.ts'

const [SE, SB, IAC] = [240, 250, 255] as const
const bytesOf = (text: string): number[] => [...Buffer.from(text)]

const sub = (option: number, body: readonly number[]): number[] => [
  IAC,
  SB,
  option,
  ...body.flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])),
  IAC,
  SE,
]

const OPTIONS = [1, 3, 6, 24, 25, 31, 34, 39, 42, 70, 99, 201]
const option = fc.constantFrom(...OPTIONS)
const body = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 }),
  fc
    .constantFrom(
      '\0MTTS 15',
      '\0XTERM',
      '\0\0CLIENT_NAME\u0001x\u0003y',
      'Core.Hello {}',
      'Core.Supports.Set ["Char 1"]',
      'Comm.Say {"a":[1,{}]}',
      '\u0002UTF-8',
    )
    .map(bytesOf),
)

/** Everything that matters on a wire is frequent in it. */
const wire = fc
  .array(
    fc.oneof(
      fc.constantFrom('look\r\n', 'é', '三', '\r', '\n', '\0', 'x', '\b').map(bytesOf),
      fc.constantFrom(
        [0xff, 0xff],
        [0xe9],
        [0xe2, 0x82],
        [IAC, 241],
        [IAC, 246],
        [IAC, 247],
        [IAC, 249],
        [IAC],
      ),
      fc.tuple(fc.constantFrom(251, 252, 253, 254), option).map(([verb, code]) => [IAC, verb, code]),
      fc.tuple(option, body).map(([code, bytes]) => sub(code, bytes)),
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.flat())

/** A client that has agreed upon everything, so that what it says inside of subnegotiations is read. */
const AGREED = [
  ...[24, 31, 39].flatMap((code) => [IAC, 251, code]),
  ...[25, 42, 201].flatMap((code) => [IAC, 253, code]),
  ...sub(201, bytesOf('Core.Hello {"client":"x"}')),
]

/** Ends whatever command or line somebody may have stopped in. */
const COMPLETED = [0, IAC, SE, ...bytesOf('\r\n')]

interface Heard {
  readonly items: unknown[]
  readonly owners: string[]
}

/** Plays a stream, cut in pieces, to owners that hand the connection on after so many items. */
async function play(
  stream: readonly number[],
  sizes: readonly number[],
  handOver: number,
  compression = false,
): Promise<Heard> {
  const clock = drivenClock()
  const driver = createDriver(clock)
  const network = memory({ clock })
  const items: unknown[] = []
  const owners: string[] = []
  let current = 'first'
  const heard = (by: string, socket: Socket, item: unknown): void => {
    owners.push(by === current ? 'owner' : `${by} instead of ${current}`)
    items.push(item)
    if (handOver === 0 || items.length % handOver !== 0) return
    const next = by === 'first' ? second : first
    const before = current
    current = by === 'first' ? 'second' : 'first'
    if (!socket.release(next.ref).acquired) current = before
  }
  const handlers = (by: string): SocketHandlers => ({
    line: (text, _info, socket) => heard(by, socket, text),
    signal: (signal, socket) => heard(by, socket, [signal.name, signal.payload]),
  })
  const ownerNamed = (name: string): Owner =>
    driver.owner(name, {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire(handlers(name))),
    })
  const first = ownerNamed('first')
  const second = ownerNamed('second')
  const listener = first.listen(telnet(network, { clock, compression }), {
    accepted: (offer) => void offer.acquire(handlers('first')),
  })
  await listener.opened
  const peer = network.dial()
  clock.run()
  let start = 0
  for (let index = 0; start < stream.length; index += 1) {
    const size = sizes.length === 0 ? stream.length : (sizes[index % sizes.length] as number)
    peer.send(Uint8Array.from(stream.slice(start, start + size)))
    start += size
    clock.run()
  }
  peer.end()
  clock.run()
  // What was compressed comes out on later turns.
  if (compression) await until(() => items.at(-1) === 'end', clock)
  return { items, owners }
}

/** However a stream is cut and handed over, the same comes of it, and comes to whoever owns it. */
async function expectSame(
  stream: readonly number[],
  sizes: readonly number[],
  handOver: number,
  compression = false,
): Promise<void> {
  const whole = await play(stream, [], 0, compression)
  const cut = await play(stream, sizes, handOver, compression)
  expect(cut.items).toEqual(whole.items)
  expect(new Set([...cut.owners, 'owner'])).toEqual(new Set(['owner']))
}

describe('whatever arrives', () => {
  it('gives the same lines and signals however it is cut and handed over, to whoever owns it', async () => {
    await fc.assert(
      fc.asyncProperty(
        wire,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom([], AGREED, [IAC, 251, 3, IAC, 253, 3, ...AGREED]),
        async (said, sizes, handOver, before) => {
          const stream = [...before, ...said]
          await expectSame(stream, sizes, handOver)
        },
      ),
    )
  })

  it('is the same out of a compressed stream with plain text behind it (MCCP3)', async () => {
    await fc.assert(
      fc.asyncProperty(
        wire,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 3 }),
        async (said, sizes, handOver) => {
          const compressed = deflateSync(Uint8Array.from([...AGREED, ...said, ...COMPLETED]))
          const stream = [IAC, 253, 87, IAC, SB, 87, IAC, SE, ...compressed, ...bytesOf('end\r\n')]
          await expectSame(stream, sizes, handOver, true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('comes to an owner that reads bytes as the client meant it, byte for byte', async () => {
    const meant = fc.array(fc.constantFrom(0, 10, 13, 65, 0x80, 0xe9, 255), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(
        meant,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
        async (bytes, sizes) => {
          const read: number[] = []
          const connection = await connected({
            charset: 'utf-8',
            handlers: () => ({ bytes: (chunk) => void read.push(...chunk) }),
          })
          const encoded = new WireEncoder().encode(Uint8Array.from(bytes))
          for (let start = 0, index = 0; start < encoded.length; index += 1) {
            const size = sizes[index % sizes.length] as number
            connection.say(...encoded.subarray(start, start + size))
            start += size
          }
          expect(read).toEqual(bytes)
        },
      ),
    )
  })

  it('is looked at to its last byte, however much of it is plain and wherever in memory it stands', async () => {
    const connection = await connected()
    const sent: string[] = []
    const kinds = [
      { bytes: [0], text: '' },
      { bytes: [0xe9], text: 'é' },
      { bytes: [IAC, IAC], text: 'ÿ' },
    ]
    for (const length of [60, 63, 64, 65, 66, 67, 79, 80, 81]) {
      for (let before = 0; before <= length; before += 1) {
        for (const { bytes, text } of kinds) {
          const line = [
            ...bytesOf('x'.repeat(before)),
            ...bytes,
            ...bytesOf(`${'x'.repeat(length - before)}\r\n`),
          ]
          const offset = sent.length % 5
          connection.peer.send(Uint8Array.from([...bytesOf('?'.repeat(offset)), ...line]).subarray(offset))
          sent.push('x'.repeat(before) + text + 'x'.repeat(length - before))
        }
      }
    }
    connection.clock.run()
    expect(connection.heard).toEqual(sent)
  })

  it('is survived: no bytes at all throw, or make a line of a command', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.array(option), async (noise, codes) => {
        const connection = await connected()
        connection.say(...codes.flatMap((code) => [IAC, 251, code, IAC, 253, code]))
        connection.say(...codes.flatMap((code) => sub(code, [...noise])), ...noise)
        connection.clock.advance(5_000)
        expect(['open', 'closed', 'closing']).toContain(connection.socket.state)
      }),
    )
  })
})

describe('whatever is written', () => {
  const chunk = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.uint8Array({ maxLength: 20 }))

  it('comes out escaped, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const connection = await connected()
        for (const part of chunks) {
          connection.socket.write(part)
          connection.clock.run()
        }
        const data = new WireDecoder().decode(connection.peer.bytes)
        expect(Buffer.from(data).toString('hex')).toBe(expected(chunks).toString('hex'))
      }),
    )
  })

  it('comes out escaped in memory of its own, however much it is', async () => {
    const connection = await connected()
    const chunks = [100, 8_191, 8_192, 8_193, 30_000].map((size, seed) =>
      Uint8Array.from({ length: size }, (_, index) => 255 - ((index * (seed + 1)) % 7)),
    )
    for (const part of chunks) connection.socket.write(part)
    connection.clock.run()
    const data = new WireDecoder().decode(connection.peer.bytes)
    expect(Buffer.from(data).equals(expected(chunks))).toBe(true)
  })

  it('reaches a client of our own as it was, compressed or not, whoever of two owners wrote it', async () => {
    for (const compression of [false, true]) {
      await fc.assert(
        fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), async (chunks) => {
          const driver = createDriver()
          const network = memory()
          const read: Uint8Array[] = []
          const options = { compression, charset: 'utf-8' } as const
          const half = Math.ceil(chunks.length / 2)
          const second = driver.owner('second', {
            offered(offer) {
              const socket = offer.kind === 'stream' ? offer.acquire({ text: () => {} }) : undefined
              for (const part of chunks.slice(half)) socket?.write(part)
              setImmediate(() => socket?.close())
            },
          })
          const listener = driver.owner('first').listen(telnet(network, options), {
            accepted(offer) {
              const socket = offer.acquire({ text: () => {} })
              for (const part of chunks.slice(0, half)) socket?.write(part)
              // By then compression has been agreed upon, or not yet: the hand-over is in the middle of it.
              setImmediate(() => void socket?.release(second.ref))
            },
          })
          await listener.opened
          await new Promise<void>((resolve) => {
            driver.owner('client').connect(telnet(network, { ...options, side: 'client' }), {
              bytes: (bytes) => void read.push(Uint8Array.from(bytes)),
              close: () => resolve(),
            })
          })
          expect(Buffer.concat(read).toString('hex')).toBe(expected(chunks).toString('hex'))
          await driver.close({ deadlineMs: 0 })
        }),
        { numRuns: 30 },
      )
    }
  })
})

/** A lone LF of a text becomes CR LF; everything else is as it was. */
function expected(chunks: readonly (string | Uint8Array)[]): Buffer {
  let before = 0
  const bytes: number[] = []
  for (const part of chunks) {
    for (const byte of Buffer.from(part as string)) {
      if (byte === 10 && before !== 13 && typeof part === 'string') bytes.push(13)
      bytes.push(byte)
      before = byte
    }
  }
  return Buffer.from(bytes)
}

describe('two negotiators', () => {
  it('always come to rest, and agree', () => {
    const request = fc.record({
      by: fc.constantFrom(0, 1),
      party: fc.constantFrom('us', 'him' as const),
      isOn: fc.boolean(),
      wait: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), fc.array(fc.boolean()), (requests, consents) => {
        const queues: number[][][] = [[], []]
        let consent = 0
        const make = (side: 0 | 1): Negotiator =>
          new Negotiator(
            {
              send: (bytes) => void queues[side]?.push([...bytes]),
              allows: () => consents[consent++ % consents.length] ?? true,
              changed: () => {},
              answered: () => {},
              now: () => 0,
            },
            () => 0,
          )
        const sides = [make(0), make(1)] as const
        let sent = 0
        const deliver = (side: number): boolean => {
          const command = queues[side]?.shift()
          if (!command) return false
          sent += 1
          sides[1 - side]?.received(command[1] as 251, 7)
          return true
        }
        for (const { by, party, isOn, wait } of requests) {
          sides[by]?.request(7, party, isOn)
          for (let turn = 0; turn < wait; turn += 1) deliver(turn % 2)
        }
        while (deliver(0) || deliver(1)) expect(sent).toBeLessThan(20 + requests.length * 8)
        expect(sides[0].has(7, 'us')).toBe(sides[1].has(7, 'him'))
        expect(sides[0].has(7, 'him')).toBe(sides[1].has(7, 'us'))
      }),
      // A loop was found after 3,749 of them.
      { numRuns: 10_000 },
    )
  })
})
