import { expect } from 'vitest'
import { numbered, pieces, sizeOf } from '../bytes.ts'
import type { LinkRule } from '../scene.ts'

/** Characters of one, two, three and four bytes. */
const TEXT = 'Ein Märchen: 三つの願い, 🐉.'

/** What a link owes of its reading side. */
export const readingRules: readonly LinkRule[] = [
  {
    name: 'is born paused: nothing is delivered before resume, and then everything in order',
    async run(scene) {
      const { link, peer } = await scene.pair()
      for (const text of ['one ', 'two ', 'three']) peer.send(text)
      await scene.settle()
      link.attach()
      await scene.settle()
      expect(link.chunks).toEqual([])
      link.resume()
      await scene.until('three pieces', () => link.size === 13)
      expect(link.text).toBe('one two three')
    },
  },
  {
    name: 'delivers large input byte for byte',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const whole = numbered(64 * scene.longest)
      for (const piece of pieces(whole, scene.longest)) peer.send(piece)
      await scene.until('all of it', () => link.size >= whole.byteLength)
      expect(Buffer.compare(link.bytes, whole)).toBe(0)
    },
  },
  {
    name: 'delivers the same however it is split',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const bytes = Buffer.from(TEXT)
      for (let at = 1; at < bytes.byteLength; at += 1) {
        link.chunks.length = 0
        for (const piece of [bytes.subarray(0, at), bytes.subarray(at)]) {
          const size = link.size + piece.byteLength
          peer.send(piece)
          // Each by itself: two that are under way together may arrive as one.
          await scene.until('a piece', () => link.size >= size)
        }
        expect(link.text).toBe(TEXT)
      }
      link.chunks.length = 0
      const size = link.size + bytes.byteLength
      for (const byte of bytes) peer.send(Uint8Array.of(byte))
      await scene.until('every byte', () => link.size >= size)
      expect(link.text).toBe(TEXT)
    },
  },
  {
    name: 'keeps messages apart, texts from bytes, and the empty ones',
    concerns: ({ shape }) => shape === 'message',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const messages = ['text', new Uint8Array([1, 2]), '', new Uint8Array(0), TEXT]
      for (const message of messages) peer.send(message)
      await scene.until('five messages', () => link.chunks.length >= messages.length)
      expect(link.chunks.map(plain)).toEqual(messages)
    },
  },
  {
    name: 'gives its chunks away: what comes later changes none of them',
    async run(scene) {
      const { link, peer } = await scene.pair()
      const copies: (string | Uint8Array)[] = []
      link.onData = (chunk) => void copies.push(plain(chunk))
      link.read()
      let sent = 0
      for (const piece of pieces(numbered(64 * 1024), 1024)) {
        sent += piece.byteLength
        peer.send(piece)
        await scene.until('a piece', () => link.size >= sent)
      }
      expect(link.chunks.map(plain)).toEqual(copies)
    },
  },
  {
    name: 'carries signals in their place among the data',
    concerns: ({ signals = [] }) => signals.length > 0,
    async run(scene) {
      const { signals = [] } = scene.capabilities
      const { near, far } = await scene.join()
      for (const { name, payload } of signals) {
        near.write('data')
        expect(near.signal(name, payload)).toBe(true)
      }
      near.write('end')
      far.read()
      await scene.until('everything', () => far.text === `${'data'.repeat(signals.length)}end`)
      const expected = signals.map((signal, index) => ({ ...signal, behind: 4 * (index + 1) }))
      expect(far.signals).toEqual(expected)
    },
  },
  {
    name: 'keeps the order in both directions at once, however often it pauses',
    async run(scene) {
      const { link, peer } = await scene.pair()
      const whole = numbered(32 * scene.longest)
      let deliveries = 0
      link.onData = () => {
        deliveries += 1
        if (deliveries % 3 > 0) return
        link.pause()
        setImmediate(() => link.resume())
      }
      link.read()
      for (const piece of pieces(whole, scene.longest)) {
        peer.send(piece)
        link.write(piece)
        if (link.size % 2 === 0) peer.pause()
        else peer.resume()
      }
      peer.resume()
      await scene.until('all that was sent', () => link.size >= whole.byteLength)
      await scene.until('all that was written', () => sizeOf(peer.received) >= whole.byteLength)
      expect(Buffer.compare(link.bytes, whole)).toBe(0)
      expect(Buffer.compare(Buffer.concat(peer.received as Uint8Array[]), whole)).toBe(0)
    },
  },
]

/** A copy, without the kind of array that the transport uses. */
function plain(chunk: string | Uint8Array): string | Uint8Array {
  return typeof chunk === 'string' ? chunk : new Uint8Array(chunk)
}
