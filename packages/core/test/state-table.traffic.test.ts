import { expect } from 'vitest'
import { settle } from './support/setup.ts'
import { connecting, gone, handlersOf, playTable, unreachable } from './support/state-table.ts'

playTable({
  'the link opens': {
    async connecting(scene) {
      scene.socket.write('written before')
      const peer = scene.bench.network.answer()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('open')
      expect(peer.text).toBe('written before')
    },
    open: unreachable('a link opens once'),
    async 'on offer'() {
      const scene = connecting()
      await settle(scene.bench)
      scene.result = scene.socket.offer(scene.target.ref)
      scene.peer = scene.bench.network.answer()
      scene.peer.send('held\n')
      await settle(scene.bench)
      expect(scene.socket.state).toBe('open')
      expect(scene.offer?.state).toBe('open')
      expect(scene.log).toEqual([])
    },
    closing: unreachable(
      'a connecting socket that is closed is closed at once: there is nothing to flush into',
    ),
    async closed() {
      const scene = connecting()
      await settle(scene.bench)
      const { network } = scene.bench
      let late: ((value: never) => void) | undefined
      const slow = { name: 'slow', connect: () => new Promise<never>((resolve) => (late = resolve)) }
      const socket = scene.owner.connect(slow)
      await settle(scene.bench)
      socket.close()
      const calls: string[] = []
      late?.({ abort: () => calls.push('abort') } as never)
      await settle(scene.bench)
      expect(calls).toEqual(['abort'])
      expect(network.calling).toBe(1)
    },
  },
  'write and signal by the owner': {
    async connecting(scene) {
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
      const peer = scene.bench.network.answer()
      await settle(scene.bench)
      expect(peer.text).toBe(`a${'b'.repeat(99)}`)
    },
    open(scene) {
      scene.peer.stall()
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.writable).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(true)
      scene.peer.unstall()
      expect(scene.peer.text).toBe(`a${'b'.repeat(99)}`)
      expect(scene.peer.signals).toEqual([{ name: 'bell', payload: undefined }])
    },
    'on offer'(scene) {
      scene.peer.stall()
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(true)
      scene.peer.unstall()
      expect(scene.peer.text).toBe(`a${'b'.repeat(99)}`)
    },
    async closing(scene) {
      expect(scene.socket.write('late')).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('farewell')
    },
    closed(scene) {
      expect(scene.socket.write('late')).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
    },
  },
  'a write past the hard limit': {
    async connecting(scene) {
      expect(scene.socket.write('x'.repeat(1_001))).toBe(false)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    async open(scene) {
      scene.peer.stall()
      expect(scene.socket.write('x'.repeat(1_000))).toBe(false)
      expect(scene.socket.write('x')).toBe(false)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    async 'on offer'(scene) {
      scene.peer.stall()
      expect(scene.socket.write('x'.repeat(1_001))).toBe(false)
      expect(await scene.result).toMatchObject(gone)
      expect(scene.offer?.state).toBe('closed')
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    closing: unreachable('a closing socket takes no write'),
    closed: unreachable('a closed socket takes no write'),
  },
  'close by the owner': {
    async connecting(scene) {
      scene.socket.close()
      expect(scene.socket.state).toBe('closed')
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EEBADF' })
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async open(scene) {
      const reasons: unknown[] = []
      scene.socket.handle({ line: () => {}, close: (reason) => reasons.push(reason) })
      scene.socket.pause()
      scene.peer.send('never read')
      scene.socket.write('bye')
      scene.socket.resume()
      scene.socket.close({ code: 'quit' })
      expect(scene.socket.state).toBe('closing')
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.peer.ended).toBe(true)
      expect(reasons).toEqual([{ by: 'local', kind: 'end', code: 'quit' }])
    },
    async 'on offer'(scene) {
      scene.socket.write('bye')
      scene.socket.close()
      expect(await scene.result).toMatchObject(gone)
      expect(scene.offer?.state).toBe('closed')
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async closing(scene) {
      scene.socket.close({ code: 'again' })
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async closed(scene) {
      scene.socket.close()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'data or a signal arrives': {
    connecting: unreachable('nothing arrives before the link is there'),
    async open(scene) {
      scene.peer.send('one\ntw')
      scene.peer.signal('windowSize', { columns: 80, rows: 24 })
      scene.peer.send('o\n')
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: line one', 'owner: line two'])
    },
    async 'on offer'(scene) {
      scene.peer.send('one\ntw')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
      scene.offer?.acquire(handlersOf(scene.log, 'target'))
      await settle(scene.bench)
      scene.peer.send('o\n')
      expect(scene.log).toEqual(['target: line one', 'target: line two'])
    },
    async closing(scene) {
      scene.peer.send('late\n')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
    async closed(scene) {
      scene.peer.send('late\n')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
})
