import { MessageChannel } from 'node:worker_threads'
import { transportConformance } from '@mudwire/transport-conformance'
import { ports } from '../src/ports.ts'
import { dialPort } from './raw-port.ts'

transportConformance({
  name: 'ports',
  capabilities: { shape: 'stream', halfClose: true },
  setup() {
    const { port1: inside, port2: outside } = new MessageChannel()
    return {
      transport: ports({ door: inside }),
      dial: () => dialPort(outside),
      connector: () => ports({ door: outside }),
      close: async () => outside.close(),
    }
  },
})
