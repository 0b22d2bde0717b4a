import { type MemoryPeer, type MemoryTransport, memory } from '@mudwire/core/memory'
import { type RawPeer, transportConformance } from '../src/index.ts'

for (const shape of ['stream', 'message'] as const) {
  transportConformance({
    name: `memory, ${shape}`,
    capabilities: { shape, halfClose: shape === 'stream' },
    setup: () => {
      const transport: MemoryTransport = memory({ shape })
      return {
        transport,
        dial: async () => rawPeer(transport.dial()),
        connector: () => transport,
        rival: () => transport,
      }
    },
  })
}

function rawPeer(peer: MemoryPeer): RawPeer {
  const raw: RawPeer = {
    send: (data) => peer.send(data),
    end: () => peer.end(),
    close: () => peer.close(),
    reset: () => peer.reset(),
    pause: () => peer.stall(),
    resume: () => peer.unstall(),
    get unsent() {
      return peer.unsent
    },
    received: peer.chunks,
    onChange: undefined,
    get ended() {
      if (peer.closed) return { clean: peer.closed.kind === 'end' }
      return peer.ended ? { clean: true } : undefined
    },
  }
  peer.onChange = () => raw.onChange?.()
  return raw
}
