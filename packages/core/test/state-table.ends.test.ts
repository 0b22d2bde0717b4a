import { expect } from 'vitest'
import { settle, setUp } from './support/setup.ts'
import { gone, handlersOf, open, playTable, unreachable } from './support/state-table.ts'

playTable({
  "the peer's end or clean close": {
    connecting: unreachable('nothing arrives before the link is there'),
    async open() {
      const one = await open()
      one.peer.send('last\nhalf')
      one.peer.end()
      expect(one.log).toEqual(['owner: line last', 'owner: line half'])
      expect(one.socket.state).toBe('closing')
      await settle(one.bench)
      expect(one.log[2]).toBe('owner: close remote end end')
      const two = await open()
      two.peer.send('last\n')
      two.peer.close({ code: 'bye' })
      await settle(two.bench)
      expect(two.log).toEqual(['owner: line last', 'owner: close remote end bye'])
      expect(two.socket.state).toBe('closed')
    },
    async 'on offer'(scene) {
      scene.socket.withdraw()
      scene.peer.burst([])
      const log: string[] = []
      scene.socket.pause()
      scene.result = scene.socket.offer(scene.target.ref)
      scene.peer.send('one\ntwo\nthree\n')
      scene.peer.close()
      await settle(scene.bench)
      expect(scene.offer?.state).toBe('open')
      scene.offer?.acquire(handlersOf(log, 'target'))
      await settle(scene.bench)
      expect(log).toEqual([
        'target: line one',
        'target: line two',
        'target: line three',
        'target: close remote end end',
      ])
      expect(scene.log).toEqual([])
    },
    async closing(scene) {
      scene.peer.close()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toHaveLength(1)
    },
    async closed(scene) {
      scene.peer.end()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'an unclean close': {
    async connecting(scene) {
      scene.bench.network.refuse()
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EECONNREFUSED' })
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual(['owner: close transport error connect-failed'])
    },
    async open(scene) {
      const unread: unknown[] = []
      scene.socket.handle({ line: () => {}, close: (reason) => unread.push(reason.unread) })
      scene.peer.send('half a line')
      scene.peer.reset()
      expect(scene.socket.state).toBe('closed')
      expect(unread).toEqual([])
      await settle(scene.bench)
      expect(unread).toEqual([11])
    },
    async 'on offer'(scene) {
      scene.peer.reset()
      expect(await scene.result).toMatchObject(gone)
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close remote abort reset'])
    },
    async closing(scene) {
      scene.peer.reset()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual(['owner: close local abort reset'])
    },
    async closed(scene) {
      scene.peer.reset()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'a drain': {
    connecting: unreachable('there is no link to drain'),
    async open(scene) {
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.peer.unstall()
      expect(scene.log).toEqual([])
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain'])
    },
    async 'on offer'(scene) {
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.peer.unstall()
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain'])
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.offer?.acquire(handlersOf(scene.log, 'target'))
      scene.peer.unstall()
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain', 'target: drain'])
    },
    async closing(scene) {
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.log.filter((entry) => entry.includes('drain'))).toEqual([])
    },
    closed: unreachable('a closed link drains no more'),
  },
  'the owner is destroyed': {
    async connecting(scene) {
      scene.owner.destroy()
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EEBADF' })
      await settle(scene.bench)
      expect(scene.socket.state).toBe('revoked')
      expect(scene.bench.network.calling).toBe(0)
      expect(scene.log).toEqual([])
    },
    async open() {
      const scene = await open()
      scene.socket.write('bye')
      scene.owner.destroy()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.peer.closed?.code).toBe('owner-destroyed')
      expect(scene.log).toEqual([])
      // With an heir it is handed on, held input and all.
      const bench = setUp()
      const log: string[] = []
      const heir = bench.driver.owner('heir', {
        offered(offer) {
          log.push(JSON.stringify(offer.message))
          if (offer.kind === 'stream') offer.acquire(handlersOf(log, 'heir'))
        },
      })
      const owner = bench.driver.owner('owner', { heir: heir.ref })
      owner.connect(bench.network, handlersOf(log, 'owner'))
      await settle(bench)
      const peer = bench.network.answer()
      await settle(bench)
      peer.send('half')
      owner.destroy()
      peer.send(' a line\n')
      await settle(bench)
      expect(log).toEqual(['{"inherited":true}', 'heir: line half a line'])
    },
    async 'on offer'(scene) {
      scene.owner.destroy()
      expect(await scene.result).toEqual({ ...gone, reason: 'owner-destroyed' })
      expect(scene.offer?.acquire()).toBeUndefined()
      await settle(scene.bench)
      expect(scene.peer.closed?.code).toBe('owner-destroyed')
      expect(scene.log).toEqual([])
    },
    async closing(scene) {
      scene.owner.destroy()
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('farewell')
      expect(scene.peer.ended).toBe(true)
      expect(scene.log).toEqual([])
    },
    closed: (scene) => {
      scene.owner.destroy()
      expect(scene.socket.state).toBe('closed')
    },
  },
})
