import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { sizeOf } from '../bytes.ts'
import type { LinkRule } from '../scene.ts'
import { turn } from '../waiting.ts'

/** More than every buffer between two programs of one machine. */
const ENDLESS = 64 * 1024 * 1024
/** A link may have read that much when it is paused. */
const READ_AHEAD = 2 * 1024 * 1024

/** What a link owes that is not read from. */
export const pausingRules: readonly LinkRule[] = [
  {
    name: 'pauses so that the peer feels it: who sends without end is blocked',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      link.pause()
      // Nothing that a transport could make smaller on the way.
      const chunk = randomBytes(scene.longest)
      let sent = 0
      while (sent < ENDLESS) {
        peer.send(chunk)
        sent += chunk.byteLength
        await turn()
        if (peer.unsent === 0) continue
        // Either it goes after all, or the peer is stuck.
        await scene.settle()
        if (peer.unsent > READ_AHEAD) break
      }
      expect(peer.unsent, 'bytes that a paused link left with the peer').toBeGreaterThan(0)
      expect(sent, 'bytes that a paused link took').toBeLessThan(ENDLESS)
      expect(link.size).toBeLessThanOrEqual(READ_AHEAD)
      link.resume()
      await scene.until('the rest', () => link.size >= sent)
      expect(link.size).toBe(sent)
    },
  },
  {
    name: 'may be paused inside a delivery, and delivers no more than it had read already',
    async run(scene) {
      const { link, peer } = await scene.pair()
      let deliveries = 0
      link.onData = () => {
        deliveries += 1
        link.pause()
      }
      link.read()
      const pieces = Array.from({ length: 100 }, () => randomBytes(scene.longest))
      const whole = sizeOf(pieces)
      for (const piece of pieces) peer.send(piece)
      await scene.until('a delivery', () => deliveries > 0)
      await scene.settle()
      expect(link.size, 'bytes that a paused link delivered').toBeLessThanOrEqual(READ_AHEAD)
      while (link.size < whole) {
        const before = deliveries
        link.resume()
        await scene.until('more', () => deliveries > before)
      }
      expect(Buffer.compare(link.bytes, Buffer.concat(pieces))).toBe(0)
    },
  },
]
