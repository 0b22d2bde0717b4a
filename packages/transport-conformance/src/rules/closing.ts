import type { CloseReason } from '@mudwire/core'
import { expect } from 'vitest'
import { sizeOf, textOf } from '../bytes.ts'
import type { LinkRule } from '../scene.ts'

/** More than a link passes on at once, and less than core's hard limit. */
const FAREWELL = 'so long, and thanks '.repeat(10_000)
/** More than the buffers of the system take for a peer that does not read. */
const FAREWELLS = 300
const REASON: CloseReason = { by: 'local', kind: 'end', code: 'closed', text: 'bye' }

type State = 'reading' | 'paused' | 'paused with input unread' | 'never attached'

/** What a link owes when it is ended, and when it is aborted. */
export const closingRules: readonly LinkRule[] = [
  farewell('reading'),
  farewell('paused'),
  farewell('paused with input unread'),
  farewell('never attached'),
  {
    name: 'lingers: it discards what comes after its end, and closes when the peer has ended too',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      await scene.settle()
      peer.pause()
      for (let count = 0; count < 20; count += 1) link.write(FAREWELL)
      link.end(REASON)
      for (let count = 0; count < 20; count += 1) peer.send(new Uint8Array(scene.longest))
      await scene.settle()
      expect(link.closes, 'a close while the peer has not ended').toEqual([])
      peer.resume()
      await scene.until('the end', () => peer.ended !== undefined)
      expect(peer.ended?.clean).toBe(true)
      expect(sizeOf(peer.received)).toBe(20 * FAREWELL.length)
      peer.close()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
      expect(link.chunks).toEqual([])
    },
  },
  {
    name: 'aborts so that the peer can tell it from an end',
    concerns: ({ resets }) => resets !== false,
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      link.write('x')
      await scene.until('a first byte', () => sizeOf(peer.received) > 0)
      link.abort()
      await scene.until('the abort', () => peer.ended !== undefined)
      expect(peer.ended?.clean).toBe(false)
    },
  },
  {
    name: 'aborts at once, whatever is unsent, and says how much was lost',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      peer.pause()
      for (let count = 0; count < FAREWELLS; count += 1) link.write(FAREWELL)
      const { buffered } = link.link
      expect(buffered).toBeGreaterThan(0)
      link.abort()
      link.abort()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ by: 'local', kind: 'abort' }])
      expect(link.link.buffered).toBe(buffered)
      peer.resume()
      // What a system has taken may still arrive, and an end behind it: not every one tells of a reset then.
      await scene.until('the abort', () => peer.ended !== undefined)
      expect(sizeOf(peer.received)).toBeLessThan(FAREWELLS * FAREWELL.length)
    },
  },
  {
    name: 'may be aborted while it lingers',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      peer.pause()
      for (let count = 0; count < FAREWELLS; count += 1) link.write(FAREWELL)
      link.end(REASON)
      link.abort()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ by: 'local', kind: 'abort' }])
      peer.resume()
      await scene.until('the abort', () => peer.ended !== undefined)
    },
  },
  {
    name: 'is inert afterwards: every call does nothing, and nothing follows the close',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      link.write('x')
      await scene.until('a first byte', () => sizeOf(peer.received) > 0)
      peer.send('y'.repeat(1000))
      link.abort()
      await scene.until('the close', () => link.closes.length > 0)
      link.write('x')
      link.writePrepared('x')
      link.writeTogether(['x'])
      link.signal('no such signal', undefined)
      link.pause()
      link.resume()
      link.end(REASON)
      link.abort()
      await scene.settle()
      expect(link.closes).toHaveLength(1)
    },
  },
  {
    name: 'still knows its addresses and facts when it is closed',
    async run(scene) {
      const { link, peer } = await scene.pair()
      link.read()
      const { local, remote, facts } = link.link
      const before = structuredClone({ local, remote, facts })
      peer.reset()
      await scene.until('the end', () => link.isOver)
      link.end()
      await scene.until('the close', () => link.closes.length > 0)
      expect({ local: link.link.local, remote: link.link.remote, facts: link.link.facts }).toEqual(before)
    },
  },
]

/** The whole farewell reaches a slow reader, and an end behind it, whatever state the link was in. */
function farewell(state: State): LinkRule {
  return {
    name: `ends with its whole farewell to a slow reader when it was ${state}`,
    async run(scene) {
      const { link, peer } = await scene.pair()
      await scene.settle()
      peer.pause()
      if (state === 'paused with input unread') peer.send('unread '.repeat(1_000))
      if (state === 'reading') link.read()
      else if (state !== 'never attached') link.attach()
      link.write(FAREWELL)
      link.end(REASON)
      link.end(REASON)
      link.write('too late')
      await scene.settle()
      peer.resume()
      await scene.until('the end', () => peer.ended !== undefined)
      expect(textOf(peer.received) === FAREWELL, 'the farewell is whole').toBe(true)
      expect(peer.ended?.clean).toBe(true)
      if (state === 'never attached') return
      peer.close()
      await scene.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
      expect(link.chunks).toEqual([])
    },
  }
}
