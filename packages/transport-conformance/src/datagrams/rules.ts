import { getEventListeners } from 'node:events'
import { expect } from 'vitest'
import { numbered } from '../bytes.ts'
import { counting, noneLeft } from '../census.ts'
import type { Rule } from '../rule.ts'
import type { DatagramScene } from './datagram-scene.ts'
import type { DatagramCapabilities } from './fixture.ts'

type DatagramRule = Rule<DatagramScene, DatagramCapabilities>

const SOME = 20
const BATCH = 25
const BATCHES = 40

/** What a transport owes of its datagram sockets. */
export const bindingRules: readonly DatagramRule[] = [
  {
    name: 'says where it is bound',
    async run(scene) {
      const [one, two] = [await scene.bind(), await scene.bind()]
      expect(one.link.local.address).not.toBe('')
      expect(one.link.local.port).not.toBe(0)
      expect(one.link.local).not.toEqual(two.link.local)
    },
  },
  {
    name: 'rejects where the address is taken',
    async run(scene) {
      const { local } = (await scene.bind()).link
      await expect(scene.bindOver(scene.rival(local))).rejects.toMatchObject({ code: 'EADDRINUSE' })
    },
  },
  {
    name: 'gives its address back when it is closed',
    async run(scene) {
      const one = (await scene.bind()).attach()
      const { local } = one.link
      const rival = scene.rival(local)
      one.close()
      await scene.eventually('the close', () => one.closes.length > 0)
      expect(scene.check(await scene.bindOver(rival)).link.local).toEqual(local)
    },
  },
  {
    name: 'rejects when it is stopped before it binds',
    async run(scene) {
      await expect(scene.bind({ signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
    },
  },
  {
    name: 'is done with its signal once it is bound',
    async run(scene) {
      const controller = new AbortController()
      const link = (await scene.bind({ signal: controller.signal })).attach()
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
      controller.abort(new Error('too late'))
      await scene.settle()
      expect(link.closes).toEqual([])
    },
  },
  {
    name: 'leaves nothing behind after 1,000 sockets',
    run: (scene) =>
      counting([], async (counter) => {
        await liveAndDie(scene)
        const before = counter.count()
        for (let batch = 0; batch < BATCHES; batch += 1) await liveAndDie(scene)
        await noneLeft(scene, 'of 1,000 sockets', before, counter)
      }),
  },
]

/** What a datagram socket owes of the datagrams. */
export const datagramRules: readonly DatagramRule[] = [
  {
    name: 'carries datagrams whole, the empty ones too, and says who sent them',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      const { largest = 64 * 1024 } = scene.capabilities
      const sizes = [1, 0, 1_000, 0, largest]
      for (const [index, size] of sizes.entries()) {
        peer.send(numbered(size), link.link.local)
        await scene.eventually('a datagram', () => link.received.length > index)
        expect(link.send(numbered(size), peer.address)).toBe(true)
        await scene.eventually('an answer', () => peer.received.length > index)
      }
      const whole = sizes.map((size) => Buffer.from(numbered(size)))
      expect(link.received.map(({ bytes }) => Buffer.from(bytes))).toEqual(whole)
      expect(peer.received.map(({ bytes }) => Buffer.from(bytes))).toEqual(whole)
      expect(link.received.map(({ from }) => from)).toEqual(sizes.map(() => peer.address))
      expect(peer.received.map(({ from }) => from)).toEqual(sizes.map(() => link.link.local))
    },
  },
  {
    name: 'keeps the order of a sender',
    concerns: ({ ordered = true }) => ordered,
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      for (let index = 0; index < SOME; index += 1) {
        peer.send(Uint8Array.of(index), link.link.local)
        link.send(Uint8Array.of(index), peer.address)
      }
      await scene.eventually('every datagram', () => link.received.length >= SOME)
      await scene.eventually('every answer', () => peer.received.length >= SOME)
      const order = Array.from({ length: SOME }, (_, index) => index)
      expect(link.received.map(({ bytes }) => bytes[0])).toEqual(order)
      expect(peer.received.map(({ bytes }) => bytes[0])).toEqual(order)
    },
  },
  {
    name: 'tells many senders apart',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peers = await Promise.all(Array.from({ length: SOME }, () => scene.dial()))
      for (const [index, peer] of peers.entries()) peer.send(Uint8Array.of(index), link.link.local)
      await scene.eventually('everybody', () => link.received.length >= SOME)
      for (const { bytes, from } of link.received) link.send(bytes, from)
      await scene.eventually('an answer for everybody', () => peers.every((peer) => peer.received.length > 0))
      expect(peers.map(({ received }) => received[0]?.bytes[0])).toEqual(peers.map((_, index) => index))
    },
  },
  {
    name: 'gives its datagrams away: what comes later changes none of them',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      for (let index = 0; index < SOME; index += 1) {
        peer.send(numbered(1_000).fill(index, 500), link.link.local)
        await scene.eventually('a datagram', () => link.received.length > index)
      }
      for (const { bytes, copy } of link.received) expect(Buffer.compare(bytes, copy)).toBe(0)
    },
  },
  {
    name: 'says no to what it cannot send, and lives on',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      expect(link.send(numbered(8), { family: 'smoke', address: 'over the hills' })).toBe(false)
      const { largest } = scene.capabilities
      if (largest !== undefined) expect(link.send(new Uint8Array(largest + 1), peer.address)).toBe(false)
      const gone = await scene.bind()
      gone.close()
      // It may be lost on its way; nobody is there to say so.
      link.send(numbered(8), gone.link.local)
      await scene.settle()
      link.send(numbered(8), peer.address)
      await scene.eventually('what can be sent', () => peer.received.length > 0)
      expect(peer.received).toHaveLength(1)
      expect(link.closes).toEqual([])
    },
  },
  {
    name: 'delivers what it sends to itself on a later turn',
    async run(scene) {
      const link = (await scene.bind()).attach()
      link.send(numbered(8), link.link.local)
      await scene.eventually('the datagram', () => link.received.length > 0)
      expect(link.received[0]?.from).toEqual(link.link.local)
    },
  },
  {
    name: 'closes behind what it has sent, and tells of it once',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      for (let index = 0; index < SOME; index += 1) link.send(Uint8Array.of(index), peer.address)
      link.close()
      link.close()
      await scene.eventually('the close', () => link.closes.length > 0)
      await scene.eventually('everything', () => peer.received.length >= SOME)
      await scene.settle()
      expect(link.closes).toMatchObject([{ by: 'local', kind: 'end' }])
    },
  },
  {
    name: 'is inert once it is closed: it sends nothing, and hears nothing',
    async run(scene) {
      const link = (await scene.bind()).attach()
      const peer = await scene.dial()
      peer.send(numbered(8), link.link.local)
      link.close()
      const heard = link.received.length
      expect(link.send(numbered(8), peer.address)).toBe(false)
      await scene.eventually('the close', () => link.closes.length > 0)
      expect(link.send(numbered(8), peer.address)).toBe(false)
      peer.send(numbered(8), link.link.local)
      link.close()
      await scene.settle()
      expect(peer.received).toEqual([])
      expect(link.received).toHaveLength(heard)
      expect(link.closes).toHaveLength(1)
    },
  },
  {
    name: 'tells of its close whoever attaches later',
    async run(scene) {
      const link = await scene.bind()
      link.close()
      await scene.settle()
      link.attach()
      await scene.eventually('the close', () => link.closes.length > 0)
    },
  },
]

async function liveAndDie(scene: DatagramScene): Promise<void> {
  const links = await Promise.all(Array.from({ length: BATCH }, () => scene.bind()))
  for (const link of links) {
    link.attach()
    link.send(numbered(8), link.link.local)
    link.close()
  }
  await scene.eventually('every close', () => links.every(({ closes }) => closes.length > 0))
}
