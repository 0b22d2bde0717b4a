import { createDriver } from '@mudwire/core'
import { drivenClock, memory } from '@mudwire/core/memory'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Terminal, telnet, terminal } from '../src/index.ts'
import { connected } from './support/bench.ts'

/* What is inside of subnegotiations, when the option is agreed upon: anything at all, and what is nearly right. */

const [SE, SB, WILL, DO, IAC] = [240, 250, 251, 253, 255] as const
const [TTYPE, NAWS, NEW_ENVIRON, CHARSET, MSSP, GMCP] = [24, 31, 39, 42, 70, 201] as const

const bytesOf = (text: string): number[] => [...Buffer.from(text)]
const sub = (option: number, body: readonly number[]): number[] => [
  IAC,
  SB,
  option,
  ...body.flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])),
  IAC,
  SE,
]

/** Any bytes, or pieces of what should be there in any order. */
function bodyOf(...pieces: readonly (string | readonly number[])[]): fc.Arbitrary<readonly number[]> {
  const piece = fc.oneof(
    fc.constantFrom(...pieces).map((text) => (typeof text === 'string' ? bytesOf(text) : [...text])),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 }),
  )
  return fc.array(piece, { maxLength: 12 }).map((parts) => parts.flat())
}

const BODIES: readonly (readonly [option: number, body: fc.Arbitrary<readonly number[]>])[] = [
  [TTYPE, bodyOf([0], 'XTERM-256COLOR', 'MTTS 2345', 'MTTS 99999999999', '\x1b[2J', 'x'.repeat(100))],
  [NAWS, bodyOf([0, 80], [0, 24], [255, 255], [0, 0])],
  [
    NEW_ENVIRON,
    bodyOf([0], [1], [2], [3], 'CLIENT_NAME', 'MTTS', '271', '__proto__', 'SCREEN_READER', '\x1b]0;x\x07'),
  ],
  [CHARSET, bodyOf([1], [2], [3], ';UTF-8', ' ISO-8859-1', '[TTABLE ]', [1])],
  [
    GMCP,
    bodyOf(
      'Core.Hello ',
      '{"client":"x\\u001b[2J"}',
      'Core.Supports.Set ',
      '["Char 1"]',
      '{"__proto__":{"hacked":1}}',
      'Char ',
      '[[[[',
      '{"a":1e999}',
    ),
  ],
]

/** Every text that was told, wherever it stands. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
}

function prototypesIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return [Object.getPrototypeOf(value), ...Object.values(value).flatMap(prototypesIn)]
}

function expectInBounds({ size, gmcp, compression: _compression, ...facts }: Terminal): void {
  if (size) {
    expect(size.columns >= 20 && size.columns <= 500).toBe(true)
    expect(size.rows >= 5 && size.rows <= 500).toBe(true)
  }
  expect(gmcp.length).toBeLessThanOrEqual(100)
  for (const text of [...gmcp, ...textsIn(facts)]) {
    expect(text).not.toMatch(/\p{Cc}/u)
    expect(text.length).toBeLessThanOrEqual(64)
  }
}

describe.each(BODIES)('any body of option %i', (option, bodies) => {
  it('leaves the connection as it is, and nothing told is out of bounds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bodies, { minLength: 1, maxLength: 6 }), async (sent) => {
        const connection = await connected()
        connection.say(IAC, option === CHARSET || option === GMCP ? DO : WILL, option)
        if (option === GMCP) connection.say(...sub(GMCP, bytesOf('Core.Hello {}')))
        for (const body of sent) connection.say(...sub(option, body))
        connection.clock.advance(3_000)
        connection.say('still here\r\n')

        expect(connection.heard.at(-1)).toBe('still here')
        expect(connection.heard.filter((item) => typeof item === 'string')).toHaveLength(1)
        expectInBounds(terminal(connection.socket))
        for (const prototype of prototypesIn(connection.heard)) {
          expect([Object.prototype, Array.prototype, null]).toContain(prototype)
        }
        expect(({} as { hacked?: number }).hacked).toBeUndefined()
      }),
    )
  })
})

describe('any body of MSSP, and of everything, at a client', () => {
  it('leaves the connection as it is, and is told as plain texts', async () => {
    const mssp = bodyOf([1], [2], 'NAME', 'PLAYERS', '12', '__proto__', 'constructor', '\x1b[2J')
    const any = fc.tuple(
      fc.constantFrom(TTYPE, NAWS, NEW_ENVIRON, CHARSET, GMCP),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            mssp.map((body) => [MSSP, body] as const),
            any,
          ),
          { maxLength: 8 },
        ),
        async (sent) => {
          const clock = drivenClock()
          const network = memory({ clock })
          const driver = createDriver(clock)
          onTestFinished(() => void driver.close({ deadlineMs: 0 }))
          const heard: unknown[] = []
          const socket = driver
            .owner('client')
            .connect(telnet(network, { clock, side: 'client', client: { gmcp: ['Char 1'] } }), {
              line: (text) => void heard.push(text),
              signal: ({ name, payload }) => void heard.push([name, payload]),
            })
          const server = network.answer()
          await socket.opened
          clock.run()
          const say = (...bytes: readonly number[]): void => {
            server.send(Uint8Array.from(bytes))
            clock.run()
          }
          for (const option of [MSSP, CHARSET, GMCP]) say(IAC, WILL, option)
          for (const option of [TTYPE, NAWS, NEW_ENVIRON]) say(IAC, DO, option)
          for (const [option, body] of sent) say(...sub(option, body))
          say(...bytesOf('still here\r\n'))
          expect(heard.at(-1)).toBe('still here')
          const told = heard.filter((item) => Array.isArray(item) && item[0] === 'mssp')
          for (const text of textsIn(told)) expect(text).not.toMatch(/\p{Cc}/u)
        },
      ),
    )
  })
})
