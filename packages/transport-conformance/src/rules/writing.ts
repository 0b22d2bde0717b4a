import { expect, it } from 'vitest'
import type { ConformanceOptions } from '../fixture.ts'
import { bytesOf, untilPeer } from '../hearing.ts'
import { play } from '../scene.ts'

/** What a link owes of its writing side. */
export function writingRules({ setup, capabilities }: ConformanceOptions): void {
  const { shape } = capabilities

  it('sends texts and bytes in their order', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      link.call('write', ({ write }) => {
        write.call(link.link, 'ünï')
        write.call(link.link, Buffer.from('cödé '))
        write.call(link.link, 'end')
      })
      await untilPeer(peer, 'all three', () => text(peer.received) === 'ünïcödé end')
      if (shape === 'message') {
        expect(peer.received.map((message) => typeof message)).toEqual(['string', 'object', 'string'])
      }
      expect(link.breaches).toEqual([])
    }))

  if (shape === 'message') {
    it('sends one message for one write, the empty one too', () =>
      play(setup, async ({ pair }) => {
        const { link, peer } = await pair()
        link.read()
        link.call('write', ({ write }) => {
          for (const message of ['', 'a', 'b']) write.call(link.link, message)
        })
        await untilPeer(peer, 'three messages', () => peer.received.length === 3)
        expect(peer.received).toEqual(['', 'a', 'b'])
      }))
  }

  it('says that it buffers when the peer does not read, and tells of the drain', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      peer.pause()
      const chunk = Buffer.alloc(64 * 1024, 'x')
      let written = 0
      let taken = true
      for (let round = 0; round < 1_000 && taken; round += 1) {
        taken = link.call('write', ({ write }) => write.call(link.link, chunk))
        written += chunk.byteLength
        // A link that gathers within a turn says false at first, and drains by itself.
        if (!taken && (await drainsAlone(link))) taken = true
      }
      expect(taken).toBe(false)
      expect(link.link.buffered).toBeGreaterThan(0)
      const before = link.drains
      peer.resume()
      await link.until('the drain', () => link.drains > before)
      expect(link.link.buffered).toBe(0)
      await untilPeer(peer, 'everything', () => bytesOf(peer.received).byteLength === written)
      expect(link.breaches).toEqual([])
    }))

  if (capabilities.longestMessage === undefined) {
    it('sends several megabytes to a slow reader without a gap', () =>
      play(setup, async ({ pair }) => {
        const { link, peer } = await pair()
        link.read()
        peer.pause()
        const parts = Array.from({ length: 40 }, (_, index) => Buffer.alloc(256 * 1024, index))
        for (const part of parts) link.call('write', ({ write }) => write.call(link.link, part))
        const whole = Buffer.concat(parts)
        peer.resume()
        await untilPeer(peer, 'everything', () => size(peer.received) === whole.byteLength)
        expect(Buffer.compare(bytesOf(peer.received), whole)).toBe(0)
      }))
  }

  it('sends what is written between cork and uncork in its order, and says then whether anything is left', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      const { cork, uncork } = link.link
      if (!cork || !uncork) return
      link.call('cork', () => cork.call(link.link))
      for (const part of ['one', 'two', 'three'])
        link.call('write', ({ write }) => write.call(link.link, part))
      const before = link.drains
      const all = link.call('uncork', () => uncork.call(link.link))
      await untilPeer(peer, 'everything', () => text(peer.received) === 'onetwothree')
      if (shape === 'message') expect(peer.received).toEqual(['one', 'two', 'three'])
      if (!all) await link.until('the drain', () => link.drains > before)
    }))

  it('encodes prepared text once, and sends it like any other', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      const { encode, writeEncoded } = link.link
      if (!encode || !writeEncoded) return
      const encoded = encode.call(link.link, 'prepäred')
      link.call('writeEncoded', () => writeEncoded.call(link.link, encoded))
      link.call('writeEncoded', () => writeEncoded.call(link.link, encoded))
      await untilPeer(peer, 'both', () => text(peer.received) === 'prepäredprepäred')
      if (shape === 'message') expect(peer.received).toEqual(['prepäred', 'prepäred'])
    }))
}

/** Does what was written leave within a turn or two, without the peer's help? */
async function drainsAlone(link: { readonly drains: number }): Promise<boolean> {
  const before = link.drains
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (link.drains > before) return true
  }
  return false
}

function text(chunks: readonly (string | Uint8Array)[]): string {
  return Buffer.from(bytesOf(chunks)).toString()
}

function size(chunks: readonly (string | Uint8Array)[]): number {
  return chunks.reduce(
    (sum, chunk) => sum + (typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength),
    0,
  )
}
