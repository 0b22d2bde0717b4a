import fc from 'fast-check'
import { expect, it } from 'vitest'
import { frameMudPacket, MudFrames } from '../src/mud-framing.ts'
import { type ReadFrame, readFrame } from './support/frames.ts'

fc.configureGlobal({ numRuns: Number(process.env.FC_RUNS ?? 1_000) })

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 5 })

/** A stream of whole packets, of which some have no NUL. */
const streams = texts.chain((list) =>
  fc
    .array(fc.boolean(), { minLength: list.length, maxLength: list.length })
    .map((nuls) =>
      Buffer.concat(list.map((text, i) => (nuls[i] || text === '' ? frameMudPacket(text) : bare(text)))),
    )
    .map((stream) => ({ list, stream })),
)

/** Any bytes, with headers among them that make sense. */
const garbage = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.nat(9).map((length) => Uint8Array.of(0, 0, 0, length)),
      fc.constant(Uint8Array.of(0xff, 0xff, 0xff, 0xff)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts))

it('finds the same packets at every split', () => {
  fc.assert(
    fc.property(streams, ({ list, stream }) => {
      const expected = list.map((text) => ({ kind: 'packet', text }))
      for (let at = 0; at <= stream.length; at += 1) {
        const frames = new MudFrames()
        const found = [...frames.feed(stream.subarray(0, at)), ...frames.feed(stream.subarray(at))].map(
          readFrame,
        )
        expect(found).toEqual(expected)
        expect(frames.held.byteLength).toBe(0)
      }
      expect(byteByByte(new MudFrames(), stream)).toEqual(expected)
    }),
    { numRuns: 100 },
  )
})

it('makes the same of any bytes however they are cut, and holds no more than one packet', () => {
  fc.assert(
    fc.property(garbage, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (stream, sizes) => {
      const whole = new MudFrames(64)
      const expected = whole.feed(stream).map(readFrame)
      const frames = new MudFrames(64)
      const found: ReadFrame[] = []
      let at = 0
      for (let i = 0; at < stream.length; i += 1) {
        const size = sizes[i % sizes.length] as number
        found.push(...frames.feed(stream.subarray(at, at + size)).map(readFrame))
        expect(frames.held.byteLength).toBeLessThan(4 + 64)
        at += size
      }
      expect(found).toEqual(expected)
      expect([...frames.held]).toEqual([...whole.held])
      expect(expected.findIndex(isViolation)).toBe(expected.some(isViolation) ? expected.length - 1 : -1)
    }),
  )
})

function isViolation(frame: ReadFrame): boolean {
  return frame.kind === 'violation'
}

function byteByByte(frames: MudFrames, stream: Uint8Array): ReadFrame[] {
  return [...stream].flatMap((byte) => frames.feed(Uint8Array.of(byte)).map(readFrame))
}

/** A packet without the NUL, which only a text can do without that does not end with one. */
function bare(text: string): Uint8Array {
  const framed = frameMudPacket(text)
  if (text.endsWith('\0')) return framed
  const packet = framed.slice(0, -1)
  new DataView(packet.buffer).setUint32(0, packet.byteLength - 4)
  return packet
}
