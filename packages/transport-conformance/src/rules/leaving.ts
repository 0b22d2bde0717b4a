import { expect } from 'vitest'
import { numbered, pieces, textOf } from '../bytes.ts'
import type { LinkRule } from '../scene.ts'

/** What a link owes when its peer leaves. */
export const leavingRules: readonly LinkRule[] = [
  {
    name: 'tells the end of the peer as what it is, behind everything that was sent',
    async run(scene) {
      const { link, peer } = await scene.pair()
      peer.send('last words')
      peer.close()
      link.read()
      await scene.until('the end', () => link.isOver)
      expect(link.text).toBe('last words')
      if (!scene.capabilities.halfClose) expect(link.closes).toMatchObject([{ by: 'remote' }])
      link.end()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
    },
  },
  {
    name: 'loses nothing of a peer that sends much and leaves while nobody reads',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.attach()
      const whole = numbered(16 * scene.longest)
      for (const piece of pieces(whole, scene.longest)) peer.send(piece)
      peer.close()
      await scene.settle()
      link.onData = () => {
        link.pause()
        setImmediate(() => link.resume())
      }
      link.resume()
      await scene.until('the end', () => link.isOver)
      expect(Buffer.compare(link.bytes, whole)).toBe(0)
      link.end()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
    },
  },
  {
    name: 'stays writable when the peer has ended its side',
    concerns: ({ halfClose }) => halfClose,
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      peer.end()
      await scene.until('the end', () => link.ends > 0)
      await scene.settle()
      expect(link.closes).toEqual([])
      link.write('an answer')
      link.end()
      await scene.until('the answer and the end', () => peer.ended !== undefined)
      expect(textOf(peer.received)).toBe('an answer')
      expect(peer.ended?.clean).toBe(true)
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
      expect(link.ends).toBe(1)
    },
  },
  {
    name: 'tells a reset at once, as unclean',
    concerns: ({ resets }) => resets !== false,
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      peer.send('x')
      await scene.until('a first byte', () => link.size > 0)
      peer.reset()
      await scene.until('the close', () => link.isOver)
      expect(link.ends).toBe(0)
      expect(link.closes[0]?.kind).not.toBe('end')
      expect(link.closes[0]?.by).toBe('remote')
    },
  },
  {
    name: 'tells a reset that came while nobody read, as unclean',
    concerns: ({ resets = true }) => resets === true,
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.attach()
      peer.send(numbered(scene.longest))
      await scene.settle()
      peer.reset()
      await scene.settle()
      if (link.closes.length === 0) link.resume()
      await scene.until('the close', () => link.isOver)
      expect(link.ends).toBe(0)
      expect(link.closes[0]?.kind).not.toBe('end')
    },
  },
  {
    name: 'tells of a peer that left before anybody attached',
    async run(scene) {
      const { link, peer } = await scene.pair()
      peer.reset()
      await scene.until('the reset', () => peer.ended !== undefined)
      await scene.settle()
      link.read()
      // A reset that came before anybody read may look like an end: some systems, and TLS, keep no more of it.
      await scene.until('the end', () => link.isOver)
      link.end()
      await scene.until('the close', () => link.closes.length > 0)
    },
  },
]
