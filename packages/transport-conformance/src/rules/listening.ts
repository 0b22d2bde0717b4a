import { getEventListeners } from 'node:events'
import { expect } from 'vitest'
import type { RawPeer } from '../fixture.ts'
import type { LinkRule, Scene } from '../scene.ts'

const HUNDREDS = 200

/** What a transport owes of its listeners. */
export const listeningRules: readonly LinkRule[] = [
  {
    name: 'says where it listens, and its links say who is at either end',
    async run(scene) {
      const { reception, address } = await scene.listen()
      if (address.family !== 'unix') expect(address.port).not.toBe(0)
      const { link } = await scene.pair()
      const { local, remote, facts, encoding, stickySignals } = link.link
      expect(local.port ?? address.port).toBe(address.port)
      expect(remote.family).toBe(local.family)
      expect(reception.admitted).toEqual([remote])
      expect(facts.secure).toBe(scene.capabilities.secure ?? false)
      expect(encoding).not.toBe('')
      expect(link.link.shape).toBe(scene.capabilities.shape)
      // A layer may have something to say before anybody writes.
      await scene.until('nothing to be left unsent', () => link.link.buffered === 0)
      expect(link.link.halfClose).toBe(scene.capabilities.halfClose)
      if (stickySignals) expect(stickySignals.has('no such signal')).toBe(false)
    },
  },
  {
    name: 'drops who is not admitted, and goes on',
    async run(scene) {
      const { reception } = await scene.listen()
      reception.admits = false
      const refused: RawPeer | undefined = await scene.dial().catch(() => undefined)
      if (refused) await scene.until('the refused peer to be dropped', () => refused.ended !== undefined)
      expect(reception.admitted).toHaveLength(1)
      reception.admits = true
      await scene.pair()
      expect(reception.links).toHaveLength(0)
    },
  },
  {
    name: 'rejects where the address is taken',
    async run(scene) {
      const { address } = await scene.listen()
      const rival = scene.fixture.rival?.(address) ?? scene.skip('the transport has no address of its own')
      await expect(rival.listen?.(scene.reception(), {})).rejects.toMatchObject({ code: 'EADDRINUSE' })
    },
  },
  {
    name: 'rejects when it is stopped before it listens',
    async run(scene) {
      const signal = AbortSignal.abort(new Error('stop'))
      await expect(scene.fixture.transport.listen?.(scene.reception(), { signal })).rejects.toThrow('stop')
    },
  },
  {
    name: 'is done with its signal once it listens',
    async run(scene) {
      const controller = new AbortController()
      const { reception, listening } = await scene.listen(controller.signal)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
      controller.abort(new Error('too late'))
      await scene.pair()
      expect(reception.closes).toEqual([])
      listening.close()
      await scene.until('the close', () => reception.closes.length > 0)
    },
  },
  {
    name: 'accepts hundreds at a time, and mixes none of them up',
    async run(scene) {
      const peers = await Promise.all(Array.from({ length: HUNDREDS }, () => scene.dial()))
      for (let count = 0; count < HUNDREDS; count += 1) {
        const link = await scene.arrival()
        link.onData = (chunk) => queueMicrotask(() => link.write(chunk))
        link.read()
      }
      for (const [index, peer] of peers.entries()) peer.send(`peer ${index}.`)
      await scene.until('an answer for everybody', () => peers.every((peer) => endsWith(peer, '.')))
      expect(peers.map(received)).toEqual(peers.map((_, index) => `peer ${index}.`))
    },
  },
  {
    name: 'holds back or turns away who comes while it is paused, and goes on afterwards',
    async run(scene) {
      const { reception, listening } = await scene.listen()
      const { link, peer } = await scene.pair()
      link.read()
      await scene.settle()
      listening.pause()
      listening.pause()
      const dialling = Array.from({ length: 5 }, () => scene.dial().catch(() => undefined))
      peer.send('still served')
      await scene.until('those who are served to be served', () => link.text === 'still served')
      await scene.settle()
      listening.resume()
      listening.resume()
      const late = await scene.dial()
      late.send('late')
      const peers = (await Promise.all(dialling)).filter((waiting) => waiting !== undefined)
      // Who got through and is turned away hears of it; everybody else is served.
      const served = (): number => reception.links.length + peers.filter(({ ended }) => ended).length
      await scene.until('everybody who came', () => served() === peers.length + 1)
      const links = reception.links.splice(0).map((waiting) => scene.check(waiting).read())
      await scene.until('the late one', () => links.some(({ text }) => text === 'late'))
    },
  },
  {
    name: 'makes no handshake while it is paused',
    concerns: ({ handshake }) => handshake === true,
    async run(scene) {
      const { reception, listening } = await scene.listen()
      await scene.settle()
      listening.pause()
      const dialling = scene.dial().then(
        (peer) => peer.ended === undefined,
        () => false,
      )
      await scene.settle()
      expect(reception.links).toHaveLength(0)
      listening.resume()
      if (await dialling) await scene.arrival()
    },
  },
  {
    name: 'survives a handshake that fails',
    concerns: ({ handshake }) => handshake === true,
    async run(scene) {
      const { reception, address } = await scene.listen()
      const { fixture } = scene
      await scene.settle()
      const { botch } = fixture
      if (!botch) return scene.skip('the fixture has no client that spoils its handshake')
      await botch.call(fixture, address)
      await scene.settle()
      expect(reception.links).toHaveLength(0)
      expect(reception.closes).toHaveLength(0)
      await scene.pair()
    },
  },
  {
    name: 'closes once, and leaves the links that it gave away',
    async run(scene) {
      const { reception, listening } = await scene.listen()
      const pairs = [await scene.pair(), await scene.pair(), await scene.pair()]
      for (const { link } of pairs) link.read()
      listening.close()
      expect(reception.closes).toEqual([])
      listening.close()
      await scene.until('the close', () => reception.closes.length > 0)
      for (const { link, peer } of pairs) {
        peer.send('still here')
        await scene.until('what is sent after the close', () => link.text === 'still here')
        link.write('so am I')
        await scene.until('the answer', () => received(peer) === 'so am I')
      }
      await turnedAway(scene)
      listening.pause()
      listening.resume()
      expect(reception.links).toHaveLength(0)
      expect(reception.closes).toMatchObject([{ by: 'local', kind: 'end' }])
    },
  },
  {
    name: 'gives its address back when it is closed, whatever links are open',
    async run(scene) {
      const { reception, listening, address } = await scene.listen()
      const rival = scene.fixture.rival?.(address) ?? scene.skip('the transport has no address of its own')
      await scene.pair()
      listening.close()
      await scene.until('the close', () => reception.closes.length > 0)
      const heir = await rival.listen?.(scene.reception(), {})
      expect(heir?.addresses).toEqual([address])
      heir?.close()
    },
  },
]

/** Nobody listens any more: whoever comes is refused, or hears an end. */
async function turnedAway(scene: Scene): Promise<void> {
  const late: RawPeer | undefined = await scene.dial().catch(() => undefined)
  if (late) await scene.until('the late peer to be turned away', () => late.ended !== undefined)
}

function received(peer: RawPeer): string {
  return peer.received.map((chunk) => Buffer.from(chunk).toString()).join('')
}

function endsWith(peer: RawPeer, end: string): boolean {
  const last = peer.received.at(-1)
  return last !== undefined && Buffer.from(last).toString().endsWith(end)
}
