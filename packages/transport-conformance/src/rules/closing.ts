import type { CloseReason } from '@mudwire/core'
import { expect, it } from 'vitest'
import type { ConformanceOptions } from '../fixture.ts'
import { bytesOf, untilPeer } from '../hearing.ts'
import { play } from '../scene.ts'

const FAREWELL = 'so long, and thanks '.repeat(10_000)
const REASON: CloseReason = { by: 'local', kind: 'end', code: 'closed', text: 'bye' }

/** What a link owes at its end. */
export function closingRules({ setup, capabilities }: ConformanceOptions): void {
  const { resets = true } = capabilities

  it('tells the end of the peer as what it is, behind everything that was sent', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      peer.send('last words')
      peer.close()
      link.read()
      await link.until('the end', () => link.ends + link.closes.length > 0)
      expect(link.text).toBe('last words')
      if (!capabilities.halfClose) expect(link.closes).toMatchObject([{ by: 'remote', kind: 'end' }])
      link.call('end', (ended) => ended.end(REASON))
      await link.until('the close', () => link.closes.length > 0)
      expect(link.closes).toMatchObject([{ kind: 'end' }])
      expect(link.breaches).toEqual([])
    }))

  if (capabilities.halfClose) {
    it('stays writable when the peer has ended its side', () =>
      play(setup, async ({ pair }) => {
        const { link, peer } = await pair()
        link.read()
        peer.end()
        await link.until('the end', () => link.ends === 1)
        link.call('write', (open) => open.write('an answer'))
        link.call('end', (open) => open.end(REASON))
        await untilPeer(peer, 'the answer and the end', () => peer.ended !== undefined)
        expect(Buffer.from(bytesOf(peer.received)).toString()).toBe('an answer')
        await link.until('the close', () => link.closes.length === 1)
        expect(link.closes).toMatchObject([{ kind: 'end' }])
        expect(link.ends).toBe(1)
      }))
  }

  it.runIf(resets)('tells a reset at once, as unclean', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      peer.send('x')
      await link.until('a first byte', () => link.chunks.length === 1)
      peer.reset()
      await link.until('the close', () => link.closes.length === 1)
      expect(link.closes[0]?.kind).not.toBe('end')
      expect(link.closes[0]?.by).toBe('remote')
      expect(link.ends).toBe(0)
    }),
  )

  for (const state of ['reading', 'paused', 'paused with input unread', 'never attached'] as const) {
    it(`ends with its whole farewell to a slow reader when it was ${state}`, () =>
      play(setup, async ({ pair }) => {
        const { link, peer } = await pair()
        peer.pause()
        if (state === 'paused with input unread') peer.send('unread '.repeat(1_000))
        if (state === 'reading') link.read()
        else if (state !== 'never attached') link.attach()
        link.call('write', (open) => open.write(FAREWELL))
        link.call('end', (open) => open.end(REASON))
        link.call('end', (open) => open.end(REASON))
        await new Promise((resolve) => setTimeout(resolve, 50))
        peer.resume()
        await untilPeer(peer, 'the end', () => peer.ended !== undefined)
        expect(Buffer.from(bytesOf(peer.received)).toString() === FAREWELL).toBe(true)
        expect(peer.ended?.clean).toBe(true)
        if (state === 'never attached') return
        peer.close()
        await link.until('the close', () => link.closes.length === 1)
        expect(link.closes).toMatchObject([{ kind: 'end' }])
        expect(link.chunks.length === 0 || state === 'reading').toBe(true)
        expect(link.breaches).toEqual([])
      }))
  }

  it('discards what comes after its end', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      link.call('end', (open) => open.end(REASON))
      peer.send('too late')
      peer.close()
      await link.until('the close', () => link.closes.length === 1)
      expect(link.chunks).toEqual([])
      expect(link.ends).toBe(0)
      expect(link.breaches).toEqual([])
    }))

  it('aborts so that the peer can tell it from an end', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      link.call('abort', (open) => open.abort())
      link.call('abort', (open) => open.abort())
      await untilPeer(peer, 'the abort', () => peer.ended !== undefined)
      if (resets) expect(peer.ended?.clean).toBe(false)
      await link.until('the close', () => link.closes.length === 1)
      expect(link.closes).toMatchObject([{ by: 'local', kind: 'abort' }])
      expect(link.breaches).toEqual([])
    }))

  it('may be aborted while it lingers', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      peer.pause()
      for (let round = 0; round < 40; round += 1) link.call('write', (open) => open.write(FAREWELL))
      link.call('end', (open) => open.end(REASON))
      link.call('abort', (open) => open.abort())
      await link.until('the close', () => link.closes.length === 1)
      expect(link.closes).toMatchObject([{ by: 'local', kind: 'abort' }])
      peer.resume()
      await untilPeer(peer, 'the abort', () => peer.ended !== undefined)
    }))

  it('is inert afterwards: every call does nothing', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      peer.send('x')
      await link.until('a first byte', () => link.chunks.length === 1)
      peer.reset()
      await link.until('the end', () => link.ends + link.closes.length > 0)
      link.call('end', (open) => open.end())
      await link.until('the close', () => link.closes.length === 1)
      link.call('anything', (dead) => {
        dead.write('x')
        dead.pause()
        dead.resume()
        dead.end(REASON)
        dead.abort()
      })
      await new Promise((resolve) => setImmediate(resolve))
      expect(link.closes).toHaveLength(1)
      expect(link.breaches).toEqual([])
    }))
}
