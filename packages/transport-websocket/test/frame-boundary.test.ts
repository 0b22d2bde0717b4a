import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as ws from 'ws'
import { FrameBoundary } from '../src/frame-boundary.ts'

interface Piece {
  readonly bytes: Buffer
  /** The connection may end here without cutting a message. */
  readonly whole: boolean
}

/** A message in one frame or in several, with a ping between, as `ws` itself frames them. */
const message: fc.Arbitrary<Piece[]> = fc
  .record({
    sizes: fc.array(
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(125, 126, 127, 65_535, 65_536)),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    mask: fc.boolean(),
    ping: fc.boolean(),
  })
  .map(({ sizes, mask, ping }) => {
    const frames = sizes.map((size, index) => ({
      bytes: framed(index === 0 ? 2 : 0, size, index === sizes.length - 1, mask),
      whole: index === sizes.length - 1,
    }))
    const between = { bytes: framed(9, 4, true, mask), whole: sizes.length === 1 }
    return ping ? [...frames.slice(0, 1), between, ...frames.slice(1)] : frames
  })

/** `ws` exports its Sender, whose `frame` is public, but has no types for it. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }

function framed(opcode: number, size: number, fin: boolean, mask: boolean): Buffer {
  const options = {
    opcode,
    fin,
    mask,
    rsv1: false,
    readOnly: false,
    generateMask: () => {},
    maskBuffer: Buffer.alloc(4),
  }
  return Buffer.concat(Sender.frame(Buffer.alloc(size, 7), options))
}

it('knows the borders of messages, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 400 })),
      (messages, cuts) => {
        const pieces = messages.flat()
        const bytes = Buffer.concat(pieces.map((piece) => piece.bytes))
        const borders = new Map<number, boolean>([[0, true]])
        let end = 0
        for (const piece of pieces) {
          end += piece.bytes.length
          borders.set(end, piece.whole)
        }
        const boundary = new FrameBoundary()
        let at = 0
        const sizes = [...cuts, bytes.length]
        for (const size of sizes) {
          boundary.feed(bytes.subarray(at, at + size))
          at = Math.min(bytes.length, at + size)
          expect(boundary.isBetweenMessages).toBe(borders.get(at) ?? false)
        }
      },
    ),
  )
})

it('whatever the bytes are, it tells the same wherever they are cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const dripped = new FrameBoundary()
      for (let at = 0; at <= bytes.length; at += 1) {
        const whole = new FrameBoundary()
        whole.feed(bytes.subarray(0, at))
        expect(dripped.isBetweenMessages).toBe(whole.isBetweenMessages)
        const inTwo = new FrameBoundary()
        inTwo.feed(bytes.subarray(0, at))
        inTwo.feed(bytes.subarray(at))
        const all = new FrameBoundary()
        all.feed(bytes)
        expect(inTwo.isBetweenMessages).toBe(all.isBetweenMessages)
        dripped.feed(bytes.subarray(at, at + 1))
      }
    }),
  )
})
