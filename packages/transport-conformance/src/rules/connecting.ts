import { expect, it } from 'vitest'
import type { ConformanceOptions } from '../fixture.ts'
import { Hearing } from '../hearing.ts'
import { play } from '../scene.ts'

/** What a transport owes that connects as well. */
export function connectingRules({ setup }: ConformanceOptions): void {
  it('connects to its own listener, and both ends are links alike', () =>
    play(setup, async ({ fixture, reception, address }) => {
      const connector = fixture.connector?.(address)
      if (!connector) return
      const near = new Hearing((await connector.connect?.({})) as Hearing['link'])
      const far = await reception.next()
      expect(near.link.remote).toEqual(far.link.local)
      expect(near.link.local).toEqual(far.link.remote)
      near.read()
      far.read()
      near.call('write', (link) => link.write('hello'))
      await far.until('the greeting', () => far.text === 'hello')
      far.call('write', (link) => link.write('hello yourself'))
      await near.until('the answer', () => near.text === 'hello yourself')
      near.call('end', (link) => link.end())
      far.call('end', (link) => link.end())
      await near.until('the close', () => near.closes.length === 1)
      await far.until('the close', () => far.closes.length === 1)
      expect([...near.breaches, ...far.breaches]).toEqual([])
    }))

  it('rejects where nobody listens, and where it is stopped', () =>
    play(setup, async ({ fixture, reception, address }) => {
      const connector = fixture.connector?.(address)
      if (!connector) return
      const stopped = connector.connect?.({ signal: AbortSignal.abort(new Error('stop')) })
      await expect(stopped).rejects.toThrow('stop')
      reception.listening?.close()
      await reception.until('the close', () => reception.closes.length === 1)
      await expect(connector.connect?.({})).rejects.toThrow()
    }))
}
