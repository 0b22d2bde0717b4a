import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { ConformanceOptions } from '../fixture.ts'
import { bytesOf, untilPeer } from '../hearing.ts'
import { play } from '../scene.ts'

/** More than every buffer between two programs of one machine. */
const ENDLESS = 64 * 1024 * 1024

/** What a link owes of its reading side. */
export function readingRules({ setup, capabilities }: ConformanceOptions): void {
  const { shape } = capabilities
  const longest = Math.min(capabilities.longestMessage ?? 64 * 1024, 64 * 1024)

  it('is born paused: nothing is delivered before resume, and then everything in order', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      for (const text of ['one ', 'two ', 'three']) peer.send(text)
      link.attach()
      await new Promise((resolve) => setImmediate(resolve))
      expect(link.chunks).toEqual([])
      link.call('resume', ({ resume }) => resume.call(link.link))
      await link.until('three pieces', () => link.text === 'one two three')
      expect(link.breaches).toEqual([])
    }))

  it('delivers large input byte for byte', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      const sent = Array.from({ length: 64 }, (_, index) => Buffer.alloc(longest, index))
      for (const chunk of sent) peer.send(chunk)
      const whole = Buffer.concat(sent)
      await link.until('all of it', () => link.bytes.byteLength === whole.byteLength)
      expect(Buffer.compare(link.bytes, whole)).toBe(0)
    }))

  it('delivers what is sent byte by byte', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      const text = 'every single byte, ünïcödé as well'
      for (const byte of Buffer.from(text)) peer.send(Uint8Array.of(byte))
      await link.until('every byte', () => link.text === text)
    }))

  if (shape === 'message') {
    it('keeps messages apart, texts from bytes, and the empty ones', () =>
      play(setup, async ({ pair }) => {
        const { link, peer } = await pair()
        link.read()
        const messages = ['text', new Uint8Array([1, 2]), '', new Uint8Array(0), 'ünïcödé']
        for (const message of messages) peer.send(message)
        await link.until('five messages', () => link.chunks.length === 5)
        expect(
          link.chunks.map((chunk) => (typeof chunk === 'string' ? chunk : new Uint8Array(chunk))),
        ).toEqual(messages)
      }))
  }

  it('pauses so that the peer feels it, and goes on where it stopped', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      link.read()
      link.call('pause', ({ pause }) => pause.call(link.link))
      // Nothing that a transport could make smaller on the way.
      const chunk = randomBytes(longest)
      for (let sent = 0; sent < ENDLESS; sent += chunk.byteLength) peer.send(chunk)
      await quiet()
      expect(peer.unsent).toBeGreaterThan(ENDLESS / 4)
      expect(link.bytes.byteLength).toBeLessThan(ENDLESS / 4)
      link.call('resume', ({ resume }) => resume.call(link.link))
      await link.until('the rest', () => bytesLength(link.chunks) >= ENDLESS)
    }))

  it('may be paused inside a delivery, and delivers no more than it had read already', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      let paused = 0
      link.onData = () => {
        paused += 1
        link.link.pause()
      }
      link.read()
      for (let index = 0; index < 50; index += 1) peer.send(Buffer.alloc(longest, index))
      await link.until('a delivery', () => paused > 0)
      await quiet()
      expect(bytesLength(link.chunks)).toBeLessThanOrEqual(2 * 1024 * 1024)
      while (bytesLength(link.chunks) < 50 * longest) {
        const before = paused
        link.call('resume', ({ resume }) => resume.call(link.link))
        await link.until('more', () => paused > before)
      }
      expect(bytesOf(link.chunks).byteLength).toBe(50 * longest)
    }))

  it('has its listeners ready for a peer that leaves before anybody attaches', () =>
    play(setup, async ({ pair }) => {
      const { link, peer } = await pair()
      peer.reset()
      await untilPeer(peer, 'the reset', () => peer.ended !== undefined)
      await quiet()
      link.read()
      // A reset that came before anybody read may look like an end: some systems, and TLS, keep no more of it.
      await link.until('the end', () => link.ends + link.closes.length > 0)
      link.call('end', (open) => open.end())
      await link.until('the close', () => link.closes.length === 1)
      expect(link.breaches).toEqual([])
    }))
}

function bytesLength(chunks: readonly (string | Uint8Array)[]): number {
  return chunks.reduce(
    (sum, chunk) => sum + (typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength),
    0,
  )
}

/** A few turns in which the network may do what it wants to: to see that something does not happen. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 4))
}
