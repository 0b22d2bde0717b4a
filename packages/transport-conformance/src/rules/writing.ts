import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { bytesOf, numbered, pieces, sizeOf, textOf } from '../bytes.ts'
import type { CheckedLink } from '../checked-link.ts'
import type { LinkRule, Scene } from '../scene.ts'
import { turn } from '../waiting.ts'

/** Long enough for whatever a link does only for long texts; characters of one, two, three and four bytes. */
const TEXTS = ['a', 'ünï', '三つの願い', '🐉🐲', 'plain '.repeat(500), 'ünï🐉'.repeat(500)]

/** What a link owes of its writing side. */
export const writingRules: readonly LinkRule[] = [
  {
    name: 'sends texts and bytes in their order',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const chunks = TEXTS.flatMap((text) => [text, Buffer.from(text)])
      for (const chunk of chunks) link.write(chunk)
      await scene.until('everything', () => sizeOf(peer.received) >= sizeOf(chunks))
      expect(textOf(peer.received)).toBe(textOf(chunks))
      if (scene.capabilities.shape === 'stream') return
      expect(peer.received.map((message) => typeof message)).toEqual(chunks.map((chunk) => typeof chunk))
    },
  },
  {
    name: 'sends one message for one write, the empty ones too',
    concerns: ({ shape }) => shape === 'message',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const messages = ['', 'a', 'b', new Uint8Array(0), new Uint8Array([1]), '']
      for (const message of messages) link.write(message)
      await scene.until('every message', () => peer.received.length >= messages.length)
      const received = peer.received.map((chunk) =>
        typeof chunk === 'string' ? chunk : new Uint8Array(chunk),
      )
      expect(received).toEqual(messages)
    },
  },
  {
    name: 'takes empty writes, which add nothing to a stream',
    concerns: ({ shape }) => shape === 'stream',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      for (const chunk of ['', 'one ', new Uint8Array(0), '', 'two']) link.write(chunk)
      await scene.until('what is not empty', () => sizeOf(peer.received) >= 7)
      expect(textOf(peer.received)).toBe('one two')
    },
  },
  {
    name: 'says that it buffers when the peer does not read, and tells of the drain',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      await scene.settle()
      peer.pause()
      // Nothing that a transport could make smaller on the way.
      const chunk = randomBytes(scene.longest)
      let written = 0
      let isStuck = false
      while (!isStuck && written < 64 * 1024 * 1024) {
        written += chunk.byteLength
        // What is left for a turn only, by a link that gathers or encrypts, drains by itself.
        isStuck = !link.write(chunk) && !(await drainsAlone(scene, link))
      }
      expect(isStuck, 'a link says false to whoever writes without end').toBe(true)
      expect(link.link.buffered).toBeGreaterThan(0)
      // That it does not drain too early is looked at whenever it does.
      const before = link.drains
      peer.resume()
      await scene.until('the drain', () => link.drains > before)
      expect(link.link.buffered).toBe(0)
      await scene.until('everything', () => sizeOf(peer.received) >= written)
      expect(sizeOf(peer.received)).toBe(written)
    },
  },
  {
    name: 'sends several megabytes to a slow reader without a gap',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      peer.pause()
      const whole = numbered(10 * 1024 * 1024)
      for (const piece of pieces(whole, scene.longest)) link.write(piece)
      while (sizeOf(peer.received) < whole.byteLength) {
        const before = sizeOf(peer.received)
        peer.resume()
        await scene.until('more', () => sizeOf(peer.received) > before)
        peer.pause()
        await turn()
      }
      expect(Buffer.compare(bytesOf(peer.received), whole)).toBe(0)
    },
  },
  {
    name: 'sends one large chunk whole',
    concerns: ({ shape }) => shape === 'stream',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const whole = numbered(8 * 1024 * 1024)
      link.write(whole)
      await scene.until('everything', () => sizeOf(peer.received) >= whole.byteLength)
      expect(Buffer.compare(bytesOf(peer.received), whole)).toBe(0)
    },
  },
  {
    name: 'sends what is written between cork and uncork in its order, and says then whether anything is left',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const all = link.writeTogether(['one', 'two', 'three'])
      if (all === undefined) scene.skip('the link has no cork')
      await scene.until('everything', () => sizeOf(peer.received) >= 11)
      expect(textOf(peer.received)).toBe('onetwothree')
      if (scene.capabilities.shape === 'message') expect(peer.received).toEqual(['one', 'two', 'three'])
      if (!all) await scene.until('the drain', () => link.drains > 0)
    },
  },
  {
    name: 'sends prepared text like any other',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const text = 'prepäred '
      if (link.writePrepared(text) === undefined) scene.skip('the link prepares no text')
      link.write(text)
      link.writePrepared(text)
      await scene.until('all three', () => sizeOf(peer.received) >= 3 * Buffer.byteLength(text))
      expect(textOf(peer.received)).toBe(text.repeat(3))
      if (scene.capabilities.shape === 'message') expect(peer.received).toEqual([text, text, text])
    },
  },
]

/** Does what was written leave without the peer's help? */
async function drainsAlone(scene: Scene, link: CheckedLink): Promise<boolean> {
  const before = link.drains
  for (let turns = 0; turns < 20 && link.drains === before; turns += 1) await turn()
  if (link.drains === before) await scene.settle()
  return link.drains > before
}
