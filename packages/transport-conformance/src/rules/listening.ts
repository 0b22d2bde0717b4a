import { expect, it } from 'vitest'
import type { ConformanceOptions, RawPeer } from '../fixture.ts'
import { Reception, untilPeer } from '../hearing.ts'
import { play } from '../scene.ts'

/** What a transport owes of its listeners. */
export function listeningRules({ setup }: ConformanceOptions): void {
  it('says where it listens, with real ports', () =>
    play(setup, async ({ reception, address, pair }) => {
      if (address.family !== 'unix') expect(address.port).not.toBe(0)
      const { link } = await pair()
      const { local, remote } = link.link
      expect(local.port ?? address.port).toBe(address.port)
      expect(local.family).toBe(remote.family)
      expect(reception.admitted).toEqual([remote])
      expect(link.link.facts.secure).toBeTypeOf('boolean')
    }))

  it('drops who is not admitted, and goes on', () =>
    play(setup, async ({ fixture, reception, address, pair }) => {
      reception.admits = false
      const refused = await fixture.dial(address).then(
        (peer) => untilPeer(peer, 'the refused peer to be dropped', () => peer.ended !== undefined),
        () => {},
      )
      expect(refused).toBeUndefined()
      expect(reception.links).toHaveLength(0)
      reception.admits = true
      await pair()
    }))

  it('rejects where the address is taken', () =>
    play(setup, async ({ fixture, address }) => {
      const rival = fixture.rival?.(address)
      if (!rival) return
      await expect(rival.listen?.(new Reception(), {})).rejects.toMatchObject({ code: 'EADDRINUSE' })
    }))

  it('may be stopped before it listens', async () => {
    const fixture = await setup()
    const listening = fixture.transport.listen?.(new Reception(), {
      signal: AbortSignal.abort(new Error('stop')),
    })
    await expect(listening).rejects.toThrow('stop')
    await fixture.close?.()
  })

  it('accepts hundreds at a time', () =>
    play(setup, async ({ fixture, reception, address }) => {
      const dialling = Array.from({ length: 200 }, () => fixture.dial(address))
      const peers = await Promise.all(dialling)
      await reception.until('200 links', () => reception.links.length === 200)
      for (const link of reception.links) link.abort()
      for (const peer of peers) peer.reset()
    }))

  it('closes once, and leaves the links that it gave away', () =>
    play(setup, async ({ fixture, reception, address, pair }) => {
      const { link, peer } = await pair()
      link.read()
      reception.listening?.close()
      reception.listening?.close()
      await reception.until('the close', () => reception.closes.length > 0)
      peer.send('still here')
      await link.until('what was sent after the close', () => link.text === 'still here')
      const late: RawPeer | undefined = await fixture.dial(address).catch(() => undefined)
      if (late) await untilPeer(late, 'the late peer to be turned away', () => late.ended !== undefined)
      expect(reception.links).toHaveLength(0)
      expect(reception.closes).toMatchObject([{ by: 'local', kind: 'end' }])
    }))

  it('leaves nothing behind after many links', () =>
    play(setup, async ({ pair }) => {
      const one = await pair()
      await finish(one)
      await settled()
      const before = process.getActiveResourcesInfo().length
      for (let round = 0; round < 100; round += 1) await finish(await pair())
      await settled()
      expect(process.getActiveResourcesInfo().length - before).toBeLessThan(20)
    }))

  type Pair = Awaited<ReturnType<Parameters<Parameters<typeof play>[1]>[0]['pair']>>

  async function finish({ link, peer }: Pair): Promise<void> {
    link.read()
    peer.close()
    await link.until('the close', () => link.closes.length > 0 || link.ends > 0)
    link.call('end', (ended) => ended.end())
    await link.until('the close', () => link.closes.length > 0)
  }

  /** Lets handles that are closing be gone. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
}
