import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bench, connected, setUp } from './support/setup.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const decode = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Bytes in which everything that matters to a reader is frequent: line ends, and characters whole and broken. */
const interestingBytes = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\n', '\r', '\r\n', '\r\0', '\0', 'a', 'look', ' ', 'é', '€', '𝄞', '\uFEFF')
        .map((s) => [...new TextEncoder().encode(s)]),
      fc.constantFrom(
        [0xc3],
        [0xe2, 0x82],
        [0xf0, 0x9d, 0x84],
        [0x80],
        [0xff],
        [0xed, 0xa0, 0x80],
        [0xc0, 0xaf],
        [0xf4, 0x90],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flat()))

const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 40 })

function pieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const result: Uint8Array[] = []
  let start = 0
  for (const size of sizes) {
    if (start >= bytes.length) break
    result.push(bytes.slice(start, start + size))
    start += size
  }
  if (start < bytes.length) result.push(bytes.slice(start))
  return result
}

/** Each piece as a text where that says the same, so that both kinds of item are met. */
function mixed(chunks: readonly Uint8Array[], asText: readonly boolean[]): (string | Uint8Array)[] {
  return chunks.map((chunk, index) => {
    const text = decode(chunk)
    return asText[index % asText.length] && !text.includes('\uFFFD') ? text : chunk
  })
}

const LINE_END = /\r\n|\r\0|\r|\n/

function linesOf(text: string): string[] {
  const lines = text.split(LINE_END)
  // What stands behind the last line end is a line only if there is something.
  if (lines[lines.length - 1] === '') lines.pop()
  return lines
}

describe('reading a stream', () => {
  it('gives the same lines however the bytes are cut and whichever arrive as text', async () => {
    await fc.assert(
      fc.asyncProperty(
        interestingBytes,
        cuts,
        fc.array(fc.boolean(), { minLength: 1 }),
        async (bytes, sizes, kinds) => {
          const bench = setUp()
          const lines: string[] = []
          const { peer } = await connected(bench, bench.driver.owner('reader'), {
            line: (text) => lines.push(text),
          })
          for (const chunk of mixed(pieces(bytes, sizes), kinds)) peer.send(chunk)
          peer.end()
          bench.clock.run()
          expect(lines).toEqual(linesOf(decode(bytes)))
        },
      ),
    )
  })

  it('gives the same text however the bytes are cut, and never half a character', async () => {
    await fc.assert(
      fc.asyncProperty(interestingBytes, cuts, async (bytes, sizes) => {
        const bench = setUp()
        let text = ''
        const { peer } = await connected(bench, bench.driver.owner('reader'), {
          text: (chunk) => {
            text += chunk
          },
        })
        for (const chunk of pieces(bytes, sizes)) peer.send(chunk)
        peer.end()
        bench.clock.run()
        expect(text).toBe(decode(bytes))
      }),
    )
  })

  it('loses nothing when the mode changes anywhere', async () => {
    const modes = fc.array(fc.constantFrom('line', 'text', 'bytes' as const), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(interestingBytes, cuts, modes, async (bytes, sizes, order) => {
        const bench = setUp()
        await readInTurns(bench, bytes, sizes, order)
      }),
    )
  })
})

type Mode = 'line' | 'text' | 'bytes'

/** Changes the mode after every delivery, and checks each delivery against the bytes that its position says. */
async function readInTurns(
  bench: Bench,
  bytes: Uint8Array,
  sizes: readonly number[],
  order: readonly Mode[],
): Promise<void> {
  let at = 0
  let turn = 0
  let previous: Mode | undefined
  const next = (): Mode => order[turn % order.length] as Mode
  const check = (read: number, matches: (part: Uint8Array) => boolean): void => {
    const part = bytes.slice(at, read)
    expect(matches(part), `${next()} of ${JSON.stringify(decode(part))} at ${at}`).toBe(true)
    at = read
    previous = next()
    turn += 1
    socket.handle(handlersFor(next()))
  }
  // After a line that ended with CR, the second half of a pair is swallowed, whatever the mode is by then.
  const behindCr = (part: Uint8Array): Uint8Array =>
    previous === 'line' && bytes[at - 1] === 13 && (part[0] === 10 || part[0] === 0) ? part.slice(1) : part
  const handlersFor = (mode: Mode): Parameters<typeof socket.handle>[0] => {
    if (mode === 'line') {
      return {
        line: (text, info) =>
          check(socket.position.read, (part) => {
            const body = decode(behindCr(part))
            return info.terminated
              ? body.replace(/(\r\n|\r\0|\r|\n)$/, '') === text && body !== text
              : body === text
          }),
      }
    }
    if (mode === 'text') {
      return { text: (chunk) => check(socket.position.read, (part) => decode(behindCr(part)) === chunk) }
    }
    return {
      bytes: (chunk) => check(socket.position.read, (part) => Buffer.compare(behindCr(part), chunk) === 0),
    }
  }
  const { socket, peer } = await connected(bench, bench.driver.owner('reader'))
  socket.handle(handlersFor(next()))
  for (const chunk of pieces(bytes, sizes)) {
    peer.send(chunk)
    bench.clock.run()
  }
  peer.end()
  bench.clock.run()
  expect(bench.errors.map(({ error }) => error)).toEqual([])
  // A last line end may be half of a pair whose second half never came to be delivered with anything.
  expect(bytes.length - at).toBeLessThanOrEqual(1)
  expect(socket.position.read).toBe(bytes.length)
}
