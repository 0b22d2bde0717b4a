import { getEventListeners } from 'node:events'
import type { Address } from '@mudwire/core'
import { expect } from 'vitest'
import type { CheckedLink } from '../checked-link.ts'
import type { LinkRule } from '../scene.ts'

/** What a transport owes that connects as well. */
export const connectingRules: readonly LinkRule[] = [
  {
    name: 'connects to its own listener, and both ends are links alike',
    async run(scene) {
      const { near, far } = await scene.join()
      expect(near.link.remote).toEqual(far.link.local)
      expect(near.link.local).toEqual(far.link.remote)
      const { shape, halfClose, encoding } = far.link
      expect(near.link).toMatchObject({ shape, halfClose, encoding })
      near.read()
      far.read()
      near.write('hello')
      await scene.until('the greeting', () => far.text === 'hello')
      far.write('hello yourself')
      await scene.until('the answer', () => near.text === 'hello yourself')
    },
  },
  {
    name: 'tells no other local address while it connects than its link has',
    async run(scene) {
      const connect = await scene.connector()
      const told: Address[] = []
      const near = await connect({ bound: (local) => told.push(local) })
      scene.check(near)
      if (told.length === 0) scene.skip('the transport does not know it before')
      expect(told).toEqual([near.local])
    },
  },
  {
    name: 'tells the other end apart when it ends and when it breaks off',
    async run(scene) {
      const { near, far } = await scene.join()
      near.read()
      far.read()
      near.end()
      await scene.until('the end', () => far.isOver)
      far.end()
      await scene.until('the far close', () => far.closes.length > 0)
      await scene.until('the near close', () => near.closes.length > 0)
      expect([...near.closes, ...far.closes]).toMatchObject([{ kind: 'end' }, { kind: 'end' }])
      if (scene.capabilities.resets === false) return

      const broken = await scene.join()
      broken.near.read().write('x')
      broken.far.read()
      await scene.until('a first byte', () => broken.far.size > 0)
      broken.near.abort()
      await scene.until('the break', () => broken.far.isOver)
      expect(broken.far.ends).toBe(0)
      // A transport may tell by its own number alone: a WebSocket that ends without a Close is 1006.
      expect(wording(broken.far)).not.toEqual(wording(far))
    },
  },
  {
    name: 'rejects where nobody listens',
    async run(scene) {
      const { reception, listening } = await scene.listen()
      const connect = await scene.connector()
      listening.close()
      await scene.until('the close', () => reception.closes.length > 0)
      await expect(connect()).rejects.toThrow(Error)
    },
  },
  {
    name: 'rejects when it is stopped before it connects',
    async run(scene) {
      const connect = await scene.connector()
      await expect(connect({ signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
    },
  },
  {
    name: 'leaves no connection when it is stopped on the way',
    async run(scene) {
      const { reception } = await scene.listen()
      const connect = await scene.connector()
      await scene.settle()
      const controller = new AbortController()
      const connecting = connect({ signal: controller.signal })
      controller.abort(new Error('stop'))
      const outcome = await connecting.catch((error: Error) => error)
      if (!(outcome instanceof Error)) return scene.skip('this transport connects at once')
      expect(outcome.message).toBe('stop')
      await scene.settle()
      const arrived = reception.links.splice(0).map((stray) => scene.check(stray).read())
      await scene.until('what arrived all the same to be closed', () => arrived.every(({ isOver }) => isOver))
    },
  },
  {
    name: 'is done with its signal once it has connected, or failed to',
    async run(scene) {
      const { reception, listening } = await scene.listen()
      const connect = await scene.connector()
      const controller = new AbortController()
      const { signal } = controller
      const near = scene.check(await connect({ signal })).read()
      const far = (await scene.arrival()).read()
      listening.close()
      await scene.until('the close', () => reception.closes.length > 0)
      await expect(connect({ signal })).rejects.toThrow(Error)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      controller.abort(new Error('too late'))
      far.write('still here')
      await scene.until('what is sent after the signal', () => near.text === 'still here')
    },
  },
]

function wording({ closes }: CheckedLink): readonly unknown[] {
  return closes.map(({ kind, wire }) => ({ kind, wire }))
}
