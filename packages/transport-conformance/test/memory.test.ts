import { transportConformance } from '../src/index.ts'
import { memoryDatagrams, memoryFixture } from './support/memory-fixture.ts'

for (const shape of ['stream', 'message'] as const) {
  transportConformance({
    name: `memory, ${shape}`,
    capabilities: {
      shape,
      halfClose: shape === 'stream',
      signals: [
        { name: 'windowSize', payload: { columns: 80, rows: 24 } },
        { name: 'bell', payload: undefined },
      ],
    },
    setup: () => memoryFixture({ shape }),
  })
}

transportConformance({
  name: 'memory, datagrams',
  capabilities: { datagram: true },
  setup: memoryDatagrams,
})
